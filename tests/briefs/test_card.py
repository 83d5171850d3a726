"""A page in the space of a card: title, call, sentence; and the screens of a meeting, which are made of cards."""

from dataclasses import replace
from pathlib import Path

import pytest

from observatory.briefs import meeting
from observatory.briefs.cards import window_title_text
from observatory.briefs.common.context import Context
from observatory.briefs.portfolio.page import build_portfolio
from observatory.briefs.registry import PAGES, build_card, build_screen, resolve_screen
from observatory.language import Language, Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import MAX_SCREENS, SCREEN_CODES, Selection
from tests.support.curated import SEGMENTS

ICONS = Path(__file__).parents[2] / "observatory" / "pages" / "assets" / "icons"


def test_every_page_has_a_card(outlook: Outlook, localizer: Localizer) -> None:
    """Each page has a name, a title, a sentence, the date and the edition, in the language and without holes."""
    for row in PAGES:
        written = build_card(Context(outlook, Selection(lang=localizer.language), localizer, outlook.day), row.id)
        for text in (written.name, written.title, written.sentence, written.date, written.edition):
            assert text
            assert "{" not in text
        assert written.sentence.endswith(".")
        assert window_title_text(written.title, localizer).endswith(" \u00b7 " + localizer.text("app.name"))


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_market_is_named_with_its_call(outlook: Outlook, localizer: Localizer, segment: str) -> None:
    """The title has the word of the call, and its probability only beside "growing", of which it is the probability."""
    call = outlook.calls.get((segment, 2))
    written = build_card(
        Context(outlook, Selection(lang=localizer.language, segment=segment), localizer, outlook.day), "segment"
    )
    assert written.title.startswith(written.name)
    if call is None:
        assert (written.call, written.bar, written.title) == ("", None, written.name)
        return
    assert written.label.lower() in written.title
    assert (written.call, written.bar is None) == (call.call, call.growth is None)
    shown = localizer.percent_digits(call.probability_clear) if call.probability_clear is not None else "?"
    assert (shown in written.title) == (call.call == "growing")
    assert not written.odds or shown in written.odds


def test_an_overview_names_every_market(outlook: Outlook, localizer: Localizer) -> None:
    """The card of the overview has all nine markets with their calls, in the order of the ranking."""
    written = build_card(Context(outlook, Selection(), localizer, outlook.day), "overview")
    assert len(written.markets) == 9
    assert {call for call, _name in written.markets} == {
        call.call for key, call in outlook.calls.items() if key[1] == 2
    }


def test_the_screen_of_a_mix_says_the_sentence_of_its_page(outlook: Outlook, localizer: Localizer) -> None:
    """The reader's own markets: the lead and the ranges of the portfolio page; without a mix, where to enter one."""
    mix = Mix({"helicopters": 60, "space": 40})
    chosen = Selection(localizer.language, mode="meeting", screens="o.p.t", screen=2)
    page = build_portfolio(Context(outlook, chosen, localizer, outlook.day), mix)
    screen = build_screen(Context(outlook, chosen, localizer, outlook.day), mix)
    assert screen.card.sentence == page.lead
    assert screen.bars == page.growth
    assert [share for _name, share in screen.mix_shares] == [0.6, 0.4]
    assert screen.mix_shares[1][0] == localizer.field_text(outlook.catalogue.segments["space"], "title")
    assert "Airbus Helicopters" in screen.footer
    empty = build_screen(Context(outlook, chosen, localizer, outlook.day))
    assert localizer.text("page.portfolio") in empty.card.sentence
    assert empty.bars is None


def test_the_order_of_a_meeting_is_that_of_its_link() -> None:
    """Without an order: the overview, the market of the link, the record. A screen beyond the end is the last one."""
    assert meeting.list_screen_codes(Selection()) == ("o", "t")
    assert meeting.list_screen_codes(Selection(segment="space")) == ("o", "space", "t")
    chosen = Selection(segment="space", indicator="esa_budget", screens="t.drones.space")
    assert [resolve_screen(replace(chosen, screen=number))[0] for number in (1, 2, 3)] == [
        "track_record",
        "segment",
        "segment",
    ]
    assert resolve_screen(replace(chosen, screen=2))[1].indicator == ""
    assert resolve_screen(replace(chosen, screen=3))[1].indicator == "esa_budget"
    assert meeting.current_screen_number(replace(chosen, screen=MAX_SCREENS)) == 3


def test_a_screen_of_notes_belongs_to_the_page_that_they_stand_on() -> None:
    """The notes on a market count as its screen for window and preview, those on the whole as the overview."""
    chosen = Selection(segment="space", indicator="esa_budget", screens="o.n.drones.n-drones.n-space")
    found = [resolve_screen(replace(chosen, screen=number)) for number in (2, 4, 5)]
    assert [(page, row.segment) for page, row in found] == [
        ("overview", "space"),
        ("segment", "drones"),
        ("segment", "space"),
    ]
    codes = meeting.list_screen_codes(chosen)
    assert [meeting.find_note_subject(code) for code in codes] == [
        None,
        ("whole", ""),
        None,
        ("segment", "drones"),
        ("segment", "space"),
    ]
    assert [meeting.format_note_code(name) for name in ("", "drones", "space")] == [codes[1], *codes[3:]]


def test_the_codes_of_screens_are_those_of_links() -> None:
    """Each code that a link may hold has a screen, and no code is the id of a market."""
    assert tuple(row.screen_code for row in PAGES if row.screen_code) == SCREEN_CODES
    assert not set(SCREEN_CODES) & set(SEGMENTS)


@pytest.mark.parametrize("code", [*SCREEN_CODES, *SEGMENTS])
def test_every_screen_has_one_message_and_its_proof(outlook: Outlook, localizer: Localizer, code: str) -> None:
    """A sentence; one chart, the ranking or the bars; and a line with the age of the data, the edition and a source."""
    made = build_screen(
        Context(outlook, Selection(lang=localizer.language, screens=code), localizer, outlook.day), Mix({"space": 100})
    )
    assert made.card.sentence
    assert sum(proof is not None for proof in (made.figure, made.ranking, made.bars)) == 1
    assert made.figure is None or made.figure.spec is not None
    assert made.card.date in made.footer
    assert f" {outlook.edition} " in made.footer.replace("\u00a0", " ")
    assert "Source" in made.footer


def test_a_reconstruction_says_so(outlook: Outlook, localizer: Localizer) -> None:
    """The line of a rebuilt month names no edition: there was none."""
    made = build_screen(Context(replace(outlook, edition=-5), Selection(screens="space"), localizer, outlook.day))
    assert made.footer.startswith(localizer.text("footer.rebuilt", date=localizer.day(outlook.day)))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_cover_shifts_no_screen(outlook: Outlook, lang: Language) -> None:
    """The cover is number 0 of any meeting: numbers of old links keep their screens; it names edition and markets."""
    cover = Selection(lang, mode="meeting", screens="t.space", screen=0)
    assert meeting.is_cover(cover)
    assert not meeting.is_cover(replace(cover, screen=1))
    assert not meeting.is_cover(replace(cover, mode="page"))
    assert resolve_screen(cover)[0] == resolve_screen(replace(cover, screen=1))[0] == "track_record"
    context = Context(outlook, cover, Localizer(lang), outlook.day)
    built = meeting.build_cover(context, "Aerospace Valley")
    assert built.publisher == "Aerospace Valley"
    assert str(outlook.edition) in built.edition
    markets = [row for row in outlook.catalogue.segments.values() if row.market]
    assert [title for _icon, title in built.markets] == [context.market_title(row.id) for row in markets]
    assert all((ICONS / f"{icon}.svg").is_file() for icon, _title in built.markets)
