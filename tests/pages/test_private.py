"""What a reader entered stays out of the log when the page fails, and out of whatever is kept between two runs."""

import gc
import logging
import sys
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.portfolio.model import BarTable, BarTableRow, NeighbourRow, NeighbourTable
from observatory.catalogue.models import Catalogue
from observatory.export.documents.portfolio import PORTFOLIO_FORMATS, build_portfolio_document
from observatory.export.documents.registry import DOCUMENTS
from observatory.export.formats import EXPORTS
from observatory.language import Localizer
from observatory.mix import Mix, parse_fragment
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, mix_fragment, share
from observatory.pages.portfolio import page as portfolio
from observatory.selection import Selection
from observatory.workspace import Workspace

MIX = Mix({"helicopters": 37, "space": 63}, 1_234_567)


def page() -> None:
    """The script of the page alone."""
    from observatory import workspace
    from observatory.pages.portfolio import page as portfolio
    from observatory.selection import Selection

    portfolio.show(workspace.get_workspace().get_outlook(), Selection(), {})


@pytest.fixture
def app(seeded_address: str, monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    # A run puts its script in the place of the program, which every process spawned later would then start with.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    return AppTest.from_function(page, default_timeout=600)


@pytest.mark.slow
def test_a_page_that_fails_says_where_and_not_what(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error whose message holds the reader's figures leaves a sentence, a reference and the places in the log."""

    def fail(_context: Context, mix: Mix) -> None:
        raise ValueError(f"turnover {mix.turnover}")

    monkeypatch.setattr(portfolio, "build_portfolio", fail)
    app.session_state[mix_fragment.MIX_KEY] = MIX
    with caplog.at_level(logging.DEBUG):
        app.run()
    assert "ValueError" in caplog.text
    assert "in fail" in caplog.text
    assert "1234567" not in caplog.text
    assert any("repère" in text.value for text in app.text)


@pytest.mark.slow
def test_what_was_left_out_of_a_link_is_said_beside_the_rest(
    app: AppTest, caplog: pytest.LogCaptureFixture, catalogue: Catalogue
) -> None:
    """A link with a share that cannot be read: the rest is used, a sentence names it, the log does not."""
    found = parse_fragment("mix=helicopters:37,space:6E&turnover=12E6&shock=2007-12", catalogue.markets)
    app.session_state[mix_fragment.MIX_KEY], app.session_state[mix_fragment.UNREAD_KEY] = found
    with caplog.at_level(logging.INFO):
        app.run()
    assert not app.exception
    sentence = " ".join(text.value for text in app.text).replace("\u00a0", " ")
    assert "Laissé de côté : la part de « Spatial » et le chiffre d\u2019affaires." in sentence
    assert [row.key for row in app.text_input if row.key.startswith("w_share_")] == ["w_share_helicopters"]
    assert "Spatial" not in caplog.text


@pytest.mark.slow
def test_nothing_keeps_a_mix_once_its_run_is_over(app: AppTest) -> None:
    """After a run and leaving the page, no object of the process holds the mix: it is in no cache."""
    marked = Mix({"helicopters": 37, "space": 63}, 7_654_321)
    app.session_state[mix_fragment.MIX_KEY] = marked
    app.run()
    assert not app.exception
    assert "7,65\u00a0M€" in " ".join(html.proto.body for html in app.get("html"))
    del app.session_state[mix_fragment.MIX_KEY]
    del app
    gc.collect()
    holders = [held for held in gc.get_objects() if isinstance(held, Mix) and held is not marked]
    assert not [held for held in holders if held.turnover == marked.turnover]
    assert share.get_qr_code.cache_info().currsize == 0


def test_the_browser_begins_with_what_was_entered(app: AppTest) -> None:
    """Each widget has its value as its default too: where the word that it was set is lost, nothing is entered anew."""
    app.session_state[mix_fragment.MIX_KEY] = replace(
        MIX,
        assumed_growth={"space": 4.5},
        shock_month="2007-12",
        transfer=("space", "drones"),
        knowhow=("machining", "tooling"),
    )
    for _ in range(2):  # the first run sets the values, the second says no more of them
        app.run()
        assert not app.exception
        numbers = {row.key: row.proto.default for row in app.text_input if row.proto.default}
        assert numbers == {
            "w_share_helicopters": "37",
            "w_share_space": "63",
            "w_turnover": "1\u202f234\u202f567",
            "w_own_space": "4,5",
        }
        lists = {row.key: row.proto.options[row.proto.default] for row in app.selectbox}
        assert set(lists) == {"w_take", "w_give"}
        assert "Spatial" in lists["w_take"] or "Space" in lists["w_take"]
        groups = {
            row.key: [row.proto.options[place].content for place in row.proto.default] for row in app.button_group
        }
        assert len(groups["w_markets"]) == 2
        assert groups["w_knowhow"] in (["Usinage", "Outillage"], ["Machining", "Tooling"])
        assert "2008" in groups["w_shock"][0]


def test_the_screen_of_a_mix_is_kept_nowhere(
    outlook: Outlook, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A meeting shows the mix that it is given, made anew each time; the other screens are the same with any mix."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    own = Selection(mode="meeting", screens="o.p.t", screen=2)
    before = brief_cache.count_cached("meeting")
    shown = brief_cache.get_meeting_screen(outlook, own, MIX)
    assert [share for _name, share in shown.mix_shares] == [0.63, 0.37]
    assert shown.bars is not None
    assert brief_cache.get_meeting_screen(outlook, own, Mix({"drones": 100})).mix_shares != shown.mix_shares
    assert brief_cache.get_meeting_screen(outlook, own).mix_shares == ()
    assert brief_cache.count_cached("meeting") == before
    assert "0.63" not in repr(shown)
    other = replace(own, screen=1)
    assert brief_cache.get_meeting_screen(outlook, other, MIX) is brief_cache.get_meeting_screen(outlook, other)


@pytest.mark.slow
@pytest.mark.parametrize("name", PORTFOLIO_FORMATS)
def test_the_page_of_a_mix_is_a_file_without_a_route(outlook: Outlook, name: str) -> None:
    """Each format writes the mix of a session; no document that an address names is one of a mix."""
    made = build_portfolio_document(
        outlook, Selection(lang="fr"), MIX, "https://example.org/portfolio#mix=helicopters:37"
    )
    export = next(row for row in EXPORTS if row.id == name)
    assert len(export.write(made)) > 5_000
    assert "37\u00a0%" in " ".join(made.under)
    assert made.link.endswith("#mix=helicopters:37")
    assert "portfolio" not in {row.id for row in DOCUMENTS}


EVIL = "<img src=x onerror=alert(1)>\"'&"


def test_tables_with_bars_escape_whatever_they_are_given(localizer: Localizer) -> None:
    """Titles, notes, cells and formulas come out as text, in elements and in attributes."""
    bar, heads = IntervalBar(-1, 2, 3), (EVIL, EVIL)
    lines = (BarTableRow(EVIL, EVIL, (EVIL,), value=2.0), BarTableRow(EVIL, EVIL, (EVIL, EVIL), interval=bar))
    for line, columns in zip(lines, (heads, (*heads, EVIL)), strict=True):
        content = BarTable(EVIL, EVIL, columns, (line,), (-5, 5), (EVIL,), ((EVIL, EVIL),))
        assert "<img" not in bar_table.render_bar_table(content, localizer)
    near = NeighbourRow(Selection(), *[EVIL] * 1, "growing", *[EVIL] * 5)
    matrix = TextTable(EVIL, heads, ((EVIL, EVIL),))
    content = NeighbourTable(EVIL, EVIL, (EVIL,) * 4, (near,), EVIL, EVIL, matrix, ((EVIL, EVIL),), ((EVIL, EVIL),))
    assert "<img" not in bar_table.render_neighbours(content)
    assert "<img" not in bar_table.render_mix_bar([(EVIL, 1.0)], EVIL, localizer)
