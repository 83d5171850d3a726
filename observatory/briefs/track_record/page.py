"""What the track record says: the worst misses first, then every score beside its baselines, with counts and ranges."""

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, TextTable, TrackRecordBrief
from observatory.briefs.track_record import baselines, coverage
from observatory.briefs.track_record.misses import build_miss_figures
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.backtest import BACKTEST_START_YEAR, ReplayedCall
from observatory.outlook.calls.scores import count_independent_markets, score_by_segment, select_scored
from observatory.settings import HORIZONS

_MIN_INDEPENDENT_OUTCOMES = 10  # outcomes that do not overlap; fewer say nothing of a market


def build_track_record(context: Context) -> TrackRecordBrief:
    """The track record as of an outlook: the replay apart from the calls that were published."""
    outlook, localizer = context.outlook, context.localizer
    found = baselines.compute_span_scores(outlook)
    skill, skill_all = coverage.build_skill(context)
    misses = build_miss_figures(context)
    return TrackRecordBrief(
        kicker=localizer.text("track.kicker", date=localizer.day(outlook.day)),
        lead=lead_text(context),
        under=_build_under(context, found),
        misses_chapter=Chapter(
            localizer.text("track.misses.title"), localizer.text("track.misses.subtitle", n=len(misses)), ()
        ),
        miss_figures=misses,
        reliability_figure=baselines.build_reliability_figure(outlook.replayed_calls, localizer),
        hit_rates=_build_hits_chapter(context, found),
        baseline_figure=baselines.build_baseline_figure(found, localizer),
        score_tables=baselines.build_score_tables(found, localizer),
        market_scores=_build_markets_chapter(context),
        coverage_figure=coverage.build_coverage_figure(context),
        skill=skill,
        skill_table=skill_all,
        published_calls=_build_published_chapter(context, found),
    )


def lead_text(context: Context) -> str:
    """The hits of all horizons with their count, beside what "growing" everywhere would have scored.

    All calls judged are counted first: charts and scores rest on them, whatever they said.
    """
    localizer = context.localizer
    quoted = context.outlook.study.overall_scores
    if not quoted.called:
        return localizer.text("track.lead.none")
    return localizer.text(
        "track.lead",
        since=context.outlook.study.since,
        n=localizer.number(quoted.n),
        called=localizer.number(quoted.called),
        right=localizer.number(quoted.right),
        share=round_percent(quoted.hit_rate),
        base=round_percent(quoted.base),
    )


def _build_under(context: Context, span_scores: baselines.ScoresBySpan) -> tuple[str, ...]:
    localizer = context.localizer
    said = []
    if BACKTEST_START_YEAR in span_scores:
        everything, _horizons = span_scores[BACKTEST_START_YEAR]
        low, high = everything.bootstrap_intervals.get("hits", (0.0, 1.0))
        shares = {"low": round_percent(low), "high": round_percent(high), "base": round_percent(everything.base)}
        said.append(localizer.text("track.luck", **shares) if low <= everything.base <= high else "")
        said.append(baselines.unbeaten_text(span_scores, localizer))
        said.append(localizer.text("track.under"))
    first = call_text.first_due_text(context)
    return tuple(part for part in (*said, first) if part)


def _build_hits_chapter(context: Context, span_scores: baselines.ScoresBySpan) -> Chapter | None:
    """The hit rate by horizon with counts and range; "always growing" stands beside it in every row."""
    localizer = context.localizer
    if BACKTEST_START_YEAR not in span_scores:
        return None
    everything, horizons = span_scores[BACKTEST_START_YEAR]
    each = [
        (localizer.plural("control.horizon.years", years), row, context.outlook.study.horizon_scores[years])
        for years, row in horizons.items()
    ]
    rows = []
    for label, row, quoted in [
        *each,
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
    """The horizons at which "growing" everywhere would have been right more often; empty if there is none."""
    localizer = context.localizer
    late = [
        localizer.plural("control.horizon.years", years)
        for years, row in context.outlook.study.horizon_scores.items()
        if row.called and row.hit_rate < row.base
    ]
    return localizer.text("track.hits.behind", years=localizer.list_text(late)) if late else ""


def _build_markets_chapter(context: Context) -> Chapter | None:
    """Scores by market, all horizons together; of a market with too few outcomes it says only that."""
    outlook, localizer = context.outlook, context.localizer
    rows = select_scored(outlook.replayed_calls)
    if not rows:
        return None
    scored = score_by_segment(rows)
    lines = []
    for name in outlook.catalogue.markets:
        title = localizer.field_text(outlook.catalogue.segments[name], "title")
        row, own = scored.get(name), count_independent_outcomes([past for past in rows if past.segment == name])
        if row is None or own < _MIN_INDEPENDENT_OUTCOMES:
            few = localizer.text("track.markets.few", market=title)
            counts = (localizer.number(row.n if row else 0), localizer.number(own))
            lines.append((few, *counts, *["\u2013"] * 6))
            continue
        lines.append(
            (
                title,
                localizer.number(row.n),
                localizer.number(own),
                localizer.number(row.brier, 3),
                localizer.number(row.baseline_brier["own"], 3),
                localizer.number(row.baseline_brier["pooled"], 3),
                _hit_count_text(row.right, row.called, localizer),
                localizer.percent_text(row.base),
                localizer.percent_text(row.covered / row.judged) if row.judged else "\u2013",
            )
        )
    names = ("market", "n", "alone", "brier", "own", "pooled", "hits", "always", "held")
    heads = tuple(localizer.text(f"track.markets.head.{name}") for name in names)
    title = localizer.text("track.markets.title")
    return Chapter(
        title,
        localizer.text("track.markets.subtitle", since=BACKTEST_START_YEAR),
        (),
        (TextTable(title, heads, tuple(lines)),),
    )


def count_independent_outcomes(calls: list[ReplayedCall]) -> float:
    """Outcomes that do not overlap: two origins a year, spans of h years, so each counts 1/(2h)."""
    return sum(1 / (2 * row.horizon) for row in calls)


def _build_published_chapter(context: Context, span_scores: baselines.ScoresBySpan) -> Chapter:
    """The calls really published, and what all the replayed ones are worth as independent judgements."""
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
    """Whether the probabilities put the markets in the order that came: rank correlations, span by span."""
    parts = [
        localizer.text(
            "track.order.part", since=since, rank=baselines.format_signed(everything.rank_correlation, localizer, 2)
        )
        for since, (everything, _horizons) in span_scores.items()
        if everything.rank_correlation is not None
    ]
    return localizer.text("track.order.text", ranks=localizer.list_text(parts)) if parts else ""


def _build_independence_table(span_scores: baselines.ScoresBySpan, share: float, localizer: Localizer) -> TextTable:
    """By horizon: calls judged, those whose spans do not overlap, what they are worth as markets move together."""
    rows = []
    for years, row in span_scores[BACKTEST_START_YEAR][1].items():
        apart = row.n / (2 * years)
        cells = (localizer.number(row.n), localizer.number(apart), localizer.number(apart * share))
        rows.append((localizer.plural("control.horizon.years", years), *cells))
    heads = tuple(localizer.text(f"track.independent.head.{name}") for name in ("horizon", "n", "apart", "worth"))
    return TextTable(localizer.text("track.independent.title"), heads, tuple(rows))


def _hit_count_text(right: int, called: int, localizer: Localizer) -> str:
    """Right and called; a dash where nothing was called."""
    if not called:
        return "\u2013"
    return localizer.text("track.hits.of", right=localizer.number(right), called=localizer.number(called))
