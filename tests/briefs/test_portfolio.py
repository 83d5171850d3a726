"""What the page of a mix says, and its files after it."""

import io
import re

import pytest
from pptx import Presentation
from pptx.util import Pt

from observatory.briefs.common.context import Context
from observatory.briefs.portfolio.page import build_portfolio
from observatory.export.documents.portfolio import build_portfolio_document
from observatory.export.pptx.frame import BODY_BOTTOM
from observatory.export.pptx.writer import write_pptx
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import compute_contributions
from observatory.selection import Selection


def test_two_that_weigh_the_same_are_not_ranked(outlook: Outlook) -> None:
    """Parts of the risk that the table writes alike are said to be level, both named, on the page and in its files."""
    chosen, localizer = Selection(lang="fr"), Localizer("fr")
    level = 0
    for share in range(20, 80):
        mix = Mix({"helicopters": share, "space": 100 - share})
        one, two = compute_contributions(outlook.joint_draws, mix.normalized_shares, {}, chosen.horizon)
        document = build_portfolio_document(outlook, chosen, mix, "https://observatory.example")
        for said in (build_portfolio(Context(outlook, chosen, localizer, outlook.day), mix).under, document.under):
            text = " ".join(said)
            tied = localizer.percent_text(one.risk_share) == localizer.percent_text(two.risk_share)
            assert ("à égalité\u00a0: " in text) == tied
            assert ("Votre plus grande dépendance" in text) != tied
            if tied:
                level += 1
                assert "Hélicoptères" in text
                assert "Spatial" in text
    assert level


def test_the_edition_is_said_once_in_a_section(outlook: Outlook, localizer: Localizer) -> None:
    """Every sheet, slide and page of a file names the edition: no section of the mix names it as its source too."""
    mix = Mix({"helicopters": 60, "space": 40}, 4_000_000, {}, "2007-12")
    document = build_portfolio_document(outlook, Selection(lang=localizer.language), mix, "https://observatory.example")
    assert {"change", "shocks"} <= {row.id for row in document.sections}
    assert document.edition_text not in {row.source for row in document.sections}


@pytest.mark.parametrize(("pace", "end"), [(40.0, 0), (-40.0, 100)])
def test_nothing_is_said_to_be_certain(outlook: Outlook, localizer: Localizer, pace: float, end: int) -> None:
    """Under a steep assumption the odds of decline are words at both ends: the sentence, its table, the change."""
    mix = Mix({"helicopters": 60, "space": 40}, assumed_growth={"helicopters": pace, "space": pace})
    brief = build_portfolio(Context(outlook, Selection(lang=localizer.language), localizer, outlook.day), mix)
    assert brief.growth is not None
    assert brief.change is not None
    odds = localizer.text(f"odds.{end}")
    bare = re.compile(rf"(?<!\d){end}[\u00a0\u202f]?%")
    for said in (brief.lead, brief.growth.rows[1].cells[-1], brief.change.sentence):
        assert odds in said
        assert not bare.search(said)


def test_a_part_of_a_shock_is_no_comfort(outlook: Outlook) -> None:
    """Where a market of the mix was not followed through a shock, its fall may have been deeper; the note says how."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25}, 3_200_000, {}, "2007-12")
    brief = build_portfolio(Context(outlook, Selection(lang="fr"), Localizer("fr"), outlook.day), mix).shock
    assert brief is not None
    assert brief.figure is not None
    assert "trop peu de séries pour Hélicoptères, dont le recul a pu être plus fort" in brief.sentence
    assert "du plus haut de l\u2019année d\u2019avant" in brief.figure.subtitle


def test_a_mix_without_any_shock_says_so_once(outlook: Outlook, localizer: Localizer) -> None:
    """Drones alone have no series through any shock: one sentence for all of them, no chart."""
    brief = build_portfolio(
        Context(outlook, Selection(lang=localizer.language), localizer, outlook.day), Mix({"drones": 100})
    ).shock
    assert brief is not None
    assert brief.figure is None
    names = localizer.field_text(outlook.catalogue.segments["drones"], "title")
    assert brief.sentence == localizer.text("portfolio.shock.nothing.any", list=names)


def test_the_odds_beside_a_neighbour_name_their_event(outlook: Outlook, localizer: Localizer) -> None:
    """A likely growth beside a call that is unclear is told as the odds of growth, on the page and in files."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25})
    brief = build_portfolio(
        Context(outlook, Selection(lang=localizer.language), localizer, outlook.day), mix
    ).neighbours
    assert brief is not None
    known = [row for row in brief.rows if row.odds_text]
    assert known
    band = "1\u00a0% par an" if localizer.language == "fr" else "1% a year"
    assert all(band in row.odds_text for row in known)
    document = build_portfolio_document(outlook, Selection(lang=localizer.language), mix, "https://observatory.example")
    table = next(row for row in document.sections if row.id == "neighbours").tables[0]
    assert [row[1] for row in table.rows if "(" in row[1]] == [
        f"{row.call_label} \u00b7 {row.odds_text}" for row in known
    ]


def test_slides_leave_the_foot_to_the_edition(outlook: Outlook) -> None:
    """The reasons of the ranks are too long for the foot of a slide: they stand above it, and are all there."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25})
    document = build_portfolio_document(outlook, Selection(lang="fr"), mix, "https://observatory.example")
    section = next(row for row in document.sections if row.id == "neighbours")
    deck = Presentation(io.BytesIO(write_pptx(document)))
    slide = next(slide for slide in deck.slides if slide.shapes.title.text_frame.text == section.title)
    boxes = [shape for shape in slide.shapes if shape.has_text_frame and section.paragraphs[0] in shape.text_frame.text]
    assert len(boxes) == 1
    assert boxes[0].text_frame.text.split("\n") == list(section.paragraphs)
    assert boxes[0].top + boxes[0].height <= Pt(BODY_BOTTOM)
