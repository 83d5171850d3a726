"""What the pages say: complete for every market, language and display, and the same figures everywhere."""

import itertools
import re
from dataclasses import replace
from datetime import date

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.compare.page import build_compare
from observatory.briefs.figures.series import build_series_figure
from observatory.briefs.overview.page import build_overview
from observatory.briefs.radar.page import build_radar
from observatory.briefs.segment.page import build_segment
from observatory.catalogue.models import Catalogue
from observatory.language import Language, Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, UNITS, Selection
from observatory.settings import HORIZONS, INTERVAL_LEVELS
from tests.support.charts import assert_chart_is_valid
from tests.support.curated import SEGMENTS
from tests.support.paths import ROOT

DAY = date(2026, 11, 22)


def test_the_list_of_segments_is_whole(catalogue: Catalogue) -> None:
    """The tests below run over all the segments that there are."""
    assert list(catalogue.segments) == SEGMENTS


@pytest.mark.parametrize("name", SEGMENTS)
def test_every_segment_page_says_something(outlook: Outlook, localizer: Localizer, name: str) -> None:
    """A lead, a chart with axes and a fan, a takeaway, a source and a table; nothing left unfilled."""
    brief = build_segment(Context(outlook, Selection(lang=localizer.language, segment=name), localizer, DAY))
    assert brief.lead.endswith(".")
    assert (brief.index_figure is not None) == (name not in ("drones", "purchasing", "horizon"))
    assert brief.main_figure is not None
    assert brief.main_figure.spec is not None
    assert any("layer" in layer for layer in brief.main_figure.spec["layer"]), "a fan"
    for made in (brief.main_figure, *brief.small_figures):
        assert made.takeaway
        assert made.alt
        assert made.source_line
        assert made.provenance.licence
        assert made.table.rows
        sentence = " ".join([made.takeaway, made.alt, made.subtitle, *made.disclosures, *made.notes])
        assert "{" not in sentence
        assert "nan" not in sentence.split()
    assert len(brief.indicators) == len(outlook.catalogue.indicators_of_segment(name))
    assert bool(brief.call) == outlook.catalogue.segments[name].market


@pytest.mark.parametrize("name", SEGMENTS)
def test_every_indicator_in_every_display(outlook: Outlook, name: str) -> None:
    """No indicator, display, horizon or level breaks a page, and the charts are valid Vega-Lite."""
    localizer = Localizer("fr")
    choices = itertools.cycle(itertools.product(UNITS, HORIZONS, INTERVAL_LEVELS))
    for row in outlook.catalogue.indicators_of_segment(name):
        for key in outlook.list_series(row.id)[:2]:
            unit, horizon, level = next(choices)
            chosen = Selection(segment=name, unit=unit, horizon=horizon, level=level)
            made = build_series_figure(Context(outlook, chosen, localizer, DAY), key, 340, 2026)
            assert (made.indicator, made.geo, made.item) == key
            if made.spec is not None:
                assert_chart_is_valid(made.spec)


SPANS = [(2099, 0), (0, 1901), (0, 1995), (1900, 1900), (2030, 2031), (1900, 0), (2015, 2020), (2026, 0)]


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_years_far_from_the_data_break_nothing(outlook: Outlook, first: int, last: int) -> None:
    """A link whose years hold no figure says so instead of failing, whatever the series and the display."""
    units, languages = itertools.cycle(UNITS), itertools.cycle(("fr", "en"))
    for row in outlook.catalogue.indicators.values():
        localizer = Localizer(next(languages))
        chosen = Selection(lang=localizer.language, segment=row.segment, first=first, last=last, unit=next(units))
        made = build_series_figure(Context(outlook, chosen, localizer, DAY), outlook.headline_key(row), 250, 2026)
        assert made.takeaway
        assert "0000" not in made.subtitle


def test_the_overview_ranks_all_markets(outlook: Outlook, localizer: Localizer) -> None:
    """Nine rows in order of probability, one lead, a record beside its baseline; thin markets say why."""
    for horizon in HORIZONS:
        brief = build_overview(
            Context(outlook, Selection(lang=localizer.language, horizon=horizon), localizer, outlook.day)
        )
        assert {row.segment for row in brief.rows} == set(outlook.catalogue.markets)
        odds = [int(row.probability_percent) for row in brief.rows if row.probability_percent]
        assert odds == sorted(odds, reverse=True)
        assert all(row.probability_percent or row.warning for row in brief.rows)
        for row in brief.rows:
            if row.bar:
                assert brief.scale[0] <= row.bar.low <= row.bar.median <= row.bar.high <= brief.scale[1]
        assert_chart_is_valid(brief.scatter or {})
        assert brief.top_market_figure is not None
        assert any("layer" in layer for layer in (brief.top_market_figure.spec or {})["layer"])
        assert str(outlook.study.horizon_scores[horizon].called) in " ".join(brief.under)


def test_sentence_table_and_file_have_the_same_figures(outlook: Outlook) -> None:
    """The last value of the takeaway, of the table and of the observations is one figure."""
    localizer = Localizer("en")
    chosen = Selection(lang="en", segment="helicopters", indicator="turbine_helicopter_deliveries")
    main = build_segment(Context(outlook, chosen, localizer, DAY)).main_figure
    assert main is not None
    line = (ROOT / "data" / "observations" / "turbine_helicopter_deliveries.csv").read_text().splitlines()[-1]
    period, value = line.split(",")[2:]
    assert f"Last value: {value} helicopters in {period}." in main.takeaway
    assert next(row for row in main.table.rows if row[0] == period)[2] == value


def test_a_share_of_output_follows_its_number_without_brackets(outlook: Outlook) -> None:
    """It reads "1,90 % du PIB" and "1.90% of GDP", on the radar, in the sentences of a series and on a comparison."""
    name = "military_expenditure_share_gdp"
    marks: dict[Language, str] = {"fr": "\u00a0% du PIB", "en": "% of GDP"}
    for language, mark in marks.items():
        localizer, chosen = Localizer(language), Selection(lang=language, segment="military_aviation", indicator=name)
        main = build_segment(Context(outlook, chosen, localizer, DAY)).main_figure
        assert main is not None
        divided = Selection(lang=language, series="military_expenditure_usd.DEU", per="gdp_current_usd")
        topics = {
            row.target.indicator: row.seen
            for row in build_radar(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day)).signals
        }
        for sentence in (
            main.takeaway,
            main.alt,
            topics[name],
            build_compare(Context(outlook, divided, localizer, DAY)).growth_table.rows[0][1],
        ):
            assert re.search(rf"\d{mark}", sentence), sentence
            assert not re.search(r"\(% |\d %", sentence), sentence


def test_a_place_without_data_is_said(outlook: Outlook, localizer: Localizer) -> None:
    """A link to a place that an indicator does not have names the places that it has."""
    chosen = Selection(lang=localizer.language, segment="space", indicator="esa_budget", geo="BRA")
    brief = build_segment(Context(outlook, chosen, localizer, DAY))
    assert localizer.field_text(outlook.catalogue.geographies["BRA"], "in") in brief.missing_notice
    assert brief.main_figure is not None
    assert brief.main_figure.geo == "ESA"


def test_a_stopped_series_is_not_extended(outlook: Outlook) -> None:
    """French airports stopped in 2024: no fan, and a sentence that says so."""
    chosen = Selection(segment="air_transport", indicator="fr_airport_passengers_total")
    main = build_segment(Context(outlook, chosen, Localizer("fr"), DAY)).main_figure
    assert main is not None
    assert main.spec is not None
    assert not any("layer" in layer for layer in main.spec["layer"])
    assert "arrêtée" in " ".join(main.disclosures)


def test_missing_years_are_holes_in_the_line(outlook: Outlook) -> None:
    """ATR's backlog lacks seven years: the line is in pieces, the table says missing, the note names the years."""
    chosen = Selection(lang="en", segment="commercial_aircraft", indicator="atr_backlog")
    main = build_segment(Context(outlook, chosen, Localizer("en"), DAY)).main_figure
    assert main is not None
    assert main.spec is not None
    runs = {row["run"] for layer in main.spec["layer"] for row in layer["data"]["values"] if "run" in row}
    assert len(runs) == 4
    assert sum(row[2] == "missing" for row in main.table.rows) == 7
    assert "2015 to 2017" in " ".join(main.notes)


def test_growth_and_index_are_computed_from_the_levels(outlook: Outlook) -> None:
    """Index 100 starts at 100, growth of a year is the ratio of two levels."""
    localizer, base = (
        Localizer("en"),
        Selection(lang="en", segment="helicopters", indicator="turbine_helicopter_deliveries"),
    )
    index = build_segment(Context(outlook, replace(base, unit="index"), localizer, DAY)).main_figure
    growth = build_segment(Context(outlook, replace(base, unit="growth"), localizer, DAY)).main_figure
    level = build_segment(Context(outlook, base, localizer, DAY)).main_figure
    assert index is not None
    assert growth is not None
    assert level is not None
    assert index.table.rows[-1][2] == "100"
    values = {row[0]: float(row[2].replace(",", "")) for row in level.table.rows if row[1] == "observed"}
    grown = next(row[2] for row in growth.table.rows if row[0] == "2025")
    assert grown == localizer.growth(values["2025"] / values["2024"] - 1)
