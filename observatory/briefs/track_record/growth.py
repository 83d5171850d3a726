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
    worst = _worst_text(context, spans, indicators)
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
    context: Context, spans: Mapping[str, Sequence[ReplayedCall]], indicators: Mapping[str, GrowthScores]
) -> str:
    """Where the whole did worse than the indicators alone, or than no change at all; empty where it never did."""
    localizer, sentences = context.localizer, []
    before, early = RECENT_START_YEAR - 1, indicators.get("early")
    market = _score_markets(spans["early"]) if spans["early"] else None
    if market and early and (market["whole"] > market["alone"] or early.error > early.engine):
        figures = {
            "whole": market["whole"],
            "alone": market["alone"],
            "indicator_whole": early.error,
            "indicator_alone": early.engine,
        }
        shown = {name: localizer.number(100 * value, 2) for name, value in figures.items()}
        sentences.append(localizer.text("track.growth.worst.text", before=before, **shown))
    for name, key in (("early", "track.growth.unchanged.early"), ("all", "track.growth.unchanged.all")):
        titles = [
            context.market_title(segment)
            for segment in context.outlook.catalogue.markets
            if (rows := [row for row in spans[name] if row.segment == segment])
            and (scores := _score_markets(rows))["naive"] < scores["whole"]
        ]
        if titles:
            sentences.append(localizer.text(key, before=before, markets=localizer.list_text(titles)))
    return " ".join(sentences)
