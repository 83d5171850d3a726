"""The picker of a comparison: what a search found is said as it is, with what to do about it."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components.url_widgets import escape_markdown
from observatory.workspace import Workspace

MILITARY = "military_expenditure_usd"
EIGHT = "~".join(f"{MILITARY}.{geo}" for geo in ("FRA", "DEU", "GBR", "ITA", "USA", "CAN", "CHN", "BRA"))


def page(series: str, lang: str) -> None:
    """The script of the page alone."""
    from observatory import workspace
    from observatory.pages import compare
    from observatory.selection import Selection

    compare.show(workspace.get_workspace().get_outlook(), Selection(lang=lang, series=series), {})


def sentence(series: str, query: str, lang: str) -> tuple[str, AppTest]:
    app = AppTest.from_function(page, default_timeout=600, kwargs={"series": series, "lang": lang})
    app.run()
    app.text_input(key="find").set_value(query).run()
    assert not app.exception
    return " ".join(row.value for row in app.text), app


@pytest.mark.slow
def test_a_search_says_what_to_do_with_what_it_found(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, localizer: Localizer, outlook: Outlook
) -> None:
    """Chips offer what was found; else a sentence says that the comparison is full, or has the series already."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    lang = localizer.language
    words, app = sentence(f"{MILITARY}.FRA", "military_expenditure_usd DEU", lang)
    assert not words
    assert app.pills(key="found").label == localizer.plural("compare.found", 1)
    assert len(app.pills(key="found").options) == 1
    words, app = sentence(f"{MILITARY}.FRA", "a", lang)
    assert len(app.pills(key="found").options) == 8, "a long list says how many it leaves out"
    assert words.endswith(localizer.plural("compare.found.more", 2).split(" ", 2)[2])
    words, _app = sentence(f"{MILITARY}.FRA", "military_expenditure_usd FRA", lang)
    assert words == localizer.text("compare.found.there")
    words, app = sentence(EIGHT, "military_expenditure_usd JPN", lang)
    assert words == localizer.plural("compare.found.full", 1, most=8)
    tags = [app.multiselect(key="w_series").options[place] for place in range(8)]
    places = [outlook.catalogue.geographies[code.split(".")[1]] for code in EIGHT.split("~")]
    assert [tag.split(" \u00b7 ")[0] for tag in tags] == [localizer.field_text(row, "short") for row in places]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Aluminium, cours mondial", "Aluminium, cours mondial"),
        ("Taux de change\u00a0: 2,5 % d'or (US/Canada)", "Taux de change\u00a0: 2,5 % d'or (US/Canada)"),
        ("a *b* :red[c] -> d", r"a \*b\* \:red\[c\] \-\> d"),
        ("1. http://x www.y.fr - z", r"1\. http\://x www\.y\.fr \- z"),
    ],
)
def test_a_label_escapes_marks_and_nothing_else(title: str, label: str) -> None:
    """A label is also what a screen reader says of a field: no backslash before what is no mark."""
    assert escape_markdown(title) == label
