"""The first slides of countries and of a comparison: they answer, with the figures of the page."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.compare.page import build_compare, find_selected_comovements
from observatory.briefs.countries.page import build_countries
from observatory.briefs.deck.compare import build_compare_deck
from observatory.briefs.deck.countries import build_countries_deck
from observatory.briefs.deck.model import AnswerSlide, BarRow, ChartSlide, RankingSlide, RecordSlide, TableSlide
from observatory.briefs.deck.ranges import build_bar_scale, build_range_row
from observatory.language import Localizer
from observatory.outlook.analysis.yearly_series import YearForecast, YearlySeries
from observatory.outlook.outlook import Outlook
from observatory.selection import MEASURES, Selection

MILITARY = "military_expenditure_usd"


def build_context(outlook: Outlook, localizer: Localizer, **fields: str) -> Context:
    """The context of a selection in the language of a localizer."""
    selection = replace(Selection(lang=localizer.language), **fields)  # type: ignore[arg-type]
    return Context(outlook, selection, localizer, outlook.day)


@pytest.mark.parametrize("measure", MEASURES)
def test_countries_answer_rank_show_one_and_say_how_sure(outlook: Outlook, localizer: Localizer, measure: str) -> None:
    """Four slides by every measure: the first has the lead, the second bars, the third a country, the last ranges."""
    context = build_context(outlook, localizer, indicator=MILITARY, measure=measure, geo="CAN")
    brief = build_countries(context)
    answer, bars, place, ranges = build_countries_deck(context, brief)
    assert isinstance(answer, AnswerSlide)
    assert answer.title == brief.lead.removesuffix(".")
    assert len(answer.keys) == 3
    assert isinstance(bars, ChartSlide)
    assert bars.figure.plot_data is not None
    values = [row.value for row in brief.ranking_rows if row.value is not None]
    assert len(bars.figure.plot_data.labels) == len(values)
    assert not [word for word in ("clair", "foncé", "cerné", "light", "outlined") if word in bars.figure.subtitle]
    assert isinstance(place, ChartSlide)
    assert "Canada" in place.title
    assert isinstance(ranges, RankingSlide)
    assert [row.title for row in ranges.rows if row.is_marked] == ["Canada"]
    for slide in (answer, bars, place, ranges):
        assert any(sign.isdigit() for sign in slide.title)


def test_a_rate_of_few_things_leads_no_slide(outlook: Outlook) -> None:
    """Italy went from 1 to 30 objects: no title and no key figure has its rate, and no bar its range."""
    localizer = Localizer("en")
    context = build_context(outlook, localizer, indicator="objects_launched", measure="growth5")
    answer, bars, _place, ranges = build_countries_deck(context, build_countries(context))
    assert isinstance(answer, AnswerSlide)
    assert isinstance(ranges, RankingSlide)
    assert "97" not in " ".join((answer.title, bars.title, *(key.value for key in answer.keys)))
    italy = next(row for row in ranges.rows if row.title == "Italy")
    assert italy.bar is None
    assert italy.missing.startswith("30 objects")


def test_without_forecasts_the_record_says_how_sure(outlook: Outlook, localizer: Localizer) -> None:
    """An indicator that is forecast nowhere ends with the record of the calls; one without values has no deck."""
    context = build_context(outlook, localizer, indicator="researchers_per_million", measure="level")
    assert isinstance(build_countries_deck(context, build_countries(context))[-1], RecordSlide)
    context = build_context(outlook, localizer, indicator="researchers_per_million", measure="ahead")
    assert build_countries_deck(context, build_countries(context)) == ()


def test_a_comparison_answers_ranks_draws_and_says_how_sure(outlook: Outlook, localizer: Localizer) -> None:
    """Its rows have the past growth and the range of the table of the page, the fastest expected first."""
    context = build_context(outlook, localizer)
    comovements = find_selected_comovements(context)
    brief = build_compare(context, comovements)
    answer, ranges, chart, pairs = build_compare_deck(context, brief, comovements)
    assert answer.title == brief.lead.removesuffix(".")
    assert isinstance(ranges, RankingSlide)
    medians = [row.bar.median for row in ranges.rows if row.bar is not None]
    assert medians == sorted(medians, reverse=True)
    cells = {f"{row.letter} {row.short_title}": row.cells for row in brief.series}
    assert all(row.odds == cells[row.title][3] for row in ranges.rows)
    assert all(row.middle in cells[row.title][-1] for row in ranges.rows)
    assert isinstance(chart, ChartSlide)
    assert chart.figure == brief.chart
    assert isinstance(pairs, TableSlide)
    assert pairs.table == brief.comovement.tables[0]
    most = max(pair.q_value for pair in comovements if pair.q_value is not None)
    assert localizer.percent_text(most) in pairs.title


def test_one_series_has_no_deck(outlook: Outlook, localizer: Localizer) -> None:
    """Nothing is compared: the page is written as it stands."""
    context = build_context(outlook, localizer, series=f"{MILITARY}.CAN")
    assert build_compare_deck(context, build_compare(context), ()) == ()


def build_line(outlook: Outlook, low: float, median: float, high: float) -> YearlySeries:
    """A series that is 100 in 2025, with what is expected a year later."""
    row, last = outlook.catalogue.indicators[MILITARY], 2025 * 12 + 11
    return YearlySeries(
        (MILITARY, "CAN", ""), row, last, np.array([100.0]), (YearForecast(last + 12, median, low, high),)
    )


@pytest.mark.parametrize(
    ("ends", "scale", "step"),
    [
        ((95.0, 102.0, 108.0), (-10, 10), 10),
        ((40.0, 105.0, 190.0), (-60, 90), 20),
        ((0.0, 100.0, 400.0), (-100, 300), 50),
    ],
)
def test_a_scale_holds_its_bars_and_has_few_ticks(
    outlook: Outlook, ends: tuple[float, float, float], scale: tuple[int, int], step: int
) -> None:
    """The ends are multiples of five around all bars, ticks at most nine, zero among them."""
    localizer = Localizer("en")
    rows = [build_range_row("Canada", "100", build_line(outlook, *ends), localizer, "")]
    made = build_bar_scale(rows, localizer)
    assert made.ends == scale
    ticks = [tick for tick, _text in made.ticks]
    assert 0 in ticks
    assert {after - before for before, after in pairwise(ticks)} == {step}


def test_what_has_no_range_or_one_beyond_any_scale_is_told_in_words(outlook: Outlook) -> None:
    """A series without forecast, and one that may grow elevenfold in a year, have words in place of a bar."""
    localizer = Localizer("en")
    for line in (replace(build_line(outlook, 1, 1, 1), forecasts=()), build_line(outlook, 90.0, 110.0, 1200.0)):
        row = build_range_row("Canada", "100", line, localizer, "no forecast")
        assert row == BarRow("Canada", odds="100", missing="no forecast")
    assert build_bar_scale([], localizer).ends == (-10, 10)
