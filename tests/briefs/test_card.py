"""A page in the space of a card: title, call, sentence; and the screens of a meeting, which are made of cards."""

from dataclasses import replace

import pytest

from observatory.briefs import meeting
from observatory.briefs.cards import CARDS, card, window
from observatory.briefs.portfolio.page import portfolio
from observatory.language import Speaker
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.pages.registry import PAGES
from observatory.selection import MOST_SCREENS, SCREENS, Selection
from tests.conftest import SEGMENTS


def test_every_page_has_a_card(outlook: Outlook, speaker: Speaker) -> None:
    """Each page has a name, a title, a sentence, the date and the edition, in the language and without holes."""
    assert {row.page for row in CARDS} <= {row.id for row in PAGES}
    for row in PAGES:
        said = card(row.id, outlook, Selection(lang=speaker.language), speaker)
        for text in (said.name, said.title, said.sentence, said.date, said.edition):
            assert text
            assert "{" not in text
        assert said.sentence.endswith(".")
        assert window(said.title, speaker).endswith(" \u00b7 " + speaker.say("app.name"))


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_market_is_named_with_its_call(outlook: Outlook, speaker: Speaker, segment: str) -> None:
    """The title has the word of the call, and its probability only beside "growing", of which it is the probability."""
    call = outlook.calls.get((segment, 2))
    said = card("segment", outlook, Selection(lang=speaker.language, segment=segment), speaker)
    assert said.title.startswith(said.name)
    if call is None:
        assert (said.call, said.bar, said.title) == ("", None, said.name)
        return
    assert said.label.lower() in said.title
    assert (said.call, said.bar is None) == (call.call, call.growth is None)
    shown = speaker.percent(call.probability_clear) if call.probability_clear is not None else "?"
    assert (shown in said.title) == (call.call == "growing")
    assert not said.odds or shown in said.odds


def test_an_overview_names_every_market(outlook: Outlook, speaker: Speaker) -> None:
    """The card of the overview has all nine markets with their calls, in the order of the ranking."""
    said = card("overview", outlook, Selection(), speaker)
    assert len(said.markets) == 9
    assert {call for call, _name in said.markets} == {call.call for key, call in outlook.calls.items() if key[1] == 2}


def test_the_screen_of_a_mix_says_the_sentence_of_its_page(outlook: Outlook, speaker: Speaker) -> None:
    """The reader's own markets: the lead and the ranges of the portfolio page; without a mix, where to enter one."""
    mix = Mix({"helicopters": 60, "space": 40})
    chosen = Selection(speaker.language, mode="meeting", screens="o.p.t", screen=2)
    page = portfolio(outlook, chosen, mix, speaker)
    screen = meeting.screen(outlook, chosen, speaker, mix)
    assert screen.card.sentence == page.lead
    assert screen.bars == page.ahead
    assert [share for _name, share in screen.mix] == [0.6, 0.4]
    assert screen.mix[1][0] == speaker.of(outlook.catalogue.segments["space"], "title")
    assert "Airbus Helicopters" in screen.clock
    empty = meeting.screen(outlook, chosen, speaker)
    assert speaker.say("page.portfolio") in empty.card.sentence
    assert empty.bars is None


def test_the_order_of_a_meeting_is_that_of_its_link() -> None:
    """Without an order: the overview, the market of the link, the record. A screen beyond the end is the last one."""
    assert meeting.sequence(Selection()) == ("o", "t")
    assert meeting.sequence(Selection(segment="space")) == ("o", "space", "t")
    chosen = Selection(segment="space", indicator="esa_budget", screens="t.drones.space")
    assert [meeting.shown(replace(chosen, screen=number))[0] for number in (1, 2, 3)] == [
        "track_record",
        "segment",
        "segment",
    ]
    assert meeting.shown(replace(chosen, screen=2))[1].indicator == ""
    assert meeting.shown(replace(chosen, screen=3))[1].indicator == "esa_budget"
    assert meeting.current(replace(chosen, screen=MOST_SCREENS)) == 3


def test_the_codes_of_screens_are_those_of_links() -> None:
    """Each code that a link may hold has a screen, and no code is the id of a market."""
    assert tuple(row.code for row in meeting.SCREENS) == SCREENS
    assert not set(SCREENS) & set(SEGMENTS)


@pytest.mark.parametrize("code", [*SCREENS, *SEGMENTS])
def test_every_screen_has_one_message_and_its_proof(outlook: Outlook, speaker: Speaker, code: str) -> None:
    """A sentence; one chart, the ranking or the bars; and a line with the date, the edition and a source."""
    made = meeting.screen(outlook, Selection(lang=speaker.language, screens=code), speaker, Mix({"space": 100}))
    assert made.card.sentence
    assert sum(proof is not None for proof in (made.figure, made.ranking, made.bars)) == 1
    assert made.figure is None or made.figure.spec is not None
    assert speaker.day(outlook.day) in made.clock
    assert f" {outlook.number} " in made.clock.replace("\u00a0", " ")
    assert "Source" in made.clock


def test_a_reconstruction_says_so(outlook: Outlook, speaker: Speaker) -> None:
    """The line of a rebuilt month names no edition: there was none."""
    made = meeting.screen(replace(outlook, number=-5), Selection(screens="space"), speaker)
    assert made.clock.startswith(speaker.say("footer.rebuilt", date=speaker.day(outlook.day)))
