"""What the page of a mix says, and its files after it."""

import io
import re

import pytest
from pptx import Presentation
from pptx.util import Pt

from observatory.briefs.portfolio.page import portfolio
from observatory.export.documents.portfolio import document_of_mix
from observatory.export.pptx.frame import FOOT
from observatory.export.pptx.writer import pptx
from observatory.language import Speaker
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import parts
from observatory.selection import Selection


def test_two_that_weigh_the_same_are_not_ranked(outlook: Outlook) -> None:
    """Parts of the risk that the table writes alike are said to be level, both named, on the page and in its files."""
    chosen, speaker = Selection(lang="fr"), Speaker("fr")
    level = 0
    for share in range(20, 80):
        mix = Mix({"helicopters": share, "space": 100 - share})
        one, two = parts(outlook.joint, mix.whole, {}, chosen.horizon)
        document = document_of_mix(outlook, chosen, mix, "https://observatory.example")
        for said in (portfolio(outlook, chosen, mix, speaker).under, document.under):
            text = " ".join(said)
            tied = speaker.share(one.risk) == speaker.share(two.risk)
            assert ("à égalité\u00a0: " in text) == tied
            assert ("Votre plus grande dépendance" in text) != tied
            if tied:
                level += 1
                assert "Hélicoptères" in text
                assert "Spatial" in text
    assert level


def test_the_edition_is_said_once_in_a_section(outlook: Outlook, speaker: Speaker) -> None:
    """Every sheet, slide and page of a file names the edition: no section of the mix names it as its source too."""
    mix = Mix({"helicopters": 60, "space": 40}, 4_000_000, {}, "2007-12")
    document = document_of_mix(outlook, Selection(lang=speaker.language), mix, "https://observatory.example")
    assert {"change", "shocks"} <= {row.id for row in document.sections}
    assert document.edition not in {row.source for row in document.sections}


@pytest.mark.parametrize(("pace", "end"), [(40.0, 0), (-40.0, 100)])
def test_nothing_is_said_to_be_certain(outlook: Outlook, speaker: Speaker, pace: float, end: int) -> None:
    """Under a steep assumption the odds of decline are words at both ends: the sentence, its table, the change."""
    mix = Mix({"helicopters": 60, "space": 40}, own={"helicopters": pace, "space": pace})
    brief = portfolio(outlook, Selection(lang=speaker.language), mix, speaker)
    assert brief.ahead is not None
    assert brief.change is not None
    odds = speaker.say(f"odds.{end}")
    bare = re.compile(rf"(?<!\d){end}[\u00a0\u202f]?%")
    for said in (brief.lead, brief.ahead.lines[1].cells[-1], brief.change.sentence):
        assert odds in said
        assert not bare.search(said)


def test_a_part_of_a_shock_is_no_comfort(outlook: Outlook) -> None:
    """Where a market of the mix was not followed through a shock, its fall may have been deeper; the note says how."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25}, 3_200_000, {}, "2007-12")
    brief = portfolio(outlook, Selection(lang="fr"), mix, Speaker("fr")).shock
    assert brief is not None
    assert brief.figure is not None
    assert "trop peu de séries pour Hélicoptères, dont le recul a pu être plus fort" in brief.sentence
    assert "du plus haut de l\u2019année d\u2019avant" in brief.figure.subtitle


def test_a_mix_without_any_shock_says_so_once(outlook: Outlook, speaker: Speaker) -> None:
    """Drones alone have no series through any shock: one sentence for all of them, no chart."""
    brief = portfolio(outlook, Selection(lang=speaker.language), Mix({"drones": 100}), speaker).shock
    assert brief is not None
    assert brief.figure is None
    names = speaker.of(outlook.catalogue.segments["drones"], "title")
    assert brief.sentence == speaker.say("portfolio.shock.nothing.any", list=names)


def test_the_odds_beside_a_neighbour_name_their_event(outlook: Outlook, speaker: Speaker) -> None:
    """A likely growth beside a call that is unclear is told as the odds of growth, on the page and in files."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25})
    brief = portfolio(outlook, Selection(lang=speaker.language), mix, speaker).neighbours
    assert brief is not None
    known = [row for row in brief.rows if row.odds]
    assert known
    band = "1\u00a0% par an" if speaker.language == "fr" else "1% a year"
    assert all(band in row.odds for row in known)
    document = document_of_mix(outlook, Selection(lang=speaker.language), mix, "https://observatory.example")
    table = next(row for row in document.sections if row.id == "neighbours").tables[0]
    assert [row[1] for row in table.rows if "(" in row[1]] == [f"{row.label} \u00b7 {row.odds}" for row in known]


def test_slides_leave_the_foot_to_the_edition(outlook: Outlook) -> None:
    """The reasons of the ranks are too long for the foot of a slide: they stand above it, and are all there."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25})
    document = document_of_mix(outlook, Selection(lang="fr"), mix, "https://observatory.example")
    section = next(row for row in document.sections if row.id == "neighbours")
    deck = Presentation(io.BytesIO(pptx(document)))
    slide = next(slide for slide in deck.slides if slide.shapes.title.text_frame.text == section.title)
    boxes = [shape for shape in slide.shapes if shape.has_text_frame and section.text[0] in shape.text_frame.text]
    assert len(boxes) == 1
    assert boxes[0].text_frame.text.split("\n") == list(section.text)
    assert boxes[0].top + boxes[0].height <= Pt(FOOT)
