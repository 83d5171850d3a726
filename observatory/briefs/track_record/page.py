"""Builds the brief of the track record: the worst misses, then all scores against baselines with counts."""

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, TextTable
from observatory.briefs.common.standing import compare_shares, may_be_chance
from observatory.briefs.external.record import build_others_chapter, build_others_figure
from observatory.briefs.track_record import baselines, coverage, headline
from observatory.briefs.track_record.growth import build_growth_record
from observatory.briefs.track_record.misses import build_misses
from observatory.briefs.track_record.model import TrackRecordBrief
from observatory.briefs.track_record.real_time import build_real_time
from observatory.language import NO_VALUE, Localizer, round_percent
from observatory.outlook.calls.backtest import BACKTEST_START_YEAR, ReplayedCall
from observatory.outlook.calls.scores import count_independent_markets, score_by_segment, select_scored
from observatory.settings import HORIZONS

_MIN_INDEPENDENT_OUTCOMES = 10  # outcomes that do not overlap; with fewer, a market gets no scores


def build_track_record(context: Context) -> TrackRecordBrief:
    """The track record as of an outlook; replayed calls and published calls are scored apart."""
    outlook, localizer = context.outlook, context.localizer
    span_scores = baselines.compute_span_scores(outlook)
    skill, skill_table = coverage.build_skill(context)
    real_time, real_time_table = build_real_time(context)
    misses = build_misses(context)
    return TrackRecordBrief(
        kicker=localizer.text("track.kicker", date=localizer.day(outlook.day)),
        lead=record_lead_text(context),
        under=_under_texts(context, span_scores),
        misses_chapter=Chapter(
            localizer.text("track.misses.title"), localizer.text("track.misses.subtitle", n=len(misses.figures)), ()
        ),
        miss_figures=misses.figures,
        miss_targets=misses.targets,
        miss_summaries=misses.summaries,
        reliability_figure=baselines.build_reliability_figure(outlook.replayed_calls, localizer),
        hit_rates=_build_hits_chapter(context, span_scores),
        baseline_figure=baselines.build_baseline_figure(span_scores, localizer),
        score_tables=baselines.build_score_tables(span_scores, localizer),
        market_scores=_build_markets_chapter(context),
        coverage_figure=coverage.build_coverage_figure(context),
        growth=build_growth_record(context),
        skill=skill,
        skill_table=skill_table,
        real_time=real_time,
        real_time_table=real_time_table,
        published_calls=_build_published_chapter(context, span_scores),
        others_figure=build_others_figure(context),
        others=build_others_chapter(context),
        headline=headline.headline_text(context),
        key_figures=headline.build_key_figures(context),
        caveats=tuple(part for part in (_luck_text(span_scores, localizer), call_text.first_due_text(context)) if part),
        hit_bars=headline.build_hit_bars(context),
    )


def record_lead_text(context: Context) -> str:
    """Hit rate over all horizons with counts, against the rate of calling "growing" everywhere, in figures and words.

    The count of all scored calls comes first, as charts and scores use them all, whatever their verdict.
    """
    localizer = context.localizer
    scores = context.outlook.study.overall_scores
    if not scores.called:
        return localizer.text("track.lead.none")
    return localizer.text(
        f"track.lead.{compare_shares(scores.hit_rate, scores.base)}",
        since=context.outlook.study.since,
        n=localizer.number(scores.n),
        called=localizer.number(scores.called),
        right=localizer.number(scores.right),
        share=localizer.percent_digits(scores.hit_rate),
        base=localizer.percent_digits(scores.base),
    )


def _under_texts(context: Context, span_scores: baselines.ScoresBySpan) -> tuple[str, ...]:
    localizer = context.localizer
    sentences = []
    if BACKTEST_START_YEAR in span_scores:
        sentences.append(_luck_text(span_scores, localizer))
        sentences.append(baselines.unbeaten_text(span_scores, localizer))
        sentences.append(localizer.text("track.under"))
    first_due = call_text.first_due_text(context)
    return tuple(part for part in (*sentences, first_due) if part)


def _luck_text(span_scores: baselines.ScoresBySpan, localizer: Localizer) -> str:
    """The interval of the hit rate, where it contains the rate of calling "growing" everywhere; empty else."""
    if BACKTEST_START_YEAR not in span_scores:
        return ""
    everything, _horizons = span_scores[BACKTEST_START_YEAR]
    interval = everything.bootstrap_intervals.get("hits")
    if interval is None or compare_shares(everything.right / everything.called, everything.base) == "even":
        return ""
    if not may_be_chance(everything.base, interval):
        return ""
    low, high, base = (round_percent(share) for share in (*interval, everything.base))
    return localizer.text("track.luck", low=low, high=high, base=base)


def _build_hits_chapter(context: Context, span_scores: baselines.ScoresBySpan) -> Chapter | None:
    """Hit rate by horizon with counts and interval, against the rate of calling "growing" everywhere."""
    localizer = context.localizer
    if BACKTEST_START_YEAR not in span_scores:
        return None
    everything, horizons = span_scores[BACKTEST_START_YEAR]
    by_horizon = [
        (localizer.plural("control.horizon.years", years), row, context.outlook.study.horizon_scores[years])
        for years, row in horizons.items()
    ]
    rows = []
    for label, row, quoted in [
        *by_horizon,
        (localizer.text("track.all_horizons"), everything, context.outlook.study.overall_scores),
    ]:
        called, right = quoted.called, quoted.right
        if not called:
            continue
        low, high = row.bootstrap_intervals["hits"]
        rows.append(
            (
                label,
                localizer.percent_text(right / called),
                localizer.percent_text(quoted.base),
                localizer.text("track.hits.range", low=round_percent(low), high=round_percent(high)),
                _hit_count_text(right, called, localizer),
            )
        )
    heads = tuple(localizer.text(f"track.hits.head.{name}") for name in ("horizon", "share", "always", "range", "of"))
    table = TextTable(localizer.text("track.hits.title"), heads, tuple(rows))
    subtitle = f"{localizer.text('track.hits.subtitle')} {_weak_horizons_text(context)}".strip()
    return Chapter(table.caption, subtitle, (), (table,))


def _weak_horizons_text(context: Context) -> str:
    """The horizons at which calling "growing" everywhere is right as often, or more often; empty if there is none."""
    localizer = context.localizer
    sentences = []
    for standing in ("even", "worse"):
        horizons = [
            localizer.plural("control.horizon.years", years)
            for years, row in context.outlook.study.horizon_scores.items()
            if row.called and compare_shares(row.hit_rate, row.base) == standing
        ]
        if horizons:
            sentences.append(localizer.text(f"track.hits.{standing}", years=localizer.list_text(horizons)))
    return " ".join(sentences)


def _build_markets_chapter(context: Context) -> Chapter | None:
    """Scores by market over all horizons; a market with too few independent outcomes gets counts only."""
    outlook, localizer = context.outlook, context.localizer
    rows = select_scored(outlook.replayed_calls)
    if not rows:
        return None
    scores = score_by_segment(rows)
    table_rows = []
    for name in outlook.catalogue.markets:
        title = localizer.field_text(outlook.catalogue.segments[name], "title")
        row, independent = scores.get(name), count_independent_outcomes([past for past in rows if past.segment == name])
        if row is None or independent < _MIN_INDEPENDENT_OUTCOMES:
            label = localizer.text("track.markets.few", market=title)
            counts = (localizer.number(row.n if row else 0), localizer.number(independent))
            table_rows.append((label, *counts, *[NO_VALUE] * 6))
            continue
        table_rows.append(
            (
                title,
                localizer.number(row.n),
                localizer.number(independent),
                localizer.number(row.brier, 3),
                localizer.number(row.baseline_brier["own"], 3),
                localizer.number(row.baseline_brier["pooled"], 3),
                _hit_count_text(row.right, row.called, localizer),
                localizer.percent_text(row.base),
                localizer.percent_text(row.covered / row.judged) if row.judged else NO_VALUE,
            )
        )
    names = ("market", "n", "alone", "brier", "own", "pooled", "hits", "always", "held")
    heads = tuple(localizer.text(f"track.markets.head.{name}") for name in names)
    title = localizer.text("track.markets.title")
    return Chapter(
        title,
        localizer.text("track.markets.subtitle", since=BACKTEST_START_YEAR),
        (),
        (TextTable(title, heads, tuple(table_rows)),),
    )


def count_independent_outcomes(calls: list[ReplayedCall]) -> float:
    """Number of outcomes that do not overlap: with two origins a year and spans of h years, each counts 1 / (2h)."""
    return sum(1 / (2 * row.horizon) for row in calls)


def _build_published_chapter(context: Context, span_scores: baselines.ScoresBySpan) -> Chapter:
    """The calls published so far, and how many independent outcomes the replayed calls amount to."""
    outlook, localizer = context.outlook, context.localizer
    decided = sum(not call.why for call in outlook.calls.values())
    none = localizer.text("track.published.none", date=localizer.day(outlook.day))
    published = (
        none
        if outlook.is_reconstructed
        else localizer.text(
            "track.published.text",
            id=outlook.edition,
            date=localizer.day(outlook.day),
            n=localizer.number(len(outlook.calls)),
            decided=localizer.number(decided),
        )
    )
    terms = [(localizer.text("track.published.calls"), f"{published} {call_text.first_due_text(context)}".strip())]
    tables = []
    markets, independent = count_independent_markets(outlook.calls, min(HORIZONS))
    if BACKTEST_START_YEAR in span_scores and markets:
        share = independent / markets
        text = localizer.text("track.independent.text", n=markets, worth=localizer.number(independent))
        terms.append((localizer.text("track.independent"), text))
        terms.append((localizer.text("track.order"), _rank_correlation_text(span_scores, localizer)))
        tables.append(_build_independence_table(span_scores, share, localizer))
    title, subtitle = localizer.text("track.published.title"), localizer.text("track.published.subtitle")
    return Chapter(title, subtitle, tuple(row for row in terms if row[1]), tuple(tables))


def _rank_correlation_text(span_scores: baselines.ScoresBySpan, localizer: Localizer) -> str:
    """Rank correlation between probabilities and growth across markets, by span; empty where there is none."""
    parts = [
        localizer.text(
            "track.order.part", since=since, rank=baselines.format_signed(everything.rank_correlation, localizer, 2)
        )
        for since, (everything, _horizons) in span_scores.items()
        if everything.rank_correlation is not None
    ]
    return localizer.text("track.order.text", ranks=localizer.list_text(parts)) if parts else ""


def _build_independence_table(span_scores: baselines.ScoresBySpan, share: float, localizer: Localizer) -> TextTable:
    """By horizon: scored calls, those whose spans do not overlap, and their number corrected for correlated markets."""
    rows = []
    for years, row in span_scores[BACKTEST_START_YEAR][1].items():
        without_overlap = row.n / (2 * years)
        cells = (localizer.number(row.n), localizer.number(without_overlap), localizer.number(without_overlap * share))
        rows.append((localizer.plural("control.horizon.years", years), *cells))
    heads = tuple(localizer.text(f"track.independent.head.{name}") for name in ("horizon", "n", "apart", "worth"))
    return TextTable(localizer.text("track.independent.title"), heads, tuple(rows))


def _hit_count_text(right: int, called: int, localizer: Localizer) -> str:
    """Right calls out of all with a verdict; a dash where there is none."""
    if not called:
        return NO_VALUE
    return localizer.text("track.hits.of", right=localizer.number(right), called=localizer.number(called))
