"""Ranking of the overview: one row a market, surest growth first, with its sparkline and its footnotes."""

from collections.abc import Sequence

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Sparkline, TextTable
from observatory.briefs.common.ranking_model import IntervalBar, RankingRow
from observatory.briefs.figures import ranking
from observatory.briefs.figures.index import build_index_path
from observatory.catalogue.models import Segment
from observatory.catalogue.periods import month_ordinal, period_to_ordinal
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.calls.calls import PAST_GROWTH_YEARS, Call
from observatory.outlook.outlook import Outlook

_MIN_NAMED_SHARE = 0.2  # the publisher of an indicator with more weight in an index is named


def list_other_segments(context: Context) -> tuple[tuple[str, str], ...]:
    """The segments that are no markets, with their titles."""
    rows = context.outlook.catalogue.segments.values()
    return tuple((row.id, context.localizer.field_text(row, "title")) for row in rows if not row.market)


def rank_markets(outlook: Outlook, horizon: int) -> tuple[Sequence[tuple[Segment, Call]], int]:
    """The markets with their calls for a horizon, by decreasing probability of growth, and the target year."""
    markets = [row for row in outlook.catalogue.segments.values() if row.market]
    pairs = [(row, outlook.calls[row.id, horizon]) for row in markets if (row.id, horizon) in outlook.calls]
    pairs.sort(key=lambda pair: (-(pair[1].probability_clear or 0), pair[0].title_fr))
    return pairs, pairs[0][1].target_year if pairs else outlook.day.year + horizon


def build_ranking_row(context: Context, segment: Segment, call: Call) -> RankingRow:
    """The row of a market; probability and growth are empty where its call is unclear for want of data."""
    localizer = context.localizer
    word = percent = growth = growth_range = ""
    bar = None
    if (
        call.probability_clear is not None
        and call.growth is not None
        and call.low is not None
        and call.high is not None
    ):
        word = localizer.probability_word(call.probability_clear)
        percent = localizer.probability_percent(call.probability_clear)
        growth = localizer.growth(call.growth)
        growth_range = localizer.text("ranking.range", low=localizer.growth(call.low), high=localizer.growth(call.high))
        bar = IntervalBar(call.low * 100, call.growth * 100, call.high * 100)
    note = call_text.unclear_text(context, call) if call.why else call_text.warning_text(call, localizer)
    proxy = localizer.text("ranking.proxy") if call_text.is_mostly_proxy(context.outlook, call) else ""
    return RankingRow(
        segment=segment.id,
        title=localizer.field_text(segment, "title"),
        call=call.call,
        call_label=call_text.label_text(call, localizer),
        probability_word=word,
        probability_percent=percent,
        growth=growth,
        growth_range=growth_range,
        bar=bar,
        past_growth=localizer.growth(call.past) if call.past is not None else "",
        past_years=_past_years_text(call, localizer),
        past_rate=call.past,
        sparkline=_build_sparkline(context, segment, call),
        freshness=_freshness_text(context, call),
        warning=" ".join(part for part in (note, proxy) if part),
        limit_texts=ranking.limit_texts(bar, localizer) if bar is not None else ("", "", ""),
        cautions=ranking.caution_texts(context, call),
        until=localizer.period_until(call.latest) if call.latest else "",
        reason="" if bar is not None else ranking.reason_text(context, call),
    )


def _past_years_text(call: Call, localizer: Localizer) -> str:
    if call.past is None:
        return ""
    return localizer.text("ranking.past.years", first=call.index_last - PAST_GROWTH_YEARS, last=call.index_last)


def _freshness_text(context: Context, call: Call) -> str:
    """The month up to which half of the index is observed, and its age in months."""
    localizer = context.localizer
    if not call.latest:
        return localizer.text("ranking.no_data")
    months = month_ordinal(context.outlook.day) - period_to_ordinal(call.latest)
    return localizer.plural("ranking.age", months, period=localizer.period(call.latest))


def _build_sparkline(context: Context, segment: Segment, call: Call) -> Sparkline | None:
    """The index of a market and its expected path; None where it is too short to draw."""
    localizer = context.localizer
    if len(call.index) < 3:
        return None
    path = build_index_path(context.outlook, segment.id, call.horizon)
    text = localizer.text(
        "ranking.spark",
        market_of=localizer.field_text(segment, "of"),
        first=call.index_last - len(call.index) + 1,
        last=call.index_last,
        value=localizer.number(call.index[-1]),
    )
    return Sparkline(call.index, tuple((row.median, row.low, row.high) for row in path), text)


def build_footnotes(context: Context, pairs: Sequence[tuple[Segment, Call]]) -> tuple[str, ...]:
    """The main publishers, and the first day on which a call can be scored."""
    localizer, catalogue = context.localizer, context.outlook.catalogue
    indicators = [
        catalogue.indicators[row.indicator]
        for _segment, call in pairs
        for row in call.reasons
        if row.share > _MIN_NAMED_SHARE
    ]
    publishers = dict.fromkeys(localizer.field_text(catalogue.sources[row.source], "publisher") for row in indicators)
    footnotes = [localizer.text("overview.sources", sources=localizer.join_clauses(publishers))]
    if any(not call.why for _segment, call in pairs):
        footnotes.append(call_text.first_due_text(context))
    return tuple(text for text in footnotes if text)


def build_ranking_table(rows: Sequence[RankingRow], title: str, localizer: Localizer) -> TextTable:
    """The ranking as a table of text."""
    names = ("market", "call", "probability", "growth", "range", "past", "freshness")
    return TextTable(
        title,
        tuple(localizer.text(f"ranking.head.{name}") for name in names),
        tuple(
            (
                row.title,
                row.call_label,
                f"{row.probability_percent}{localizer.percent_sign}" if row.probability_percent else NO_VALUE,
                row.growth or NO_VALUE,
                row.growth_range or NO_VALUE,
                f"{row.past_growth} ({row.past_years})" if row.past_growth else NO_VALUE,
                row.freshness,
            )
            for row in rows
        ),
    )
