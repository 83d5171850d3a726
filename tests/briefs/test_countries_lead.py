"""The lead of the page of countries: a rate of growth from a low level is no headline, both levels are told."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.common.units import choose_unit
from observatory.briefs.countries.lead import lead_text, rank_changes, under_texts
from observatory.briefs.countries.standings import CountryStanding
from observatory.briefs.countries.view import CountriesView
from observatory.language import Language, Localizer
from observatory.outlook.analysis.yearly_series import YearForecast, YearlySeries
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

LAST = 2025 * 12 + 11
COUNTS, MONEY, SHARES = "objects_launched", "military_expenditure_usd", "rnd_expenditure_share_gdp"


def build_view(
    outlook: Outlook,
    indicator: str,
    measure: str,
    levels: Mapping[str, tuple[float, ...]],
    ahead: Mapping[str, tuple[float, float, float]] | None = None,
    lang: Language = "en",
) -> tuple[Context, CountriesView]:
    """Countries with the levels of the years that end with 2025, and those expected in 2028."""
    row = outlook.catalogue.indicators[indicator]
    standings = []
    for geo, values in levels.items():
        monthly = np.full((len(values) - 1) * 12 + 1, np.nan)
        monthly[::12] = values
        forecasts = (YearForecast(LAST + 36, *ahead[geo]),) if ahead and geo in ahead else ()
        series = YearlySeries((indicator, geo, ""), row, LAST - len(monthly) + 1, monthly, forecasts)
        standings.append(CountryStanding(geo, series, None, is_outdated=False))
    localizer = Localizer(lang)
    unit = choose_unit(row, np.concatenate([standing.series.levels for standing in standings]), localizer)
    context = Context(outlook, Selection(lang=lang), localizer, outlook.day)
    return context, CountriesView(row, standings, measure, unit, None, 2028)


@pytest.mark.parametrize(
    ("lang", "place", "change"),
    [("fr", "en Chine", "Italie (de 1 à 30 objets)"), ("en", "in China", "Italy (from 1 to 30 objects)")],
)
def test_a_count_from_one_to_thirty_is_no_headline(outlook: Outlook, lang: Language, place: str, change: str) -> None:
    """Italy rose from 1 to 30 objects: the headline is China, from 40 to 80; Italy follows in absolute numbers."""
    levels = {"ITA": (1.0, 4.0, 9.0, 15.0, 20.0, 30.0), "CHN": (40.0, 45.0, 50.0, 60.0, 70.0, 80.0)}
    context, view = build_view(outlook, COUNTS, "growth5", levels, lang=lang)
    lead = lead_text(context, view)
    assert place in lead
    assert context.localizer.growth(2 ** (1 / 5) - 1) in lead
    assert "97" not in lead
    assert change in under_texts(context, view)[0]


@pytest.mark.parametrize(("before", "is_low"), [(29.0, True), (30.0, False)])
def test_thirty_things_are_enough_for_a_rate(outlook: Outlook, before: float, is_low: bool) -> None:
    """A count has a rate from thirty things on."""
    _context, view = build_view(outlook, COUNTS, "growth1", {"ITA": (before, 90.0), "CHN": (300.0, 310.0)})
    ranking = rank_changes(view)
    assert [row.standing.geo for row in ranking.low] == (["ITA"] if is_low else [])
    assert ranking.rated[0].standing.geo == ("CHN" if is_low else "ITA")


def test_what_is_measured_needs_a_hundredth_of_the_highest(outlook: Outlook) -> None:
    """Money and shares are no counts: a rate is left out only where the level is under a hundredth of the highest."""
    for indicator, size in ((MONEY, 1e9), (SHARES, 1.0)):
        levels = {"USA": (100.5 * size, 110.5 * size), "BRA": (0.5 * size, 1.5 * size), "CAN": (2.5 * size, 5.5 * size)}
        ranking = rank_changes(build_view(outlook, indicator, "growth1", levels)[1])
        assert [row.standing.geo for row in ranking.rated] == ["CAN", "USA"]
        assert [row.standing.geo for row in ranking.low] == ["BRA"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_only_low_levels_are_told_in_absolute_numbers(outlook: Outlook, lang: Language) -> None:
    """Where every country starts too low, the lead has the largest rise with both levels, and no rate."""
    levels = {"ITA": (2.0, 9.0), "BRA": (1.0, 8.0), "CAN": (1.0, 3.0), "CHN": (5.0, 4.0)}
    context, view = build_view(outlook, COUNTS, "growth1", levels, lang=lang)
    lead, under = lead_text(context, view), under_texts(context, view)
    words = ("de 2 à 9 objets", "en Italie") if lang == "fr" else ("from 2 to 9 objects", "in Italy")
    assert all(word in lead for word in words)
    assert "%" not in lead
    assert ("Brésil (de 1 à 8 objets)" if lang == "fr" else "Brazil (from 1 to 8 objects)") in under[0]
    assert ("Chine (" if lang == "fr" else "China (") not in under[0], "what fell is no rise"


@pytest.mark.parametrize("measure", ["growth1", "growth5", "ahead"])
def test_no_growth_is_said_as_none(outlook: Outlook, measure: str) -> None:
    """Neither a fall nor a rise that rounds to zero is a headline."""
    levels = {"ITA": (100.5,) * 6, "CHN": (90.0, 89.0, 88.0, 87.0, 86.0, 85.0)}
    ahead = {"ITA": (100.55, 90.0, 110.0), "CHN": (80.0, 70.0, 90.0)}
    context, view = build_view(outlook, SHARES, measure, levels, ahead)
    title = context.localizer.field_text(view.indicator, "title")
    assert lead_text(context, view) == context.localizer.text(f"countries.lead.{measure}.none", title=title, year=2028)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_ties_are_named(outlook: Outlook, lang: Language) -> None:
    """Countries that a reader cannot tell apart are all in the lead: by level, by past and by expected growth."""
    levels = {"ITA": (100.5, 110.55), "CHN": (200.5, 220.55), "CAN": (100.5, 101.5)}
    places = ("en Chine", "en Italie") if lang == "fr" else ("in China", "in Italy")
    context, view = build_view(outlook, SHARES, "growth1", levels, lang=lang)
    assert all(place in lead_text(context, view) for place in places)
    context, view = build_view(outlook, SHARES, "level", {"ITA": (7.5,), "CHN": (7.5,), "CAN": (1.5,)}, lang=lang)
    assert all(place in lead_text(context, view) for place in places)
    assert "Canada" not in lead_text(context, view)
    ahead = {"ITA": (125.0, 110.55, 130.0), "CHN": (125.0 * 220.55 / 110.55, 180.0, 260.0), "CAN": (101.5, 99.0, 104.0)}
    context, view = build_view(outlook, SHARES, "ahead", levels, ahead, lang)
    lead = lead_text(context, view)
    assert all(place in lead for place in places)
    assert lead.count("+4") == 2, "each with its range"


def test_expected_growth_of_few_things_is_no_headline(outlook: Outlook) -> None:
    """India has 5 launches and is expected to double: the lead is the country with enough, India is told in numbers."""
    levels = {"IND": (4.0, 5.0), "USA": (170.0, 180.0)}
    ahead = {"IND": (10.0, 0.0, 30.0), "USA": (190.0, 150.0, 230.0)}
    context, view = build_view(outlook, "orbital_launches_annual", "ahead", levels, ahead)
    assert "in the United States" in lead_text(context, view)
    assert any("India (from 5 to 10 launches)" in text for text in under_texts(context, view))
    outdated = [replace(row, is_outdated=row.geo == "USA") for row in view.standings]
    assert "from 5 to 10 launches" in lead_text(context, replace(view, standings=outdated))


@pytest.mark.parametrize(("then", "is_said"), [(40.5, True), (130.5, False)])
def test_catching_up_on_the_pandemic_is_said(outlook: Outlook, then: float, is_said: bool) -> None:
    """A growth since 2020 is catching up where the level fell then, not where it rose."""
    levels = {"ITA": (100.5, then, 105.0, 110.0, 120.0, 130.0, 140.0), "CHN": (99.0,) * 7}
    context, view = build_view(outlook, SHARES, "growth5", levels)
    assert (context.localizer.text("countries.rebound") in under_texts(context, view)) is is_said
