"""What the segment page says of shocks, leads and flags: figures of the record, in both languages, or nothing."""

from dataclasses import replace
from datetime import date

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.segment.page import build_segment
from observatory.briefs.segment.signals import build_flag_texts, build_leads_chapter, build_shock_chapter
from observatory.language import Localizer
from observatory.outlook.leads.leads import compute_leads
from observatory.outlook.outlook import Outlook
from observatory.outlook.shocks.shocks import compute_shocks
from observatory.outlook.study import Study
from observatory.selection import DEFAULT_SELECTION, Selection
from tests.support.curated import SEGMENTS

DAY = date(2026, 11, 22)
LEAD = {"lead": "boeing_gross_orders", "market": "boeing_deliveries", "lag_months": 24, "gain": 0.12, "origins": 20}


@pytest.fixture(scope="module")
def full(outlook: Outlook) -> Outlook:
    found = {
        "shocks": compute_shocks(outlook.catalogue, outlook.panel),
        "leads": compute_leads(outlook.catalogue, outlook.panel, DAY),
    }
    return replace(outlook, study=Study.from_json({**outlook.study.as_json(), **found}))


def with_leads(full: Outlook, **changed: object) -> Outlook:
    study = full.study.as_json()
    found = study["leads"]
    own = {**found["segments"]["commercial_aircraft"], **changed}
    segments = {**found["segments"], "commercial_aircraft": own}
    return replace(full, study=Study.from_json({**study, "leads": {**found, "segments": segments}}))


@pytest.mark.parametrize("name", SEGMENTS)
def test_every_market_says_it_and_sections_do_not(full: Outlook, localizer: Localizer, name: str) -> None:
    """Markets say whether a lead is reliable, and what shocks did where it is known; nothing is left unfilled."""
    page = build_segment(Context(full, Selection(lang=localizer.language, segment=name), localizer, DAY))
    market = full.catalogue.segments[name].market
    assert (page.leading_signals is not None) == market
    assert (page.past_shocks is not None) == (market and name != "drones")
    for chapter in (page.past_shocks, page.leading_signals):
        if chapter is not None:
            cells = [cell for table in chapter.tables for row in (table.headers, *table.rows) for cell in row]
            sentence = " ".join(
                [chapter.title, chapter.subtitle, *(text for term in chapter.terms for text in term), *cells]
            )
            assert chapter.subtitle.endswith(".")
            assert "{" not in sentence
            assert "nan" not in sentence.split()
            assert "None" not in sentence


def test_a_shock_is_said_to_be_an_analogy(full: Outlook, localizer: Localizer) -> None:
    """The deepest shock of air transport is told with its loss, from next year on, as an analogy and no forecast."""
    chapter = build_shock_chapter(
        Context(full, DEFAULT_SELECTION, localizer, full.day), full.catalogue.segments["air_transport"]
    )
    assert chapter is not None
    row = full.study.shocks[-1].markets["air_transport"]
    assert f"{localizer.percent_digits(row.depth)}{localizer.percent_sign}" in chapter.subtitle
    assert "Covid-19" in chapter.subtitle
    assert "2027" in chapter.subtitle
    assert (
        "analogie, pas une prévision" if localizer.language == "fr" else "analogy, not a forecast"
    ) in chapter.subtitle
    (table,) = chapter.tables
    assert len(table.rows) == 4, "three shocks and calm years"


def test_one_series_is_said_to_be_too_few(full: Outlook, localizer: Localizer) -> None:
    """Business aviation had one series in 2001: its row has no figure, and says how many series there were."""
    chapter = build_shock_chapter(
        Context(full, DEFAULT_SELECTION, localizer, full.day), full.catalogue.segments["business_aviation"]
    )
    assert chapter is not None
    assert chapter.tables[0].rows[0][1:4] == ("\u2013", "\u2013", "\u2013")
    assert chapter.tables[0].rows[0][4].startswith("1")


def test_reliable_leads_have_a_table_and_others_a_count(full: Outlook, localizer: Localizer) -> None:
    """A reliable lead is shown with its months, gain and years; without one, the number of compared pairs is said."""
    chosen = full.catalogue.segments["commercial_aircraft"]
    chapter = build_leads_chapter(
        Context(with_leads(full, reliable=[LEAD]), DEFAULT_SELECTION, localizer, full.day),
        chosen,
    )
    assert chapter is not None
    (row,) = chapter.tables[0].rows
    assert row[2:] == ("24", f"12{localizer.percent_sign}", "20")
    chapter = build_leads_chapter(
        Context(
            with_leads(full, reliable=[], tested=117),
            DEFAULT_SELECTION,
            localizer,
            full.day,
        ),
        chosen,
    )
    assert chapter is not None
    assert not chapter.tables
    assert "117" in chapter.subtitle


def test_a_shown_flag_stands_beside_its_indicator(full: Outlook, localizer: Localizer) -> None:
    """Each flag that is shown stands in the list with its false alarms; one that is not stands nowhere."""
    now = full.study.raised_flags
    shown = {row.indicator: row for row in now if row.shown}
    sentence = build_flag_texts(Context(full, DEFAULT_SELECTION, localizer, full.day))
    assert sentence.keys() == shown.keys()
    for name, row in shown.items():
        page = build_segment(Context(full, Selection(segment=full.catalogue.indicators[name].segment), localizer, DAY))
        assert next(line.flag for line in page.indicators if line.indicator == name) == sentence[name]
        assert str(row.raised - row.followed) in sentence[name]
        assert str(row.raised) in sentence[name]


def test_an_edition_without_them_leaves_them_out(outlook: Outlook, localizer: Localizer) -> None:
    """An edition published before they were computed has neither chapter and no flag."""
    old = replace(outlook, study=Study())
    page = build_segment(Context(old, Selection(segment="air_transport"), localizer, DAY))
    assert (page.past_shocks, page.leading_signals) == (None, None)
    assert not any(line.flag for line in page.indicators)
