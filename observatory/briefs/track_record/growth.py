"""The record of expected growth: the whole judged beside its two halves, of markets and of their indicators."""

from collections.abc import Mapping, Sequence

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, TextTable
from observatory.language import Localizer
from observatory.outlook.calls.backtest import ReplayedCall
from observatory.outlook.calls.indicator_backtest import RECENT_START_YEAR, GrowthScores
from observatory.outlook.calls.scores import select_scored


def build_growth_record(context: Context) -> Chapter | None:
    """Mean errors of expected growth by span; None in an edition that did not draw markets and indicators together."""
    outlook, localizer = context.outlook, context.localizer
    indicators = outlook.study.growth_scores
    judged = [row for row in select_scored(outlook.replayed_calls) if row.rule is not None and row.engine is not None]
    if not indicators or not judged:
        return None
    first = RECENT_START_YEAR * 12
    spans = {
        "all": judged,
        "early": [row for row in judged if row.origin < first],
        "recent": [row for row in judged if row.origin >= first],
    }
    rows = [
        _build_row(f"track.growth.market.{name}", context.outlook.study.since, _score_markets(calls), localizer)
        for name, calls in spans.items()
        if calls
    ]
    rows += [
        _build_row(
            f"track.growth.indicator.{name}", context.outlook.study.since, _read_scores(indicators[name]), localizer
        )
        for name in spans
        if name in indicators
    ]
    heads = tuple(
        localizer.text(f"track.growth.head.{name}") for name in ("what", "n", "whole", "past", "alone", "naive", "held")
    )
    title = localizer.text("track.growth.title")
    worst = _worst_text(spans, indicators, localizer)
    terms = ((localizer.text("track.growth.worst"), worst),) if worst else ()
    return Chapter(title, localizer.text("track.growth.subtitle"), terms, (TextTable(title, heads, tuple(rows)),))


def _score_markets(calls: Sequence[ReplayedCall]) -> Mapping[str, float]:
    figures = {
        name: np.log1p(np.array([getattr(row, name) for row in calls], dtype=float))
        for name in ("grew", "growth", "low", "high", "rule", "engine")
    }
    errors = {name: float(np.abs(figures["grew"] - figures[name]).mean()) for name in ("growth", "rule", "engine")}
    inside = (figures["low"] <= figures["grew"]) & (figures["grew"] <= figures["high"])
    return {
        "n": len(calls),
        "whole": errors["growth"],
        "past": errors["rule"],
        "alone": errors["engine"],
        "naive": float(np.abs(figures["grew"]).mean()),
        "held": float(inside.mean()),
    }


def _read_scores(row: GrowthScores) -> Mapping[str, float]:
    return {
        "n": row.n,
        "whole": row.error,
        "past": row.rule,
        "alone": row.engine,
        "naive": row.naive,
        "held": row.held,
    }


def _build_row(key: str, since: int, scores: Mapping[str, float], localizer: Localizer) -> tuple[str, ...]:
    label = localizer.text(key, since=since, recent=RECENT_START_YEAR, before=RECENT_START_YEAR - 1)
    points = (localizer.number(100 * scores[name], 2) for name in ("whole", "past", "alone", "naive"))
    return (label, localizer.number(scores["n"]), *points, localizer.percent_text(scores["held"]))


def _worst_text(
    spans: Mapping[str, Sequence[ReplayedCall]], indicators: Mapping[str, GrowthScores], localizer: Localizer
) -> str:
    """Where the whole did worse than one of its halves, in words; empty where it never did."""
    early, recent = spans["early"], indicators.get("early")
    if not early or recent is None:
        return ""
    market = _score_markets(early)
    if market["whole"] <= market["alone"] and recent.error <= recent.engine:
        return ""
    return localizer.text(
        "track.growth.worst.text",
        before=RECENT_START_YEAR - 1,
        whole=localizer.number(100 * market["whole"], 2),
        alone=localizer.number(100 * market["alone"], 2),
        indicator_whole=localizer.number(100 * recent.error, 2),
        indicator_alone=localizer.number(100 * recent.engine, 2),
    )
