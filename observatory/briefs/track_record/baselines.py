"""Builds the reliability diagram of replayed calls and the comparison of their Brier scores with baselines."""

from collections.abc import Mapping, Sequence
from typing import Literal

from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.standing import Standing, compare_interval
from observatory.briefs.figures.plots import build_bar_plot, build_interval_plot
from observatory.charts.reliability_diagram import ReliabilityDot, ReliabilityLabels, build_reliability_diagram
from observatory.charts.score_differences import BaselineDifferences, ScoreDifference, build_score_differences_chart
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.backtest import BACKTEST_START_YEAR, ReplayedCall
from observatory.outlook.calls.scores import (
    BASELINES,
    BOOTSTRAP_BLOCK_YEARS,
    CallScores,
    ReliabilityBin,
    compute_reliability,
    compute_scores,
    score_by_horizon,
    select_scored,
)
from observatory.outlook.outlook import Outlook
from observatory.typography import MINUS, capitalize_first

RECENT_START_YEAR = 2005  # origins since then are also scored apart: the pooled base rate is harder to beat there
_SCORE_DECIMALS = 3  # decimals of a score as shown; comparisons use the rounded values

BaselineStanding = Literal["ahead", "even", "behind"]
_BASELINE_STANDINGS: tuple[BaselineStanding, ...] = ("ahead", "even", "behind")
_STANDING_OF_GAIN: Mapping[Standing, BaselineStanding] = {
    "better": "ahead",
    "barely": "ahead",
    "even": "even",
    "worse": "behind",
}
ScoresBySpan = Mapping[
    int, tuple[CallScores, Mapping[int, CallScores]]
]  # by first year: all horizons together, and each


def compute_span_scores(outlook: Outlook) -> ScoresBySpan:
    """Scores since 1990 and since 2005, over all horizons and by horizon; a span without calls is left out."""
    scores: dict[int, tuple[CallScores, Mapping[int, CallScores]]] = {}
    for since in (BACKTEST_START_YEAR, RECENT_START_YEAR):
        rows = [row for row in select_scored(outlook.replayed_calls) if row.origin >= since * 12]
        everything = compute_scores(rows)
        if everything is not None:
            scores[since] = (everything, score_by_horizon(rows))
    return scores


def compare_to_baseline(call_scores: CallScores, baseline: str) -> BaselineStanding:
    """Ahead or behind only if the bootstrap interval of the difference, as shown, excludes zero; else even."""
    low, high = (round(end, _SCORE_DECIMALS) for end in call_scores.bootstrap_intervals[baseline])
    return _STANDING_OF_GAIN[compare_interval(-high, -low)]  # less is better: a negative difference is a gain


def baselines_text(span_scores: ScoresBySpan, localizer: Localizer) -> str:
    """Which baselines the calls beat by span, then each horizon at which a baseline beats the calls."""
    parts = [_span_text(since, everything, localizer) for since, (everything, _horizons) in span_scores.items()]
    for since, (_everything, horizons) in span_scores.items():
        for years, row in horizons.items():
            better_baselines = [name for name in BASELINES if compare_to_baseline(row, name) == "behind"]
            if better_baselines:
                horizon = localizer.plural("control.horizon.years", years)
                parts.append(
                    localizer.text(
                        "track.behind.at",
                        years=horizon,
                        since=since,
                        names=_baseline_names_text(better_baselines, localizer),
                    )
                )
    return " ".join(parts)


def _span_text(since: int, call_scores: CallScores, localizer: Localizer) -> str:
    parts = [
        localizer.text(
            "track.score",
            since=since,
            brier=localizer.number(call_scores.brier, _SCORE_DECIMALS),
            n=localizer.number(call_scores.n),
        )
    ]
    for standing in _BASELINE_STANDINGS:
        names = [name for name in BASELINES if compare_to_baseline(call_scores, name) == standing]
        if names:
            parts.append(localizer.text(f"track.sentence.{standing}", names=_baseline_names_text(names, localizer)))
    return " ".join(parts)


def _baseline_names_text(baselines: Sequence[str], localizer: Localizer) -> str:
    return localizer.list_text(
        localizer.text("track.quoted", name=localizer.text(f"track.baseline.{row}")) for row in baselines
    )


def build_baseline_figure(span_scores: ScoresBySpan, localizer: Localizer) -> Figure | None:
    """Difference in Brier score to each baseline, over all horizons; None where no call was replayed."""
    if not span_scores:
        return None
    title = localizer.text("track.against.title")
    takeaway = baselines_text(span_scores, localizer)
    baselines = [
        BaselineDifferences(
            capitalize_first(localizer.text(f"track.baseline.{name}")),
            [_build_difference(since, row, name, localizer) for since, (row, _horizons) in span_scores.items()],
        )
        for name in BASELINES
    ]
    ends = (localizer.text("track.against.better"), localizer.text("track.against.worse"))
    return Figure(
        title=title,
        subtitle=localizer.text("track.against.subtitle"),
        spec=build_score_differences_chart(baselines, *ends, localizer.language),
        alt=takeaway,
        takeaway=takeaway,
        notes=_build_notes(span_scores, localizer),
        source_line=localizer.text("track.against.source", years=BOOTSTRAP_BLOCK_YEARS),
        table=_build_difference_table(span_scores, title, localizer),
        plot_data=build_interval_plot(
            [f"{baseline.label} ({row.label})" for baseline in baselines for row in baseline.differences],
            "difference",
            title,
            [(row.value, row.low, row.high) for baseline in baselines for row in baseline.differences],
            "",
            _SCORE_DECIMALS,
        ),
    )


def _build_notes(span_scores: ScoresBySpan, localizer: Localizer) -> tuple[str, ...]:
    """What a Brier score is; why the recent span is the harder test, if growth was more frequent there."""
    notes = [localizer.text("track.against.note")]
    if span_scores.keys() >= {BACKTEST_START_YEAR, RECENT_START_YEAR}:
        base, recent_base = (
            round_percent(span_scores[since][0].base) for since in (BACKTEST_START_YEAR, RECENT_START_YEAR)
        )
        if recent_base > base:
            notes.append(
                localizer.text(
                    "track.against.frequent",
                    since=RECENT_START_YEAR,
                    late=recent_base,
                    first=BACKTEST_START_YEAR,
                    base=base,
                )
            )
    return tuple(notes)


def unbeaten_text(span_scores: ScoresBySpan, localizer: Localizer) -> str:
    """The baselines that the calls do not clearly beat over the latest span; empty if there is none."""
    if not span_scores:
        return ""
    since = max(span_scores)
    names = [name for name in BASELINES if compare_to_baseline(span_scores[since][0], name) != "ahead"]
    if not names:
        return ""
    return localizer.plural("track.unbeaten", len(names), since=since, names=_baseline_names_text(names, localizer))


def _build_difference(since: int, call_scores: CallScores, name: str, localizer: Localizer) -> ScoreDifference:
    value = call_scores.brier - call_scores.baseline_brier[name]
    low, high = call_scores.bootstrap_intervals[name]
    return ScoreDifference(
        localizer.text("track.since", since=since), value, low, high, format_signed(value, localizer)
    )


def format_signed(value: float, localizer: Localizer, decimals: int = _SCORE_DECIMALS) -> str:
    """A difference with its sign; no sign where it rounds to zero."""
    rounded = round(value, decimals)  # scores are known to no more
    digits = localizer.number(abs(rounded), decimals)
    sign = "" if rounded == 0 else "+" if rounded > 0 else MINUS
    return f"{sign}{digits}"


def _build_difference_table(span_scores: ScoresBySpan, title: str, localizer: Localizer) -> TextTable:
    """All differences with their intervals, by baseline, span and horizon."""
    headers = tuple(
        localizer.text(f"track.against.head.{name}") for name in ("baseline", "when", "n", "difference", "range")
    )
    rows = []
    for name in BASELINES:
        for since, (everything, horizons) in span_scores.items():
            scores = [(localizer.text("track.all_horizons"), everything)]
            scores += [(localizer.plural("control.horizon.years", years), row) for years, row in horizons.items()]
            for label, row in scores:
                low, high = (format_signed(end, localizer) for end in row.bootstrap_intervals[name])
                when = localizer.text("track.against.when", since=since, horizon=label)
                value = format_signed(row.brier - row.baseline_brier[name], localizer)
                cells = (when, localizer.number(row.n), value, localizer.text("track.range", low=low, high=high))
                rows.append((capitalize_first(localizer.text(f"track.baseline.{name}")), *cells))
    return TextTable(title, headers, tuple(rows))


def build_score_tables(span_scores: ScoresBySpan, localizer: Localizer) -> tuple[TextTable, ...]:
    """Brier scores of calls and baselines by horizon, with counts, intervals and standing: one table per span."""
    return tuple(
        _build_score_table(since, everything, horizons, localizer)
        for since, (everything, horizons) in span_scores.items()
    )


def _build_score_table(
    since: int, everything: CallScores, horizons: Mapping[int, CallScores], localizer: Localizer
) -> TextTable:
    headers = [localizer.text(f"track.scores.head.{name}") for name in ("horizon", "n", "brier", "range")]
    headers += [capitalize_first(localizer.text(f"track.baseline.{name}")) for name in BASELINES]
    by_horizon = [(localizer.plural("control.horizon.years", years), row) for years, row in horizons.items()]
    rows = []
    for label, row in [*by_horizon, (localizer.text("track.all_horizons"), everything)]:
        low, high = (localizer.number(end, _SCORE_DECIMALS) for end in row.bootstrap_intervals["brier"])
        cells = [
            localizer.text(
                "track.scores.cell",
                score=localizer.number(row.baseline_brier[name], _SCORE_DECIMALS),
                standing=localizer.text(f"track.standing.{compare_to_baseline(row, name)}"),
            )
            for name in BASELINES
        ]
        interval = localizer.text("track.range", low=low, high=high)
        rows.append((label, localizer.number(row.n), localizer.number(row.brier, _SCORE_DECIMALS), interval, *cells))
    return TextTable(localizer.text("track.scores.title", since=since), tuple(headers), tuple(rows))


def build_reliability_figure(calls: Sequence[ReplayedCall], localizer: Localizer) -> Figure | None:
    """Observed frequency against predicted probability of growth, by bins; None where no call was replayed."""
    bins = compute_reliability(select_scored(calls))
    if not bins:
        return None
    title = localizer.text("track.said.title")
    labels = ReliabilityLabels(
        *(localizer.text(f"track.said.{name}") for name in ("diagonal", "above", "below", "axis"))
    )
    dots = [
        ReliabilityDot(row.mean_probability * 100, row.observed_frequency * 100, row.n, localizer.number(row.n))
        for row in bins
    ]
    rows = tuple(
        (
            localizer.text("track.said.bin", low=round_percent(row.low), high=round_percent(row.high)),
            localizer.number(row.n),
            localizer.percent_text(row.mean_probability),
            localizer.percent_text(row.observed_frequency),
        )
        for row in bins
    )
    headers = tuple(localizer.text(f"track.said.head.{name}") for name in ("bin", "n", "said", "came"))
    takeaway = _reliability_text(bins, localizer)
    return Figure(
        title=title,
        subtitle=localizer.text("track.said.subtitle"),
        spec=build_reliability_diagram(dots, labels, localizer.language),
        alt=takeaway,
        takeaway=takeaway,
        source_line=localizer.text("track.said.source", n=localizer.number(sum(row.n for row in bins))),
        table=TextTable(title, headers, rows),
        plot_data=build_bar_plot(
            [row[0] for row in rows],
            [
                ("said", headers[2], [row.mean_probability * 100 for row in bins]),
                ("came", headers[3], [row.observed_frequency * 100 for row in bins]),
            ],
            localizer.text("export.said.subtitle"),
        ),
    )


def _reliability_text(bins: Sequence[ReliabilityBin], localizer: Localizer) -> str:
    """The bin of the highest probabilities, and the bin farthest from the diagonal."""
    top, farthest = bins[-1], max(bins, key=lambda row: abs(row.observed_frequency - row.mean_probability))
    return localizer.text(
        "track.said.takeaway",
        said=round_percent(top.mean_probability),
        came=round_percent(top.observed_frequency),
        n=localizer.number(top.n),
        farthest_said=round_percent(farthest.mean_probability),
        farthest_came=round_percent(farthest.observed_frequency),
        farthest_n=localizer.number(farthest.n),
    )
