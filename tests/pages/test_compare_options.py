"""The list of series of a comparison: whole while it is short, else what a search on the server leaves of it."""

import sys
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from observatory.language import Localizer
from observatory.pages import compare
from observatory.workspace import Workspace

CHOSEN = "military_expenditure_usd.FRA"


def page(series: str, lang: str) -> None:
    """The script of the page alone."""
    from observatory import workspace
    from observatory.pages import compare
    from observatory.selection import Selection

    compare.show(workspace.get_workspace().get_outlook(), Selection(lang=lang, series=series), {})


@pytest.fixture
def app(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, localizer: Localizer) -> AppTest:
    """The page with one series chosen, which is far from the first of the list."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    kwargs: dict[str, Any] = {"series": CHOSEN, "lang": localizer.language}
    return AppTest.from_function(page, default_timeout=600, kwargs=kwargs)


@pytest.mark.slow
def test_the_catalogue_of_today_is_listed_whole(app: AppTest, workspace: Workspace) -> None:
    """Every series is an option, and no sentence says otherwise."""
    app.run()
    assert len(app.multiselect(key="w_series").options) == len(workspace.get_outlook().panel)
    assert not app.text


@pytest.mark.slow
def test_a_long_list_is_narrowed_by_the_search(
    app: AppTest, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, localizer: Localizer
) -> None:
    """Beyond the limit the first fifty are options, and what is chosen; a search still finds every other series."""
    monkeypatch.setattr(compare, "_MAX_OPTIONS", 100)
    app.run()
    total = localizer.number(len(workspace.get_outlook().panel))
    options = app.multiselect(key="w_series").options
    assert len(options) == 51
    assert [row.value for row in app.text] == [localizer.plural("compare.pick.first", 50, total=total)]
    app.text_input(key="find").set_value("military_expenditure_usd").run()
    found = app.multiselect(key="w_series").options
    assert 1 < len(found) <= 100
    assert len(set(found) - set(options)) > 10
    assert not app.exception


def test_the_limit_is_of_what_matches() -> None:
    """As many matches as the limit are all listed; one more, and the first fifty are."""
    rows: Any = list(range(compare._MAX_OPTIONS + 1))
    assert compare.limit_options(rows[:-1]) == rows[:-1]
    assert compare.limit_options(rows) == rows[:50]
