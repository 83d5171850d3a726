"""What the page of a mix says, and its files after it."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Pt

from observatory.briefs.common.context import Context
from observatory.briefs.portfolio.model import PortfolioBrief
from observatory.briefs.portfolio.page import build_portfolio
from observatory.briefs.segment.page import build_segment
from observatory.export.documents.one_pager import draft_one_pager
from observatory.export.documents.portfolio import build_portfolio_document
from observatory.export.pdf.writer import write_pdf
from observatory.export.pptx.frame import BODY_BOTTOM
from observatory.export.pptx.writer import write_pptx
from observatory.export.xlsx.writer import write_xlsx
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import compute_contributions, forecast_mix
from observatory.outlook.shocks.paths import MONTHS_AFTER, MONTHS_BEFORE
from observatory.outlook.study import Study
from observatory.selection import Selection
from tests.support.documents import plain, text_of


def test_two_that_weigh_the_same_are_not_ranked(outlook: Outlook) -> None:
    """Parts of the risk that the table writes alike are said to be level, both named, on the page and in its files."""
    chosen, localizer = Selection(lang="fr"), Localizer("fr")
    level = 0

    def write_alike(share: float) -> bool:
        shares = Mix({"helicopters": share, "space": 100 - share}).normalized_shares
        parts = compute_contributions(outlook.joint_draws, shares, {}, chosen.horizon)
        return len({localizer.percent_text(part.risk_share) for part in parts}) == 1

    alike = [share / 10 for share in range(200, 800) if write_alike(share / 10)]
    for share in (*range(20, 80, 4), *alike[:3]):
        mix = Mix({"helicopters": share, "space": 100 - share})
        one, two = compute_contributions(outlook.joint_draws, mix.normalized_shares, {}, chosen.horizon)
        document = build_portfolio_document(outlook, chosen, mix, "https://observatory.example")
        for shown in (build_portfolio(Context(outlook, chosen, localizer, outlook.day), mix).under, document.under):
            text = " ".join(shown)
            is_level = localizer.percent_text(one.risk_share) == localizer.percent_text(two.risk_share)
            assert ("à égalité\u00a0: " in text) == is_level
            assert ("Votre plus grande dépendance" in text) != is_level
            if is_level:
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
    bare = re.compile(rf"(?<![\d.,]){end}[\u00a0\u202f]?%")
    assert brief.summary is not None
    row = brief.summary.horizons[1]
    assert (brief.summary.keys[1].value, brief.summary.keys[1].dots, row.odds) == (odds, end, odds)
    for shown in (" ".join(brief.under), brief.growth.rows[1].cells[-1], brief.change.sentence, row.spoken):
        assert odds in shown
        assert not bare.search(shown)


def test_a_part_of_a_shock_is_no_comfort(outlook: Outlook) -> None:
    """Where a market of the mix was not followed through a shock, its fall may have been deeper; the note says how."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25}, 3_200_000, {}, "2007-12")
    brief = build_portfolio(Context(outlook, Selection(lang="fr"), Localizer("fr"), outlook.day), mix).shock
    assert brief is not None
    assert brief.figure is not None
    assert "trop peu de séries pour Hélicoptères, dont le recul a pu être plus fort" in brief.sentence
    assert brief.figure.subtitle.endswith("Reculs, mois et euros se comptent de ce départ.")


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


@pytest.mark.slow
def test_slides_leave_the_foot_to_the_edition(outlook: Outlook) -> None:
    """The reasons of the ranks are too long for the foot of a slide: they stand above it, and are all there."""
    mix = Mix({"commercial_aircraft": 40, "helicopters": 35, "space": 25})
    document = build_portfolio_document(outlook, Selection(lang="fr"), mix, "https://observatory.example")
    section = next(row for row in document.sections if row.id == "neighbours")
    deck = Presentation(io.BytesIO(write_pptx(document)))
    slides = [slide for slide in deck.slides if slide.shapes.title.text_frame.text == section.title]
    shapes = [shape for slide in slides for shape in slide.shapes if shape.has_text_frame]
    boxes = [shape for shape in shapes if shape.text_frame.text.split("\n")[0] in section.paragraphs]
    lines = [line for box in boxes for line in box.text_frame.text.split("\n")]
    assert lines == list(section.paragraphs)
    assert all(box.top + box.height <= Pt(BODY_BOTTOM) for box in boxes)


def shocked(outlook: Outlook, path: dict[int, float], markets: tuple[str, ...] = ("space",)) -> Outlook:
    """An outlook whose only shock is that of 2007, through which some markets went along a path of steps."""
    levels = [1.0] * (MONTHS_BEFORE + MONTHS_AFTER + 1)
    for month, level in sorted(path.items()):
        levels[MONTHS_BEFORE + month :] = [level] * (MONTHS_AFTER + 1 - month)
    start = next(row.start.isoformat() for row in outlook.catalogue.events if f"{row.start:%Y-%m}" == "2007-12")
    market = {"count": 3, "fell": 3, "depth": 0.3, "trough_months": 20, "back_months": None, "course": levels}
    shock = {"start": start, "end": "", "segments": dict.fromkeys(markets, market)}
    document = outlook.study.as_json() | {"shocks": {"shocks": [shock], "calm": {}}}
    return replace(outlook, study=Study.from_json(document))


FALL = {-12: 1.13, 0: 1.0, 9: 0.79, 33: 1.02}  # 30 % below the peak of the year before, 21 % below the start


def test_a_shock_has_one_base(outlook: Outlook, localizer: Localizer) -> None:
    """Sentence, euros, chart, table and alternative text count from the start, which is 100 and the turnover typed."""
    made = shocked(outlook, FALL)
    mix = Mix({"space": 100}, 4_000_000, {}, "2007-12")
    brief = build_portfolio(Context(made, Selection(lang=localizer.language), localizer, made.day), mix).shock
    assert brief is not None
    assert brief.figure is not None
    lost, months, back = localizer.percent_text(0.21), *(localizer.plural("shock.months", n) for n in (9, 24))
    for text in (lost, months, back, localizer.number(4_000_000), localizer.number(840_000)):
        assert text in brief.sentence
    assert {"fr": "de leur niveau de départ", "en": "of their level at the start"}[localizer.language] in brief.sentence
    assert lost in brief.figure.alt
    assert months in brief.figure.alt
    assert brief.figure.table.rows[0][1:] == (lost, "9", "24", localizer.percent_text(1))
    drawn = [row for layer in (brief.figure.spec or {})["layer"] for row in layer["data"].get("values", ())]
    assert {"x": 0, "y": 100.0} in drawn
    assert {"x": 9, "y": 79.0} in drawn
    shown = " ".join((brief.sentence, brief.figure.alt, brief.figure.subtitle, *brief.figure.table.rows[0]))
    assert localizer.percent_text(0.3) not in shown
    assert {"fr": "se comptent de ce départ", "en": "count from that start"}[
        localizer.language
    ] in brief.figure.subtitle


@pytest.mark.slow
def test_files_of_a_shock_have_the_base_of_the_page(outlook: Outlook, localizer: Localizer, tmp_path: Path) -> None:
    """Slides, sheets and paper say what the page says: a loss of 21 % and of 840,000 euros."""
    made = shocked(outlook, FALL)
    mix = Mix({"space": 100}, 4_000_000, {}, "2007-12")
    document = build_portfolio_document(made, Selection(lang=localizer.language), mix, "https://observatory.example")
    deck = Presentation(io.BytesIO(write_pptx(document)))
    book = load_workbook(io.BytesIO(write_xlsx(document)))
    (tmp_path / "mix.pdf").write_bytes(write_pdf(document))
    texts = {
        "pptx": " ".join(s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame),
        "xlsx": " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row),
        "pdf": text_of(tmp_path / "mix.pdf"),
    }
    for name, text in texts.items():
        assert plain(localizer.number(840_000)) in plain(text), name
        assert plain(localizer.percent_text(0.21)) in plain(text), name


@pytest.mark.parametrize(
    ("path", "lost", "amount"),
    [
        ({-12: 1.5, 0: 1.0, 9: 1.01}, "", ""),  # high before, never below the start: nothing was lost of what there is
        ({3: 1.3, 20: 0.9}, "10", "400"),  # up first: the rise is not what a firm had
        ({9: 0.976}, "2,4", "96"),  # small: a decimal, so that the euros agree with it
        ({9: 0.906}, "9,4", "380"),
        ({9: 0.904}, "10", "380"),
    ],
)
def test_a_loss_is_of_what_there_is_at_the_start(
    outlook: Outlook, path: dict[int, float], lost: str, amount: str
) -> None:
    """What was lost before the start, or won after it, is no loss of a firm that starts there."""
    made = shocked(outlook, path)
    mix = Mix({"space": 100}, 4_000_000, {}, "2007-12")
    brief = build_portfolio(Context(made, Selection(lang="fr"), Localizer("fr"), made.day), mix).shock
    assert brief is not None
    if not lost:
        assert "pas fait clairement reculer" in brief.sentence
        assert "€" not in brief.sentence
        return
    assert f"perdraient {lost}\u00a0% de leur niveau de départ" in brief.sentence
    assert f"environ {amount}\u202f000\u00a0€ de moins" in brief.sentence


def test_euros_of_a_part_are_those_of_the_part(outlook: Outlook, localizer: Localizer) -> None:
    """Where half of the mix has no series, the euros are of the other half, and its turnover is named."""
    made = shocked(outlook, FALL)
    mix = Mix({"space": 50, "helicopters": 50}, 4_000_000, {}, "2007-12")
    brief = build_portfolio(Context(made, Selection(lang=localizer.language), localizer, made.day), mix).shock
    assert brief is not None
    assert localizer.number(2_000_000) in brief.sentence
    assert localizer.number(420_000) in brief.sentence
    assert localizer.number(4_000_000) not in brief.sentence


def test_the_market_names_its_own_base(outlook: Outlook, localizer: Localizer) -> None:
    """The page of a market and its note for the bank count from the highest level of the year before, and say so."""
    context = Context(outlook, Selection(lang=localizer.language, segment="space"), localizer, outlook.day)
    shocks = build_segment(context).past_shocks
    assert shocks is not None
    base = {"fr": "de son plus haut de l’année d’avant", "en": "of its highest level of the year before"}
    assert base[localizer.language] in shocks.subtitle
    risks = next(row for row in draft_one_pager(context).sections if row.id == "risks")
    assert shocks.subtitle in risks.paragraphs


def brief_of(outlook: Outlook, localizer: Localizer, mix: Mix) -> PortfolioBrief:
    return build_portfolio(Context(outlook, Selection(lang=localizer.language), localizer, outlook.day), mix)


@pytest.mark.parametrize(("turnover", "unit"), [(0, 1.0), (45_000, 1e3), (6_000_000, 1e6), (2_500_000_000, 1e9)])
def test_the_range_in_euros_is_that_of_the_answer(
    outlook: Outlook, localizer: Localizer, turnover: int, unit: float
) -> None:
    """The first key figure is the turnover carried along both ends of the range; of 100 euros where none is given."""
    mix = Mix({"helicopters": 60, "space": 40}, turnover)
    summary = brief_of(outlook, localizer, mix).summary
    forecast = forecast_mix(outlook.joint_draws, mix.normalized_shares, {}, 2)
    assert summary is not None
    assert forecast is not None
    ends = [(turnover or 100) * (1 + rate) ** 2 / unit for rate in (forecast.low, forecast.high)]
    shown = [float(part.replace(",", ".")) for part in re.findall(r"\d+(?:[.,]\d+)?", summary.keys[0].value)]
    assert shown == pytest.approx(ends, abs=0.5 if unit == 1 else 0.05)
    assert "2028" in summary.keys[0].unit
    assert "€" in summary.keys[0].text
    assert ("100" in summary.keys[0].text) == (not turnover)


def test_the_page_says_the_answer_once_and_every_horizon(outlook: Outlook, localizer: Localizer) -> None:
    """Under the headline stand certainty and middle; the four horizons have the figures of the table, one is marked."""
    brief = brief_of(outlook, localizer, Mix({"helicopters": 60, "space": 40}))
    assert brief.summary is not None
    assert brief.growth is not None
    assert set(brief.summary.texts) <= set(brief.under)
    assert [row.is_chosen for row in brief.summary.horizons] == [False, True, False, False]
    for row, line in zip(brief.summary.horizons, brief.growth.rows, strict=True):
        assert (row.label, row.middle) == (line.label, line.cells[0])
        assert row.low in line.cells[1]
        assert row.high in line.cells[1]
        assert row.odds in line.cells[3]
        assert all(part in row.spoken for part in (row.low, row.middle, row.high, row.odds))


def test_one_market_is_all_of_its_mix(outlook: Outlook, localizer: Localizer) -> None:
    """A single market has no part of an uncertainty to name: the third figure says that it is 100 %."""
    brief = brief_of(outlook, localizer, Mix({"space": 100}))
    assert brief.summary is not None
    assert brief.summary.keys[2].value == "100"
    assert (
        localizer.text("portfolio.key.single", market=title(outlook, localizer, "space")) == brief.summary.keys[2].text
    )


def test_no_word_of_the_page_is_one_of_statistics(outlook: Outlook, localizer: Localizer) -> None:
    """The index of Herfindahl stands in the computation, with its value, and nowhere in sight."""
    brief = brief_of(outlook, localizer, Mix({"space": 60, "helicopters": 40}, 5_000_000))
    assert brief.summary is not None
    assert brief.contributions is not None
    shown = " ".join((brief.lead, *brief.under, *brief.contributions.notes, *(key.text for key in brief.summary.keys)))
    assert "Herfindahl" not in shown
    assert localizer.number(0.6**2 + 0.4**2, 2) in brief.contributions.methodology[-1][1]


def test_the_best_changes_are_those_of_the_chart(outlook: Outlook, localizer: Localizer) -> None:
    """Three at most, each with the growth and the odds of its row in the table; today's stand beside them."""
    change = brief_of(outlook, localizer, Mix({"commercial_aircraft": 70, "space": 20, "helicopters": 10})).change
    assert change is not None
    assert 1 <= len(change.best) <= 3
    rows = {row[0]: row for row in change.figure.table.rows}
    for best in change.best:
        assert rows[best.move][1] == best.middle
        assert rows[best.move][3].startswith(best.odds.split()[0])
    assert change.figure.table.rows[0][1] in change.today


def test_neighbours_are_ranked_by_what_the_firm_can_do(outlook: Outlook, localizer: Localizer) -> None:
    """Before the firm says what it can do, no rank is called its own; then each row names what is used there."""
    mix = Mix({"commercial_aircraft": 100})
    before = brief_of(outlook, localizer, mix).neighbours
    after = brief_of(outlook, localizer, replace(mix, knowhow=("embedded_software", "nothing"))).neighbours
    assert before is not None
    assert after is not None
    assert (before.is_by_choice, after.is_by_choice) == (False, True)
    software = next(row for row in outlook.knowhow if row.id == "embedded_software")
    assert {row.target.segment for row in after.rows} == {
        name for name in (*software.core, *software.some) if name not in mix.shares
    }
    word = localizer.field_text(software, "title").lower()
    for row in after.rows:
        level = "core" if row.target.segment in software.core else "some"
        assert localizer.text(f"neighbours.used.{level}", list=word) in row.summary
    assert brief_of(outlook, localizer, replace(mix, knowhow=("nothing",))).notices == (
        localizer.text("portfolio.notice.knowhow"),
    )


@pytest.mark.parametrize(
    ("record", "kind"),
    [((6, 10, 0.63), "worse"), ((60, 100, 0.604), "even"), ((61, 100, 0.604), "barely"), ((70, 100, 0.604), "better")],
)
def test_a_record_no_better_than_always_yes_says_so(
    outlook: Outlook, localizer: Localizer, record: tuple[int, int, float], kind: str
) -> None:
    """The row in sight ends with "Moins bien" or "Pas mieux" where our calls were right no more often than growth."""
    made = replace(outlook)
    made.__dict__["growing_record"] = dict.fromkeys(outlook.catalogue.markets, record)
    table = brief_of(made, localizer, Mix({"helicopters": 100}, knowhow=("machining",))).neighbours
    assert table is not None
    refusals = {"fr": ("Moins bien", "Pas mieux"), "en": ("Worse", "Not better")}[localizer.language]
    for row in table.rows:
        assert row.summary.endswith(localizer.text(f"neighbours.worth.{kind}"))
        said = [text for text in refusals if text in row.summary]
        assert said == {"worse": [refusals[0]], "even": [refusals[1]]}.get(kind, [])


def title(outlook: Outlook, localizer: Localizer, market: str) -> str:
    return localizer.field_text(outlook.catalogue.segments[market], "title")
