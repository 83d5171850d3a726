"""Every number of five pages is explained one click away: which inputs, which edition, by which formula."""

import re
import sys
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from observatory.briefs.figures.disclosure import edition_text
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.pages.components import mix_fragment
from observatory.workspace import Workspace

PAGES = ("compare", "countries", "purchasing", "radar", "portfolio")
BARE = ("fig_mix", "fig_absent")  # what the reader typed; words alone
IN_SHEETS = {  # of these pages the folds of all blocks stand in the sheets at their end
    "purchasing": ("fig_main", "fig_inputs", "fig_threshold", "fig_timing"),
}
SHEET = re.compile(r'<h3>(.*?)</h3>.*?<dl class="o-reading">(.*?)</dl>', re.DOTALL)
FOLD = re.compile(r'<details class="o-more"><summary>([^<]*)</summary><dl class="o-reading">(.*?)</dl>', re.DOTALL)
TERM = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)


def page(name: str, lang: str) -> None:
    """The script of a page alone."""
    from observatory import workspace
    from observatory.pages.registry import find_show
    from observatory.selection import Selection

    find_show(name)(
        workspace.get_workspace().get_outlook(), Selection(lang=lang), {"compare": "https://example.org/compare"}
    )


def blocks(node: Any, inside: str = "") -> Iterator[tuple[str, str]]:
    """Every piece of HTML with the container that it stands in ("" for the page itself)."""
    for child in node.children.values():
        if hasattr(child, "children"):
            key = re.sub(r"^\$\$ID-[0-9a-f]+-", "", getattr(child.proto, "id", ""))
            yield from blocks(child, key if key.startswith("fig_") else inside)
        elif child.type == "html":
            yield inside, child.proto.body


def _parts_of_sheet(body: str, localizer: Localizer) -> Iterator[tuple[str, str]]:
    """The parts of a page that has one sheet for all of them, each as a fold of its own."""
    sheet = body[body.index('<details class="o-sheet">') :]
    for title, terms in SHEET.findall(sheet[: sheet.index("</details>")]):
        summary = localizer.text("how")
        yield title, f'<details class="o-more"><summary>{summary}</summary><dl class="o-reading">{terms}</dl></details>'


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_every_block_says_how_it_is_computed(
    name: str, localizer: Localizer, outlook: Outlook, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence, each table and each chart have a fold that names series or markets, the edition and a formula."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setattr("observatory.pages.portfolio.files.show", lambda *_given: None)  # its links need an address
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    app = AppTest.from_function(page, default_timeout=600, kwargs={"name": name, "lang": localizer.language})
    if name == "portfolio":
        app.session_state[mix_fragment.MIX_KEY] = Mix({"helicopters": 60, "space": 40})
    if name == "compare":
        app.session_state["sheet_small_0"] = True  # what is folded is sent once it is open
    app.run()
    assert not app.exception
    assert not app.text
    found: dict[str, str] = {}
    for key, body in blocks(app.main):
        found[key] = found.get(key, "") + unescape(body)
    assert len(found) > 4
    if name == "portfolio":
        found = {f"fig_{title}": f for title, f in _parts_of_sheet(" ".join(found.values()), localizer)}
        assert len(found) == 5
    nouns = outlook.catalogue.segments.values() if name == "portfolio" else outlook.catalogue.indicators.values()
    titles = [localizer.field_text(row, "title") for row in nouns]
    for key, body in found.items():
        if key in (*BARE, *IN_SHEETS.get(name, ())):
            continue
        folds = [TERM.findall(terms) for summary, terms in FOLD.findall(body) if summary == localizer.text("how")]
        assert len(folds) >= (len(IN_SHEETS.get(name, ())) or 1), key
        for terms in folds:
            (first, inputs), (second, edition), *formulas = terms
            assert (first, second) == (localizer.text("how.inputs"), localizer.text("how.edition"))
            assert any(title in inputs for title in titles), (key, inputs)
            assert edition == edition_text(outlook, localizer)
            assert formulas, key
            assert all(len(text) > 20 for _term, text in formulas)
