"""What a comparison and the countries say: honest about units, absences and chance; the same figures everywhere."""

import re
from dataclasses import replace
from datetime import date
from itertools import cycle

import altair as alt
import numpy as np
import pytest

from observatory.briefs.common.series_search import PINNED, choices, countries_of, found, fronted, peers
from observatory.briefs.compare.comovement import SURE, lead_of
from observatory.briefs.compare.page import OWN, compare
from observatory.briefs.countries.page import countries, offered
from observatory.briefs.countries.standings import class_of, limits, ranks, standings
from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import BETWEEN, code_of
from observatory.language import Speaker
from observatory.outlook.analysis.comovement import Tie
from observatory.outlook.outlook import Outlook
from observatory.selection import MEASURES, UNITS, Selection, read
from observatory.settings import MOST_SERIES

DAY = date(2026, 11, 22)
MILITARY = "military_expenditure_usd"


def texts(*parts: object) -> str:
    """All that a brief says, to look for what was left unfilled."""
    return repr(parts)


def test_the_own_choice_answers_with_three_markets(outlook: Outlook, speaker: Speaker) -> None:
    """Traffic, aircraft and parts are compared, on an index since their units differ, and that is said."""
    brief = compare(outlook, Selection(lang=speaker.language), speaker, DAY)
    assert brief.codes == OWN
    assert brief.display == "index"
    assert "level" not in brief.displays
    assert speaker.say("compare.units_differ") in brief.chart.subtitle
    assert brief.lead.endswith(".")
    assert brief.chart.spec is not None
    alt.Chart.from_dict(dict(brief.chart.spec))
    assert len(brief.smalls) == len(brief.members) == len(brief.growth.rows) == 3
    assert len(brief.ties.tables[0].rows) == 3
    assert not re.search(r"[{}]|nan|None", brief.lead + brief.chart.alt + texts(brief.growth, brief.ties, brief.under))


def test_index_100_is_the_base_year(outlook: Outlook) -> None:
    """In the year chosen every series is 100; the row of another year is the ratio of two levels."""
    speaker = Speaker("en")
    brief = compare(outlook, Selection(lang="en", base=2015, first=2010), speaker, DAY)
    rows = {row[0]: row[1:] for row in brief.chart.table.rows}
    assert rows["2015"] == ("100", "100", "100")
    deliveries = outlook.panel["airliner_deliveries_airbus_boeing", "WORLD", ""]
    ratio = deliveries.values[-1] / deliveries.values[2015 - deliveries.first]
    assert float(rows["2025"][1]) == pytest.approx(ratio * 100, abs=0.06)


def test_one_unit_has_one_axis_and_peers_are_countries(outlook: Outlook, speaker: Speaker) -> None:
    """Peers of a country are the same indicator elsewhere, those of the cluster first, on one axis of levels."""
    series = peers(outlook, (MILITARY, "FRA", ""))
    assert [code.split(".")[1] for code in series.split(BETWEEN)][:6] == ["FRA", *PINNED]
    brief = compare(outlook, Selection(lang=speaker.language, series=series), speaker, DAY)
    assert brief.display == "level"
    assert brief.displays == UNITS
    assert brief.members[0].short == "France"
    assert brief.chart.spec is not None
    alt.Chart.from_dict(dict(brief.chart.spec))


def test_per_unit_of_the_output_of_each_country(outlook: Outlook) -> None:
    """Military expenditure over output is a share in per cent, with no forecast; what has no output is named."""
    speaker = Speaker("en")
    series = f"{MILITARY}.DEU~objects_launched.RUS~{MILITARY}.USA"
    brief = compare(outlook, Selection(lang="en", series=series, per="gdp_current_usd"), speaker, DAY)
    assert [row.code for row in brief.members] == [f"{MILITARY}.DEU", f"{MILITARY}.USA"]
    assert "% of GDP" in brief.members[0].cells[0]
    assert {row.cells[-1] for row in brief.members} == {"\u2013"}
    assert any("Russia" in notice for notice in brief.notices)


def test_a_series_without_figures_is_said(outlook: Outlook, speaker: Speaker) -> None:
    """A link to a series that this edition does not have names it and shows the rest, or the page's own choice."""
    brief = compare(outlook, Selection(lang=speaker.language, series="esa_budget.BRA"), speaker, DAY)
    assert brief.codes == OWN
    assert len(brief.notices) == 1


def test_any_comparison_says_something(outlook: Outlook, catalogue: Catalogue) -> None:
    """Twenty random lists, displays, divisors, base years and spans: never an error, never a figure without a value."""
    rng = np.random.default_rng(5)
    codes, languages = [code_of(key) for key in outlook.panel], cycle(("fr", "en"))
    for _ in range(20):
        language = next(languages)
        chosen = list(rng.choice(codes, size=int(rng.integers(1, MOST_SERIES + 1)), replace=False))
        query = {
            "series": BETWEEN.join(chosen),
            "unit": str(rng.choice(UNITS)),
            "per": str(rng.choice(["", "gdp_current_usd", codes[0], chosen[-1]])),
            "base": str(rng.integers(1950, 2030)),
            "from": str(rng.integers(1900, 2030)),
            "lang": language,
        }
        selection, _notices = read({name: value for name, value in query.items() if value}, catalogue)
        brief = compare(outlook, selection, Speaker(language), DAY)
        assert brief.lead
        assert set(brief.codes) <= set(chosen)
        assert not re.search(r"\bnan\b|\binf\b|None", texts(brief.growth, brief.ties, brief.chart.table, brief.under))


def test_no_pair_to_compare_is_a_sentence_of_its_own(outlook: Outlook, speaker: Speaker) -> None:
    """Two series with too few years in common: nothing is said to have been compared, nor found."""
    chosen = Selection(lang=speaker.language, series="us_nondefense_aircraft_new_orders.USA~airbus_gross_orders.WORLD")
    brief = compare(outlook, chosen, speaker, DAY)
    assert brief.ties.subtitle == speaker.say("compare.ties.none")


def test_the_head_of_the_page_claims_only_what_is_sure(speaker: Speaker) -> None:
    """A pair with a share of chance of 7 % stands in the table, never in the sentence; a surer one is named instead."""
    weak, strong = Tie(0, 1, "useful", 12, q=0.07), Tie(1, 2, "ahead", 24, q=0.01)
    together, chance = Tie(0, 2, "together", q=0.02), Tie(0, 2, "chance", q=0.6)
    titles = ("First", "Second", "Third")
    said = lead_of((weak, strong), titles, speaker)
    assert "First" not in said
    assert "24" in said
    unsure = speaker.say("compare.lead.unsure", most=speaker.share(SURE))
    assert lead_of((weak, chance), titles, speaker) == unsure
    assert lead_of((replace(together, q=0.07),), titles[:2], speaker) == unsure
    assert lead_of((weak, together), titles, speaker) == speaker.count("compare.lead.unproved", 1, total="2")
    assert lead_of((together, chance), titles, speaker) == speaker.count("compare.lead.some", 1, total="2")
    assert lead_of((chance,), titles, speaker) == speaker.count("compare.lead.chance", 1)
    assert "First" in lead_of((replace(weak, q=SURE), together), titles, speaker)


def test_what_differs_comes_first_in_a_tag(outlook: Outlook, speaker: Speaker) -> None:
    """Countries of one indicator begin with their names, items with theirs; what differs already is left alone."""
    names = {row.code: row.name for row in choices(outlook, speaker)}
    places = [speaker.of(outlook.catalogue.geographies[geo], "short") for geo in ("FRA", "DEU", "USA")]
    tags = fronted([names[f"{MILITARY}.{geo}"] for geo in ("FRA", "DEU", "USA")])
    assert [tag.split(" \u00b7 ")[0] for tag in tags] == places
    every = [names[code] for code in names if code.startswith("airbus_deliveries.")]
    tags = fronted(every)
    assert len({tag[:10] for tag in tags}) == len(tags) > 5
    words = [[sorted(re.findall(r"\w+", text)) for text in texts] for texts in (tags, every)]
    assert words[0] == words[1], "nothing is lost"
    apart = [names[code] for code in OWN]
    assert fronted(apart) == apart


def test_a_search_ignores_accents_case_order_and_language(outlook: Outlook) -> None:
    """The same series answers in either language, with or without accents; nothing answers to nonsense."""
    for speaker in (Speaker("fr"), Speaker("en")):
        every = choices(outlook, speaker)
        assert len(every) == len(outlook.panel)
        wanted = [row.code for row in found(every, "turbine hélicoptères")]
        assert wanted
        for query in ("HELICOPTERES turbine", "turbine helicopter"):
            assert [row.code for row in found(every, query)] == wanted
        assert not found(every, "zzz")
        assert found(every, "") == every


@pytest.mark.parametrize("measure", MEASURES)
def test_every_indicator_with_countries_has_its_page(outlook: Outlook, speaker: Speaker, measure: str) -> None:
    """Map, ranking and profile for each; the cluster's countries first; whoever has no figure is said, never zero."""
    for row in offered(outlook):
        chosen = Selection(lang=speaker.language, indicator=row.id, measure=measure)
        brief = countries(outlook, chosen, speaker, DAY)
        assert brief.indicator == row.id
        assert [one.geo for one in brief.rows][: len(PINNED)] == list(PINNED)
        known = countries_of(outlook, row.id)
        assert {one.geo for one in brief.rows} == {*PINNED, *known}
        for one in brief.rows:
            if one.geo not in known:
                assert one.value is None
                assert one.note == speaker.say("countries.no_data")
                assert set(one.cells) == {"\u2013"}
        assert not re.search(r"\bnan\b|None", texts(brief.table, brief.profile, brief.under) + brief.lead)
        assert len(brief.tints) <= 5


def test_an_order_of_overlapping_ranges_is_not_told_as_certain(outlook: Outlook, speaker: Speaker) -> None:
    """Which country is expected to grow most is doubted at once where its range holds what the second should do."""
    chosen = Selection(lang=speaker.language, indicator="military_expenditure_usd", measure="ahead")
    doubt = speaker.say("countries.close")
    assert countries(outlook, chosen, speaker, DAY).under[0] == doubt
    assert doubt not in countries(outlook, replace(chosen, measure="growth5"), speaker, DAY).under


def test_the_map_paints_what_the_table_ranks(outlook: Outlook) -> None:
    """A country is painted if and only if it has a rank; the darkest is the first; old figures are left blank."""
    brief = countries(outlook, Selection(indicator="researchers_per_million", measure="level"), Speaker("fr"), DAY)
    assert brief.map is not None
    shapes = brief.map["layer"][0]["data"]["values"]["objects"]["countries"]["geometries"]
    tints = {shape["id"]: shape["properties"]["o"] for shape in shapes if shape["id"] != "GUF"}
    ranked = {row.geo for row in brief.rows if row.value is not None}
    assert {geo for geo, tint in tints.items() if tint} == ranked
    assert "BRA" not in ranked
    assert "2014" in next(row.note for row in brief.rows if row.geo == "BRA")
    first = max(brief.rows, key=lambda row: row.value or 0)
    assert tints[first.geo] == max(tints.values())


def test_an_indicator_without_countries_is_replaced_and_said(outlook: Outlook, speaker: Speaker) -> None:
    """One that is known for the world alone gives way to one of the same market that is known by country."""
    brief = countries(outlook, Selection(lang=speaker.language, indicator="esa_budget"), speaker, DAY)
    assert outlook.catalogue.indicators[brief.indicator].segment == "space"
    assert len(brief.notices) == 1
    brief = countries(outlook, Selection(lang=speaker.language, geo="FR-TLS"), speaker, DAY)
    assert brief.geo == "DEU"
    assert len(brief.notices) == 1


def test_classes_have_round_limits_and_zero_where_signs_differ() -> None:
    """At most five classes that hold every value; growth and decline are never in one class."""
    values = [-3.9, 1.7, 4.2, 5.2, 5.5, 5.6, 6.2, 7.5, 7.8, 8.0, 12.5]
    cuts = limits(values)
    assert len(cuts) <= 4
    assert 0.0 in cuts
    assert class_of(-3.9, cuts) < class_of(1.7, cuts)
    assert class_of(max(values), cuts) == len(cuts) + 1
    assert limits([3.0, 3.0]) == []


def test_ranks_share_their_place(outlook: Outlook) -> None:
    """Equal values have equal ranks; the highest has the first one."""
    row = outlook.catalogue.indicators[MILITARY]
    found_ranks = ranks(standings(outlook, row, countries_of(outlook, MILITARY), 2028), "level")
    assert found_ranks["USA"] == 1
    assert sorted(found_ranks.values())[0] == 1
