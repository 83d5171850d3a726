"""What a comparison and the countries say: honest about units, absences and chance; the same figures everywhere."""

import re
from dataclasses import replace
from datetime import date
from itertools import cycle

import numpy as np
import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.common.series_names import move_distinct_words_first
from observatory.briefs.common.series_search import (
    PINNED_COUNTRIES,
    format_peer_codes,
    list_countries,
    list_series_choices,
    search_series,
)
from observatory.briefs.compare.comovement import MAX_LEAD_Q_VALUE, lead_text
from observatory.briefs.compare.page import build_compare
from observatory.briefs.compare.series import DEFAULT_SERIES
from observatory.briefs.countries.choices import list_country_indicators
from observatory.briefs.countries.page import build_countries
from observatory.briefs.countries.standings import (
    CountryStanding,
    build_standings,
    classify_value,
    compute_class_limits,
    is_distorted_by_covid,
    rank_countries,
)
from observatory.briefs.links import pin_countries
from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.language import Localizer
from observatory.outlook.analysis.comovement import Comovement
from observatory.outlook.analysis.yearly_series import YearlySeries
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, MEASURES, UNITS, Selection, parse_selection
from observatory.settings import MAX_COMPARED_SERIES
from tests.support.charts import assert_chart_is_valid

DAY = date(2026, 11, 22)
MILITARY = "military_expenditure_usd"


def texts(*parts: object) -> str:
    """All that a brief says, to look for what was left unfilled."""
    return repr(parts)


def test_the_own_choice_answers_with_three_markets(outlook: Outlook, localizer: Localizer) -> None:
    """Traffic, aircraft and parts are compared, on an index since their units differ, and that is said."""
    brief = build_compare(Context(outlook, Selection(lang=localizer.language), localizer, DAY))
    assert brief.codes == DEFAULT_SERIES
    assert brief.display == "index"
    assert "level" not in brief.display_options
    assert localizer.text("compare.units_differ") in brief.chart.subtitle
    assert brief.lead.endswith(".")
    assert brief.chart.spec is not None
    assert_chart_is_valid(brief.chart.spec)
    assert len(brief.small_multiples) == len(brief.series) == len(brief.growth_table.rows) == 3
    assert len(brief.comovement.tables[0].rows) == 3
    assert not re.search(
        r"[{}]|nan|None", brief.lead + brief.chart.alt + texts(brief.growth_table, brief.comovement, brief.under)
    )


def test_index_100_is_the_base_year(outlook: Outlook) -> None:
    """In the year chosen every series is 100; the row of another year is the ratio of two levels."""
    localizer = Localizer("en")
    brief = build_compare(Context(outlook, Selection(lang="en", base=2015, first=2010), localizer, DAY))
    rows = {row[0]: row[1:] for row in brief.chart.table.rows}
    assert rows["2015"] == ("100", "100", "100")
    deliveries = outlook.panel["airliner_deliveries_airbus_boeing", "WORLD", ""]
    ratio = deliveries.values[-1] / deliveries.values[2015 - deliveries.first]
    assert float(rows["2025"][1]) == pytest.approx(ratio * 100, abs=0.06)


@pytest.mark.slow
def test_one_unit_has_one_axis_and_peers_are_countries(outlook: Outlook, localizer: Localizer) -> None:
    """Peers of a country are the same indicator elsewhere, those of the cluster first, on one axis of levels."""
    series = format_peer_codes(outlook, (MILITARY, "FRA", ""))
    assert [code.split(".")[1] for code in series.split(SERIES_SEPARATOR)][:6] == ["FRA", *PINNED_COUNTRIES]
    brief = build_compare(Context(outlook, Selection(lang=localizer.language, series=series), localizer, DAY))
    assert brief.display == "level"
    assert brief.display_options == UNITS
    assert brief.series[0].short_title == "France"
    assert brief.chart.spec is not None
    assert_chart_is_valid(brief.chart.spec)


def test_per_unit_of_the_output_of_each_country(outlook: Outlook) -> None:
    """Military expenditure over output is a share in per cent, with no forecast; what has no output is named."""
    localizer = Localizer("en")
    series = f"{MILITARY}.DEU~objects_launched.RUS~{MILITARY}.USA"
    brief = build_compare(Context(outlook, Selection(lang="en", series=series, per="gdp_current_usd"), localizer, DAY))
    assert [row.code for row in brief.series] == [f"{MILITARY}.DEU", f"{MILITARY}.USA"]
    assert "% of GDP" in brief.series[0].cells[0]
    assert {row.cells[-1] for row in brief.series} == {"\u2013"}
    assert any("Russia" in notice for notice in brief.notices)


def test_a_series_without_figures_is_said(outlook: Outlook, localizer: Localizer) -> None:
    """A link to a series that this edition does not have names it and shows the rest, or the page's own choice."""
    brief = build_compare(Context(outlook, Selection(lang=localizer.language, series="esa_budget.BRA"), localizer, DAY))
    assert brief.codes == DEFAULT_SERIES
    assert len(brief.notices) == 1


@pytest.mark.slow
def test_any_comparison_says_something(outlook: Outlook, catalogue: Catalogue) -> None:
    """Twenty random lists, displays, divisors, base years and spans: never an error, never a figure without a value."""
    rng = np.random.default_rng(5)
    codes, languages = [format_series_code(key) for key in outlook.panel], cycle(("fr", "en"))
    for _ in range(20):
        language = next(languages)
        chosen = list(rng.choice(codes, size=int(rng.integers(1, MAX_COMPARED_SERIES + 1)), replace=False))
        query = {
            "series": SERIES_SEPARATOR.join(chosen),
            "unit": str(rng.choice(UNITS)),
            "per": str(rng.choice(["", "gdp_current_usd", codes[0], chosen[-1]])),
            "base": str(rng.integers(1950, 2030)),
            "from": str(rng.integers(1900, 2030)),
            "lang": language,
        }
        selection, _notices = parse_selection({name: value for name, value in query.items() if value}, catalogue)
        brief = build_compare(Context(outlook, selection, Localizer(language), DAY))
        assert brief.lead
        assert set(brief.codes) <= set(chosen)
        assert not re.search(
            r"\bnan\b|\binf\b|None", texts(brief.growth_table, brief.comovement, brief.chart.table, brief.under)
        )


def test_no_pair_to_compare_is_a_sentence_of_its_own(outlook: Outlook, localizer: Localizer) -> None:
    """Two series with too few years in common: nothing is said to have been compared, nor found."""
    chosen = Selection(lang=localizer.language, series="parrot_revenue_quarterly.WORLD~airbus_gross_orders.WORLD")
    brief = build_compare(Context(outlook, chosen, localizer, DAY))
    assert brief.comovement.subtitle == localizer.text("compare.ties.none")


def test_the_head_of_the_page_claims_only_what_is_sure(localizer: Localizer) -> None:
    """A pair with a share of chance of 7 % stands in the table, never in the sentence; a surer one is named instead."""
    weak, strong = Comovement(0, 1, "useful", 12, q_value=0.07), Comovement(1, 2, "ahead", 24, q_value=0.01)
    together, chance = Comovement(0, 2, "together", q_value=0.02), Comovement(0, 2, "chance", q_value=0.6)
    titles = ("First", "Second", "Third")
    sentence = lead_text((weak, strong), titles, localizer)
    assert "First" not in sentence
    assert "24" in sentence
    unsure = localizer.text("compare.lead.unsure", most=localizer.percent_text(MAX_LEAD_Q_VALUE))
    assert lead_text((weak, chance), titles, localizer) == unsure
    assert lead_text((replace(together, q_value=0.07),), titles[:2], localizer) == unsure
    assert lead_text((weak, together), titles, localizer) == localizer.plural("compare.lead.unproved", 1, total="2")
    assert lead_text((together, chance), titles, localizer) == localizer.plural("compare.lead.some", 1, total="2")
    assert lead_text((chance,), titles, localizer) == localizer.plural("compare.lead.chance", 1)
    assert "First" in lead_text((replace(weak, q_value=MAX_LEAD_Q_VALUE), together), titles, localizer)


def test_what_differs_comes_first_in_a_tag(outlook: Outlook, localizer: Localizer) -> None:
    """Countries of one indicator begin with their names, items with theirs; what differs already is left alone."""
    names = {
        row.code: row.name for row in list_series_choices(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
    }
    places = [localizer.field_text(outlook.catalogue.geographies[geo], "short") for geo in ("FRA", "DEU", "USA")]
    tags = move_distinct_words_first([names[f"{MILITARY}.{geo}"] for geo in ("FRA", "DEU", "USA")])
    assert [tag.split(" \u00b7 ")[0] for tag in tags] == places
    every = [names[code] for code in names if code.startswith("airbus_deliveries.")]
    tags = move_distinct_words_first(every)
    assert len({tag[:10] for tag in tags}) == len(tags) > 5
    words = [[sorted(re.findall(r"\w+", text)) for text in texts] for texts in (tags, every)]
    assert words[0] == words[1], "nothing is lost"
    apart = [names[code] for code in DEFAULT_SERIES]
    assert move_distinct_words_first(apart) == apart


def test_a_search_ignores_accents_case_order_and_language(outlook: Outlook) -> None:
    """The same series answers in either language, with or without accents; nothing answers to nonsense."""
    for localizer in (Localizer("fr"), Localizer("en")):
        every = list_series_choices(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
        assert len(every) == len(outlook.panel)
        wanted = [row.code for row in search_series(every, "turbine hélicoptères")]
        assert wanted
        for query in ("HELICOPTERES turbine", "turbine helicopter"):
            assert [row.code for row in search_series(every, query)] == wanted
        assert not search_series(every, "zzz")
        assert search_series(every, "") == every


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES)
def test_every_indicator_with_countries_has_its_page(outlook: Outlook, localizer: Localizer, measure: str) -> None:
    """Map, ranking and profile for each; the cluster's countries first; whoever has no figure is said, never zero."""
    for row in list_country_indicators(outlook):
        chosen = Selection(lang=localizer.language, indicator=row.id, measure=measure)
        brief = build_countries(Context(outlook, chosen, localizer, DAY))
        assert brief.indicator == row.id
        assert [one.geo for one in brief.ranking_rows][: len(PINNED_COUNTRIES)] == list(PINNED_COUNTRIES)
        known = list_countries(outlook, row.id)
        assert {one.geo for one in brief.ranking_rows} == {*PINNED_COUNTRIES, *known}
        for one in brief.ranking_rows:
            if one.geo not in known:
                assert one.value is None
                assert one.note == localizer.text("countries.no_data")
                assert set(one.cells) == {"\u2013"}
        assert not re.search(r"\bnan\b|None", texts(brief.ranking_table, brief.profile, brief.under) + brief.lead)
        assert len(brief.map_classes) <= 5


def test_the_countries_open_on_the_demand_that_is_forecast_in_most(outlook: Outlook, localizer: Localizer) -> None:
    """Without a choice it is the indicator of demand forecast in most countries; an old dated link keeps its own.

    A shared link names what it shows, dated or not.
    """
    bare = Selection(lang=localizer.language)
    brief = build_countries(Context(outlook, bare, localizer, DAY))
    assert brief.indicator == "objects_launched"
    assert pin_countries(brief, outlook, bare).indicator == "objects_launched"
    assert build_countries(Context(outlook, replace(bare, asof="e2"), localizer, DAY)).indicator == MILITARY


def test_a_warning_of_most_countries_is_said_once(outlook: Outlook, localizer: Localizer) -> None:
    """Growth since 2020 is that of the pandemic in every country, which the page says once; a forecast is none."""
    chosen = Selection(lang=localizer.language, indicator="ifr_flights")
    brief = build_countries(Context(outlook, chosen, localizer, DAY))
    assert brief.shared_warning == localizer.text("countries.covid", year=2026)
    ahead = build_countries(Context(outlook, replace(chosen, measure="ahead"), localizer, DAY))
    assert ahead.shared_warning == ""


def test_an_order_of_overlapping_ranges_is_not_told_as_certain(outlook: Outlook, localizer: Localizer) -> None:
    """Which country is expected to grow most is doubted at once where its range holds what the second should do."""
    chosen = Selection(lang=localizer.language, indicator="military_expenditure_usd", measure="ahead")
    doubt = localizer.text("countries.close")
    assert build_countries(Context(outlook, chosen, localizer, DAY)).under[0] == doubt
    assert doubt not in build_countries(Context(outlook, replace(chosen, measure="growth5"), localizer, DAY)).under


def test_the_map_paints_what_the_table_ranks(outlook: Outlook) -> None:
    """A country is painted if and only if it has a rank; the darkest is the first; old figures are left blank."""
    brief = build_countries(
        Context(outlook, Selection(indicator="researchers_per_million", measure="level"), Localizer("fr"), DAY)
    )
    assert brief.map_spec is not None
    shapes = brief.map_spec["layer"][0]["data"]["values"]["objects"]["countries"]["geometries"]
    tints = {shape["id"]: shape["properties"]["o"] for shape in shapes if shape["id"] != "GUF"}
    ranked = {row.geo for row in brief.ranking_rows if row.value is not None}
    assert {geo for geo, tint in tints.items() if tint} == ranked
    assert "BRA" not in ranked
    assert "2014" in next(row.note for row in brief.ranking_rows if row.geo == "BRA")
    first = max(brief.ranking_rows, key=lambda row: row.value or 0)
    assert tints[first.geo] == max(tints.values())


def test_an_indicator_without_countries_is_replaced_and_said(outlook: Outlook, localizer: Localizer) -> None:
    """One that is known for the world alone gives way to one of the same market that is known by country."""
    brief = build_countries(
        Context(outlook, Selection(lang=localizer.language, indicator="esa_budget"), localizer, DAY)
    )
    assert outlook.catalogue.indicators[brief.indicator].segment == "space"
    assert len(brief.notices) == 1
    brief = build_countries(Context(outlook, Selection(lang=localizer.language, geo="FR-TLS"), localizer, DAY))
    assert brief.geo == "DEU"
    assert len(brief.notices) == 1


def test_classes_have_round_limits_and_zero_where_signs_differ() -> None:
    """At most five classes that hold every value; growth and decline are never in one class."""
    values = [-3.9, 1.7, 4.2, 5.2, 5.5, 5.6, 6.2, 7.5, 7.8, 8.0, 12.5]
    cuts = compute_class_limits(values)
    assert len(cuts) <= 4
    assert 0.0 in cuts
    assert classify_value(-3.9, cuts) < classify_value(1.7, cuts)
    assert classify_value(max(values), cuts) == len(cuts) + 1
    assert compute_class_limits([3.0, 3.0]) == []


def test_ranks_share_their_place(outlook: Outlook) -> None:
    """Equal values have equal ranks; the highest has the first one."""
    row = outlook.catalogue.indicators[MILITARY]
    found_ranks = rank_countries(build_standings(outlook, row, list_countries(outlook, MILITARY), 2028), "level")
    assert found_ranks["USA"] == 1
    assert sorted(found_ranks.values())[0] == 1


def _standing(levels: dict[int, float]) -> CountryStanding:
    """A country with the levels of some years."""
    first, last = min(levels), max(levels)
    values = np.full((last - first) * 12 + 1, np.nan)
    for year, level in levels.items():
        values[(year - first) * 12] = level
    series = YearlySeries(("any", "FRA", ""), None, first * 12 + 11, values)  # type: ignore[arg-type]
    return CountryStanding("FRA", series, None, is_outdated=False)


@pytest.mark.parametrize(
    ("levels", "measure", "expected"),
    [
        ({2015: 90, 2019: 100, 2020: 40}, "growth5", True),
        ({2019: 100, 2020: 40}, "growth1", True),
        ({2019: 100, 2020: 40, 2025: 110}, "growth5", True),
        ({2019: 100, 2020: 40, 2024: 110}, "growth5", False),
        ({2019: 100, 2020: 98}, "growth1", False),
        ({2019: 100, 2020: 160, 2025: 300}, "growth5", False),
        ({2019: 100, 2020: 40}, "level", False),
        ({2015: 90, 2020: 40}, "growth5", False),
    ],
)
def test_growth_of_the_pandemic_is_marked(levels: dict[int, float], measure: str, expected: bool) -> None:
    """A growth that begins or ends in 2020 or 2021 is marked where the level fell then, and only there."""
    assert is_distorted_by_covid(_standing(levels), measure) is expected


def test_old_and_distorted_figures_say_so(outlook: Outlook, localizer: Localizer) -> None:
    """Every country whose growth is that of the pandemic has a warning with the year; one without figures its note."""
    indicators = list_country_indicators(outlook)
    marked = 0
    for indicator in indicators:
        selection = replace(DEFAULT_SELECTION, indicator=indicator.id, segment=indicator.segment, measure="growth5")
        brief = build_countries(Context(outlook, selection, localizer, outlook.day))
        standings = build_standings(outlook, indicator, list_countries(outlook, indicator.id), 2028)
        distorted = {row.geo for row in standings if is_distorted_by_covid(row, "growth5") and not row.is_outdated}
        for row in brief.ranking_rows:
            if row.geo in distorted:
                assert "Covid" in row.warning
            else:
                assert "Covid" not in row.warning
            assert bool(row.value_text) == (row.value is not None)
        marked += len(distorted)
    assert marked, "the catalogue has passengers of 2020"
