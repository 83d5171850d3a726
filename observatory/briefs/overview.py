"""Builds the brief of the overview: ranked markets, their probabilities of growth, the record of past calls."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text
from observatory.briefs.common.model import (
    Figure,
    IntervalBar,
    OverviewBrief,
    RankingRow,
    RecordSummary,
    Sparkline,
    TextTable,
)
from observatory.briefs.common.standing import Standing, compare_shares, hit_rate_interval, standing_text
from observatory.briefs.figures import ranking
from observatory.briefs.figures.index import build_index_figure, build_index_path
from observatory.briefs.purchasing.model import list_forecast_inputs
from observatory.briefs.purchasing.price_rows import build_price_rows
from observatory.catalogue.models import Segment
from observatory.catalogue.periods import month_ordinal, period_to_ordinal
from observatory.charts.scatter import ScatterMark, build_scatter_chart
from observatory.language import NO_VALUE, Localizer, round_percent
from observatory.outlook.calls.calls import PAST_GROWTH_YEARS, Call
from observatory.outlook.outlook import Outlook
from observatory.typography import capitalize_first

_COVID_TROUGH_YEARS = (2020, 2021)  # growth measured from these years is inflated by the Covid trough
_MIN_CLEAR_GROWTH_GAP = 0.02  # growth a year by which expected and past growth must differ to be faster or slower
_FAR_HORIZON = 3  # years from which little but the mean past of a market is known
_MAX_RARE_SHARE = 0.05  # of past calls: what was called no more often is practically never called
_MIN_NAMED_SHARE = 0.2  # the publisher of an indicator with more weight in an index is named


def build_overview(context: Context) -> OverviewBrief:
    """The overview as of an outlook, for the horizon of the selection."""
    outlook, localizer = context.outlook, context.localizer
    pairs, year = rank_markets(outlook, context.selection.horizon)
    base = pairs[0][1].base_year if pairs else outlook.day.year
    rows = tuple(_build_ranking_row(context, segment, call) for segment, call in pairs)
    title = localizer.text("overview.title")
    unclear_count = sum(1 for _segment, call in pairs if call.call == "unclear")
    return OverviewBrief(
        kicker=localizer.text(
            "overview.kicker", year=year, data=calls_end_text((call for _segment, call in pairs), localizer)
        ),
        lead=lead_text(pairs, year, localizer),
        under=_build_under(context, pairs),
        title=title,
        subtitle=localizer.text(
            "overview.subtitle",
            base=base,
            year=year,
            chances=localizer.chances(80),
            band=call_text.flat_band_text(localizer),
        ),
        rows=rows,
        scale=ranking.compute_bar_scale(row.bar for row in rows),
        footnotes=_build_footnotes(context, pairs),
        scatter=_build_scatter(pairs, localizer),
        scatter_alt=_scatter_alt_text(pairs, localizer),
        scatter_title=localizer.text("scatter.title"),
        scatter_subtitle=localizer.text("scatter.subtitle", base=base, year=year),
        scatter_note=localizer.text("scatter.note"),
        scatter_terms=_build_scatter_terms(pairs, localizer),
        top_market_figure=_build_top_market_figure(context, pairs),
        table=_build_table(rows, title, localizer),
        non_market_segments=_list_other_segments(context),
        edition=_edition_text(context, pairs),
        headline=_headline_text(pairs, year, localizer),
        unclear=localizer.plural("overview.unclear", unclear_count) if unclear_count else "",
        limits=_limit_texts(context, pairs),
        odds_title=localizer.text("overview.odds.title", band=call_text.flat_band_text(localizer)),
        odds_unit=localizer.text("overview.odds.unit", chances=localizer.chances(80)),
        span=localizer.text("overview.span", base=base, year=year),
        past_head=_past_head_text(pairs, localizer),
        groups=ranking.group_rows(rows, localizer),
        caution_legend=ranking.caution_legend_text(context, [call for _segment, call in pairs]),
        record=_summarize_record(context),
        price=_price_text(context),
        first_due=call_text.first_due_text(context),
    )


def _list_other_segments(context: Context) -> tuple[tuple[str, str], ...]:
    """The segments that are no markets, with their titles."""
    rows = context.outlook.catalogue.segments.values()
    return tuple((row.id, context.localizer.field_text(row, "title")) for row in rows if not row.market)


def rank_markets(outlook: Outlook, horizon: int) -> tuple[Sequence[tuple[Segment, Call]], int]:
    """The markets with their calls for a horizon, by decreasing probability of growth, and the target year."""
    markets = [row for row in outlook.catalogue.segments.values() if row.market]
    pairs = [(row, outlook.calls[row.id, horizon]) for row in markets if (row.id, horizon) in outlook.calls]
    pairs.sort(key=lambda pair: (-(pair[1].probability_clear or 0), pair[0].title_fr))
    return pairs, pairs[0][1].target_year if pairs else outlook.day.year + horizon


def lead_text(pairs: Sequence[tuple[Segment, Call]], year: int, localizer: Localizer) -> str:
    """The number of markets that should grow, and the surest of them."""
    growing = [pair for pair in pairs if pair[1].call == "growing"]
    if not growing:
        return localizer.text("overview.lead.none", total=len(pairs), year=year)
    segment, call = growing[0]
    probability = call.probability_clear or 0.0
    return localizer.plural(
        "overview.lead",
        len(growing),
        total=len(pairs),
        year=year,
        market_of=localizer.field_text(segment, "of"),
        word=localizer.probability_word(probability),
        p=localizer.probability_percent(probability),
    )


def _headline_text(pairs: Sequence[tuple[Segment, Call]], year: int, localizer: Localizer) -> str:
    """The lead in the few words of a heading: how many markets should grow."""
    count = sum(1 for _segment, call in pairs if call.call == "growing")
    if not count:
        return localizer.text("overview.headline.none", total=len(pairs), year=year)
    return localizer.plural("overview.headline", count, total=len(pairs), year=year)


def _edition_text(context: Context, pairs: Sequence[tuple[Segment, Call]]) -> str:
    """The end of the data, and the day of the edition or of the reconstruction."""
    outlook, localizer = context.outlook, context.localizer
    key = "overview.edition.rebuilt" if outlook.is_reconstructed else "overview.edition"
    data = capitalize_first(calls_end_text((call for _segment, call in pairs), localizer))
    return localizer.text(key, data=data, date=localizer.day_short(outlook.day))


def _limit_texts(context: Context, pairs: Sequence[tuple[Segment, Call]]) -> tuple[str, ...]:
    """What the headline cannot say: a decline, which is practically never called; much at a far horizon."""
    localizer, horizon = context.localizer, context.selection.horizon
    texts = []
    called, total = _count_declines(context)
    if called <= total * _MAX_RARE_SHARE and all(call.call != "shrinking" for _segment, call in pairs):
        texts.append(localizer.text("overview.limit"))
    if horizon >= _FAR_HORIZON:
        texts.append(localizer.text("overview.far"))
    return tuple(texts)


def _count_declines(context: Context) -> tuple[int, int]:
    """How many replayed calls at the horizon said "shrinking", and how many there are."""
    calls = [row.call for row in context.outlook.replayed_calls if row.horizon == context.selection.horizon]
    return calls.count("shrinking"), len(calls)


def _summarize_record(context: Context) -> RecordSummary | None:
    """The record of "growing" at the horizon of the selection; None where it was never called."""
    localizer, horizon = context.localizer, context.selection.horizon
    scores = context.outlook.study.horizon_scores.get(horizon)
    if scores is None or not scores.called:
        return None
    share, base = round_percent(scores.hit_rate), round_percent(scores.base)
    standing = compare_shares(scores.hit_rate, scores.base)
    sentences = [localizer.text("overview.record.short", share=share, base=base)]
    if standing != "better":
        sentences.append(localizer.text(f"standing.{standing}"))
    declines, total = _count_declines(context)
    counts = localizer.text(
        "overview.believe.counts",
        since=context.outlook.study.since,
        right=localizer.number(scores.right),
        called=localizer.number(scores.called),
    )
    interval = hit_rate_interval(context.outlook, horizon)
    compared = standing_text(scores.hit_rate, scores.base, localizer, interval)
    details = [counts, *([compared] if compared != localizer.text("standing.better") else [])]
    if standing != "better":
        details.append(_advice_text(standing, base, localizer))
    if total:
        rare = localizer.plural("overview.believe.decline", declines, total=localizer.number(total))
        details.append(rare if declines else localizer.text("overview.believe.never", total=localizer.number(total)))
    texts = (localizer.plural("overview.believe.calls", horizon), localizer.text("overview.believe.base"))
    return RecordSummary(share, base, " ".join(sentences), texts, tuple(details))


def _advice_text(standing: Standing, base: int, localizer: Localizer) -> str:
    """What a record that is not clearly better is good for."""
    return localizer.text("overview.record.order" if standing == "barely" else "overview.record.usual", base=base)


def _price_text(context: Context) -> str:
    """The last price of the first input of a firm and its range, in euros; empty where there is none in euros."""
    inputs = list_forecast_inputs(context.outlook)
    if not inputs:
        return ""
    selection = replace(context.selection, currency="eur")
    row = build_price_rows(replace(context, selection=selection), inputs[:1])[0]
    if not row.unit.startswith("€"):
        return ""
    return context.localizer.text(
        "overview.you.price",
        title=row.title,
        value=row.value,
        unit=row.unit,
        period=row.period,
        range=row.range,
        until=row.until,
    )


def _build_under(context: Context, pairs: Sequence[tuple[Segment, Call]]) -> tuple[str, ...]:
    """The sentences below the lead: unclear calls, the record of past calls, caveats."""
    localizer = context.localizer
    sentences = []
    unclear = sum(1 for _segment, call in pairs if call.call == "unclear")
    if unclear:
        sentences.append(localizer.plural("overview.unclear", unclear))
    scores = context.outlook.study.horizon_scores.get(context.selection.horizon)
    if scores is not None and scores.called:
        sentences.append(call_text.hit_rate_text(context, context.selection.horizon, scores))
        standing = compare_shares(scores.hit_rate, scores.base)
        if standing != "better":
            sentences.append(_advice_text(standing, round_percent(scores.base), localizer))
    if all(call.low is None or call.low < 0 for _segment, call in pairs):
        sentences.append(localizer.text("overview.crossing"))
    if context.selection.horizon >= _FAR_HORIZON:
        sentences.append(localizer.text("overview.far"))
    return tuple(sentences)


def _build_ranking_row(context: Context, segment: Segment, call: Call) -> RankingRow:
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


def _build_footnotes(context: Context, pairs: Sequence[tuple[Segment, Call]]) -> tuple[str, ...]:
    """The main publishers, and the first day on which a call can be scored."""
    localizer, catalogue = context.localizer, context.outlook.catalogue
    indicators = [
        catalogue.indicators[row.indicator]
        for _segment, call in pairs
        for row in call.reasons
        if row.share > _MIN_NAMED_SHARE
    ]
    publishers = dict.fromkeys(localizer.field_text(catalogue.sources[row.source], "publisher") for row in indicators)
    separator = " ; " if localizer.language == "fr" else "; "
    footnotes = [localizer.text("overview.sources", sources=separator.join(publishers))]
    if any(not call.why for _segment, call in pairs):
        footnotes.append(call_text.first_due_text(context))
    return tuple(text for text in footnotes if text)


def _build_scatter(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> dict[str, object] | None:
    """Past and expected growth of each market (Vega-Lite); None below two markets with both."""
    marks = [
        ScatterMark(
            localizer.field_text(segment, "title"),
            call.call,
            call.past * 100,
            call.growth * 100,
            call.low * 100,
            call.high * 100,
        )
        for segment, call in pairs
        if call.past is not None and call.growth is not None and call.low is not None and call.high is not None
    ]
    if len(marks) < 2:
        return None
    return build_scatter_chart(marks, localizer.language, localizer.text("scatter.diagonal"))


def _scatter_alt_text(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> str:
    parts = [
        localizer.text(
            "scatter.alt.mark",
            market=localizer.field_text(segment, "title"),
            past=localizer.growth(call.past),
            expected=localizer.growth(call.growth),
        )
        for segment, call in pairs
        if call.past is not None and call.growth is not None
    ]
    return localizer.text("scatter.alt", marks="; ".join(parts))


def _build_scatter_terms(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> tuple[tuple[str, str], ...]:
    """The scatter as text: markets that should grow faster or slower than before, then caveats on the comparison."""
    faster: list[str] = []
    slower: list[str] = []
    for segment, call in pairs:
        if call.past is None or call.growth is None or call.why or abs(call.growth - call.past) < _MIN_CLEAR_GROWTH_GAP:
            continue
        (faster if call.growth > call.past else slower).append(localizer.field_text(segment, "title"))
    terms = []
    for key, names in (("reading.faster", faster), ("reading.slower", slower)):
        if names:
            terms.append((localizer.text(key), localizer.list_text(names) + "."))
    if _starts_in_trough(pairs):
        terms.append((localizer.text("reading.base"), localizer.text("reading.base.text")))
    crossing = sum(
        1 for _segment, call in pairs if call.low is not None and call.high is not None and call.low < 0 < call.high
    )
    if crossing:
        terms.append((localizer.text("reading.zero"), localizer.plural("reading.zero.text", crossing)))
    return tuple(terms)


def _starts_in_trough(pairs: Sequence[tuple[Segment, Call]]) -> bool:
    """Whether past growth counts from the trough of Covid in some market."""
    return any(
        call.past is not None and call.index_last - PAST_GROWTH_YEARS in _COVID_TROUGH_YEARS for _segment, call in pairs
    )


def _past_head_text(pairs: Sequence[tuple[Segment, Call]], localizer: Localizer) -> str:
    return localizer.text("ranking.past.head.trough" if _starts_in_trough(pairs) else "ranking.past.head")


def _build_top_market_figure(context: Context, pairs: Sequence[tuple[Segment, Call]]) -> Figure | None:
    """The index of the first market of the ranking, with its forecast fan."""
    if not pairs:
        return None
    segment, call = pairs[0]
    title = context.localizer.text("surest.title", market_of=context.localizer.field_text(segment, "of"))
    return build_index_figure(context, call, title, "surest.source", show_realized=bool(context.selection.after))


def _build_table(rows: Sequence[RankingRow], title: str, localizer: Localizer) -> TextTable:
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
