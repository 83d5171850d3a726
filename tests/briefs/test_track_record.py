"""What the track record says: the figures of the record, worst misses first, honest about what is not beaten."""

from dataclasses import replace
from datetime import date

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure
from observatory.briefs.registry import build_screen
from observatory.briefs.track_record import baselines
from observatory.briefs.track_record.model import TrackRecordBrief
from observatory.briefs.track_record.page import build_track_record, count_independent_outcomes
from observatory.briefs.track_record.real_time import build_real_time
from observatory.language import Localizer, round_percent
from observatory.outlook.analysis.misses import find_misses, select_events
from observatory.outlook.calls.scores import (
    BASELINES,
    compute_reliability,
    compute_scores,
    find_worst_misses,
    score_by_horizon,
    select_scored,
)
from observatory.outlook.outlook import Outlook
from observatory.outlook.real_time_scores import RealTimeCall, RealTimeRecord, VintageScores
from observatory.outlook.study import Study
from observatory.selection import DEFAULT_SELECTION, Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.workspace import Workspace
from tests.support.charts import assert_chart_is_valid


@pytest.fixture(scope="module")
def briefs(outlook: Outlook) -> dict[str, TrackRecordBrief]:
    return {
        language: build_track_record(Context(outlook, DEFAULT_SELECTION, Localizer(language), outlook.day))
        for language in ("fr", "en")
    }


@pytest.fixture
def brief(briefs: dict[str, TrackRecordBrief], localizer: Localizer) -> TrackRecordBrief:
    return briefs[localizer.language]


def figures(brief: TrackRecordBrief) -> list[Figure]:
    return [
        *brief.miss_figures,
        *(row for row in (brief.reliability_figure, brief.baseline_figure, brief.coverage_figure) if row is not None),
    ]


def test_every_figure_stands_alone(brief: TrackRecordBrief) -> None:
    """Each chart is valid and has title, unit line, takeaway, alternative, source and a table; nothing is unfilled."""
    assert len(figures(brief)) == 8
    for made in figures(brief):
        assert_chart_is_valid(made.spec or {})
        for text in (made.subtitle, made.takeaway, made.alt, made.source_line, *made.disclosures, *made.notes):
            assert text.endswith("."), text
            assert "{" not in text
            assert "nan" not in text.split()
        assert made.title
        assert made.table.rows
        assert {len(row) for row in made.table.rows} == {len(made.table.headers)}


def test_the_lead_has_the_counts_and_always_growing(
    outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer
) -> None:
    """Right, called, their share and what "growing" everywhere would have scored are those of the replay."""
    quoted = outlook.study.overall_scores
    for value in (quoted.right, quoted.called):
        assert localizer.number(value) in brief.lead
    assert str(round_percent(quoted.hit_rate)) in brief.lead
    assert str(round_percent(quoted.base)) in brief.lead


def test_the_hit_rate_never_stands_alone(outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer) -> None:
    """Every row of the hit rate has "always growing" beside it, a range and counts."""
    assert brief.hit_rates is not None
    rows = brief.hit_rates.tables[0].rows
    studies = [*outlook.study.horizon_scores.values(), outlook.study.overall_scores]
    assert len(rows) == len(studies)
    for row, quoted in zip(rows, studies, strict=True):
        assert row[1].startswith(str(round_percent(quoted.hit_rate)))
        assert row[2].startswith(str(round_percent(quoted.base)))
        assert localizer.number(quoted.called) in row[4]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "called", "grown", "word"),
    [(80, 100, 70, "better"), (73, 100, 70, "barely"), (70, 100, 70, "even"), (60, 100, 70, "worse")],
)
def test_the_headline_and_its_figures_agree(
    outlook: Outlook, localizer: Localizer, right: int, called: int, grown: int, word: str
) -> None:
    """The verdict follows from the two hit rates shown below it, each with its dots out of a hundred."""
    document = outlook.study.as_json()
    scores = document["all"] | {"right": right, "called": called, "base": grown / 100}
    study = Study.from_json({**document, "all": scores})
    made = build_track_record(Context(replace(outlook, study=study), DEFAULT_SELECTION, localizer, outlook.day))
    verdicts = {name: localizer.text(f"track.headline.{name}") for name in ("better", "barely", "even", "worse")}
    assert made.headline == verdicts[word]
    assert len(set(verdicts.values())) == len(verdicts)
    assert [row.value for row in made.key_figures[:2]] == [str(right), str(grown)]
    assert [row.dots for row in made.key_figures[:2]] == [right, grown]


def test_the_range_of_calls_is_the_third_figure(outlook: Outlook, brief: TrackRecordBrief) -> None:
    """Of the outcomes that were judged, the share inside the range of their call, as the coverage chart says it."""
    scores = outlook.study.overall_scores
    assert brief.key_figures[2].dots == round_percent(scores.covered / scores.judged)


def test_each_miss_has_a_line_with_both_sides(outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer) -> None:
    """The row of a miss gives the probability and the growth that followed, in the order of the charts."""
    for call_miss, text in zip(find_misses(outlook), brief.miss_summaries, strict=True):
        assert text.startswith(str(round_percent(call_miss.call.clear)))
        assert localizer.growth(call_miss.call.grew or 0.0) in text


def test_the_count_of_the_lead_and_that_of_the_chart_are_told_apart(outlook: Outlook, localizer: Localizer) -> None:
    """The sentence counts all calls judged, as the chart below it does, then those that said "growing".

    So does the screen of a meeting, which shows the chart with nothing else beside it.
    """
    row = compute_scores(select_scored(outlook.replayed_calls))
    assert row is not None
    made = build_screen(
        Context(outlook, Selection(lang=localizer.language, mode="meeting", screens="t"), localizer, outlook.day)
    )
    assert made.figure is not None
    assert sum(int("".join(filter(str.isdigit, cells[1]))) for cells in made.figure.table.rows) == row.n
    judged, called = localizer.number(row.n), localizer.number(row.called)
    for text in (
        made.card.sentence,
        build_track_record(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day)).lead,
    ):
        assert text.index(judged) < text.index(called) < text.index(localizer.number(row.right))
    assert judged in made.figure.source_line


@pytest.mark.slow
def test_it_says_where_always_growing_is_better(outlook: Outlook, localizer: Localizer) -> None:
    """A horizon at which "growing" everywhere would have been right more often is named, and only such a one."""
    study = outlook.study.as_json()
    for base in (0.01, 0.99):
        horizons = study["horizons"] | {"2": study["horizons"]["2"] | {"base": base}}
        changed = replace(outlook, study=Study.from_json({**study, "horizons": horizons}))
        made = build_track_record(Context(changed, DEFAULT_SELECTION, localizer, outlook.day))
        assert made.hit_rates is not None
        assert (localizer.plural("control.horizon.years", 2) in made.hit_rates.subtitle) == (base > 0.5)


def test_the_misses_are_those_of_the_record(outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer) -> None:
    """Five, the worst first; each names its market, what came, and the events of its span, or says that none fell."""
    rows = find_worst_misses(select_scored(outlook.replayed_calls))
    assert len(brief.miss_figures) == len(rows) == 5
    for made, past in zip(brief.miss_figures, rows, strict=True):
        assert made.title.startswith(localizer.field_text(outlook.catalogue.segments[past.segment], "title"))
        assert localizer.growth(past.grew or 0) in made.takeaway
        events = select_events(outlook.catalogue.events, past, outlook.day)
        assert all(localizer.field_text(event, "title") in made.disclosures[0] for event in events)
        assert (made.disclosures[0] == localizer.text("track.miss.no_event")) == (not events)
        assert made.disclosures[0] in made.alt


def test_a_picture_of_a_miss_ends_at_what_was_judged(outlook: Outlook) -> None:
    """Ink ends with 100 at the origin; the point judged is the growth of the replay over its horizon."""
    for row in find_misses(outlook):
        assert row.history[-1].years == 0
        assert row.history[-1].level == pytest.approx(100)
        assert len(row.history) > 3
        judged = next(point for point in row.outcome if point.years == row.call.horizon)
        assert judged.level == pytest.approx(100 * (1 + (row.call.grew or 0)) ** row.call.horizon)
        band = next(one for one in row.expected if one.years == row.call.horizon)
        assert band.low < band.median < band.high


def test_only_events_of_the_span_are_told(outlook: Outlook) -> None:
    """Every event that is named overlaps the span of the call; where none does, none is invented."""
    past = find_worst_misses(select_scored(outlook.replayed_calls))[0]
    for event in select_events(outlook.catalogue.events, past, outlook.day):
        assert event.start <= date(past.origin // 12 + past.horizon, 12, 31)
        assert (event.end or outlook.day) >= date(past.origin // 12, past.origin % 12 + 1, 1)
    assert select_events(outlook.catalogue.events, replace(past, origin=1700 * 12), outlook.day) == ()


def test_scores_are_those_of_the_record(outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer) -> None:
    """The tables of Brier scores have one row a horizon and one for all, since 1990 and since 2005, with counts."""
    for table, since in zip(brief.score_tables, (1990, baselines.RECENT_START_YEAR), strict=True):
        rows = [row for row in select_scored(outlook.replayed_calls) if row.origin >= since * 12]
        expected = [*score_by_horizon(rows).values(), compute_scores(rows)]
        assert str(since) in table.caption
        assert len(table.rows) == len(expected)
        for cells, row in zip(table.rows, expected, strict=True):
            assert row is not None
            assert cells[1:3] == (localizer.number(row.n), localizer.number(row.brier, 3))
            for cell, name in zip(cells[4:], BASELINES, strict=True):
                assert cell.startswith(localizer.number(row.baseline_brier[name], 3))
                assert cell.endswith(localizer.text(f"track.standing.{baselines.compare_to_baseline(row, name)}"))


def test_the_sentence_follows_the_ranges(outlook: Outlook, localizer: Localizer) -> None:
    """A baseline is beaten only if the range of the difference excludes zero; else the sentence says the contrary."""
    row = compute_scores(select_scored(outlook.replayed_calls))
    assert row is not None
    name = localizer.text("track.quoted", name=localizer.text("track.baseline.pooled"))
    cases = {"ahead": (-0.03, -0.01), "even": (-0.03, 0.01), "behind": (0.01, 0.03)}
    for standing, ends in cases.items():
        ranges = dict.fromkeys(BASELINES, (-0.2, -0.1)) | {"pooled": ends, "brier": (0.1, 0.2)}
        changed = replace(row, bootstrap_intervals=row.bootstrap_intervals | ranges)
        assert baselines.compare_to_baseline(changed, "pooled") == standing
        found = {1990: (changed, {1: changed})}
        text = baselines.baselines_text(found, localizer)
        begins = localizer.text(f"track.sentence.{standing}", names="|").split("|")[0]
        assert name in text.split(begins)[1].split(".")[0]
        assert (name in baselines.unbeaten_text(found, localizer)) == (standing != "ahead")
        horizon = localizer.plural("control.horizon.years", 1)
        worse = localizer.text("track.behind.at", years=horizon, since=1990, names=name)
        assert (worse in text) == (standing == "behind")


def test_what_is_shown_as_zero_does_not_decide(outlook: Outlook) -> None:
    """A range that ends at 0.000 as shown does not tell two scores apart."""
    row = compute_scores(select_scored(outlook.replayed_calls))
    assert row is not None
    assert baselines.compare_to_baseline(replace(row, bootstrap_intervals={"own": (-0.05, -0.0004)}), "own") == "even"


def test_the_reliability_diagram_is_that_of_the_record(
    outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer
) -> None:
    """One row a bin with its count, what was said and what came; the counts label the dots."""
    assert brief.reliability_figure is not None
    found = compute_reliability(select_scored(outlook.replayed_calls))
    assert [row[1] for row in brief.reliability_figure.table.rows] == [localizer.number(row.n) for row in found]
    drawn = {
        row.get("text") for layer in (brief.reliability_figure.spec or {})["layer"] for row in layer["data"]["values"]
    }
    assert {localizer.number(row.n) for row in found} <= drawn
    assert str(round_percent(found[-1].observed_frequency)) in brief.reliability_figure.takeaway


def test_a_thin_market_says_so(outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer) -> None:
    """All markets have a row with counts; one with too few outcomes shows no score."""
    assert brief.market_scores is not None
    rows = brief.market_scores.tables[0].rows
    assert len(rows) == len(outlook.catalogue.markets)
    for name, cells in zip(outlook.catalogue.markets, rows, strict=True):
        own = [row for row in select_scored(outlook.replayed_calls) if row.segment == name]
        few = localizer.text(
            "track.markets.few", market=localizer.field_text(outlook.catalogue.segments[name], "title")
        )
        assert cells[1] == localizer.number(len(own))
        assert (cells[0] == few) == (count_independent_outcomes(own) < 10) == (cells[3] == "\u2013")
    assert any(cells[3] == "\u2013" for cells in rows)


def test_ranges_by_horizon_are_those_of_the_replay(
    outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer
) -> None:
    """Coverage by years ahead and level is hits / outcomes of all frequencies."""
    assert brief.coverage_figure is not None
    stored = outlook.study.interval_hits.values()
    total = [sum(rows[1][place] for rows in stored) for place in range(1 + len(INTERVAL_LEVELS))]
    first = brief.coverage_figure.table.rows[0]
    assert first[2] == localizer.number(total[0])
    assert [cell.removesuffix(localizer.percent_sign) for cell in first[3:]] == [
        str(round_percent(hits / total[0])) for hits in total[1:]
    ]


def test_published_calls_are_apart_and_dated(outlook: Outlook, brief: TrackRecordBrief, localizer: Localizer) -> None:
    """The calls really published are counted, with the day on which the first can be judged."""
    text = dict(brief.published_calls.terms)[localizer.text("track.published.calls")]
    first = min(call.due for call in outlook.calls.values() if not call.why)
    assert localizer.number(len(outlook.calls)) in text
    assert localizer.day(date.fromisoformat(first)) in text
    independent = [float(row[3].replace("\u202f", "")) for row in brief.published_calls.tables[0].rows]
    assert independent == sorted(independent, reverse=True)


def test_an_edition_without_replay_claims_nothing(outlook: Outlook, localizer: Localizer) -> None:
    """A first edition where nothing was judged: no score, no picture, and the page stands."""
    bare = replace(outlook, study=Study(), forecasts={}, calls={})
    made = build_track_record(Context(bare, DEFAULT_SELECTION, localizer, outlook.day))
    assert made.lead == localizer.text("track.lead.none")
    assert figures(made) == []
    assert (made.hit_rates, made.market_scores, made.skill) == (None, None, None)


@pytest.mark.slow
def test_a_rebuilt_month_published_nothing(october: Outlook, localizer: Localizer) -> None:
    """The record of a past month names no edition and no date of a first judgement: nothing was published then."""
    brief = build_track_record(Context(october, DEFAULT_SELECTION, localizer, october.day))
    shown = " ".join([*brief.under, *(text for _term, text in brief.published_calls.terms)])
    assert str(-october.edition) not in shown.replace("\u202f", "").replace(",", "")
    assert localizer.day(october.day) in shown
    assert localizer.text("overview.first_due", date="").split("{")[0][:20] not in shown


def made_real_time(outlook: Outlook, years: range, difference: float, calls: tuple[RealTimeCall, ...] = ()) -> Outlook:
    """An edition with ten outcomes a year of one indicator, and an error of a tenth with revised figures."""
    rows = tuple(
        VintageScores("brent_price", f"{year}-03-01", 10, 1 + 10 * difference, 1.0, 6, 8, 0, 0.0, 0.0) for year in years
    )
    return replace(outlook, study=outlook.study.with_real_time(RealTimeRecord("2026-11-30", rows, calls)))


def real_time_terms(outlook: Outlook, localizer: Localizer) -> dict[str, str]:
    chapter, table = build_real_time(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
    assert chapter is not None
    assert table is not None
    names = {localizer.text(f"track.real.{name}"): name for name in ("error", "difference", "held", "first", "calls")}
    return {names[term]: text for term, text in chapter.terms}


def test_the_figures_of_the_time_stand_beside_revised_ones(outlook: Outlook, localizer: Localizer) -> None:
    """Errors with one decimal, ranges in whole per cents, and an interval said to be luck only where it holds zero."""
    terms = real_time_terms(made_real_time(outlook, range(2019, 2025), 0.02), localizer)
    assert set(terms) == {"error", "difference", "held"}
    for figure in ((12.0, 1), (10.0, 1), (60, 0), (6, 0), (1, 0)):
        assert localizer.number(*figure) in terms["error"]
    assert (localizer.percent_text(0.6) in terms["held"], localizer.percent_text(0.8) in terms["held"]) == (True, True)
    ends = {"low": baselines.format_signed(2.0, localizer, 1), "high": baselines.format_signed(2.0, localizer, 1)}
    assert terms["difference"] == localizer.plural("track.real.clear", 6, **ends)
    ends = {"low": baselines.format_signed(0.0, localizer, 1), "high": baselines.format_signed(0.0, localizer, 1)}
    equal = real_time_terms(made_real_time(outlook, range(2019, 2025), 0.0001), localizer)
    assert equal["difference"] == localizer.plural("track.real.luck", 6, **ends)
    few = real_time_terms(made_real_time(outlook, range(2021, 2025), 0.02), localizer)
    assert few["difference"] == localizer.plural("track.real.few", 4)


def test_calls_in_real_time_are_counted_beside_those_of_the_record(outlook: Outlook, localizer: Localizer) -> None:
    """One of two calls is the same, and the largest change of a probability is three points."""
    calls = (
        RealTimeCall("space", 2018 * 12 + 11, 1, "growing", 0.70, 0.03, "unclear", 0.67, 0.02, 0.05),
        RealTimeCall("space", 2018 * 12 + 11, 2, "growing", 0.80, 0.03, "growing", 0.81, 0.02, 0.05),
    )
    terms = real_time_terms(made_real_time(outlook, range(2021, 2025), 0.02, calls), localizer)
    points = localizer.plural("track.real.points", 3)
    assert terms["calls"] == localizer.plural("track.real.calls.text", 2, same="1", dates="1", points=points)


def test_the_record_in_real_time_covers_every_indicator_with_copies(
    outlook: Outlook, workspace: Workspace, brief: TrackRecordBrief, localizer: Localizer
) -> None:
    """A row for each indicator with a judged copy, whose outcomes add up; the first edition has no such part."""
    rows = outlook.study.real_time.vintages
    assert brief.real_time_table is not None
    assert len(brief.real_time_table.rows) == len({row.indicator for row in rows})
    assert sum(int(row[2]) for row in brief.real_time_table.rows) == sum(row.outcomes for row in rows) > 1000
    first = workspace.get_outlook_by_number(1)
    old = build_track_record(Context(first, DEFAULT_SELECTION, localizer, first.day))
    assert (old.real_time, old.real_time_table, old.miss_targets) == (None, None, ())
