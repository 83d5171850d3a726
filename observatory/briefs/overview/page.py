"""Builds the brief of the overview: ranked markets, their probabilities of growth, the record of past calls."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import calls_end_text
from observatory.briefs.common.model import Figure
from observatory.briefs.common.standing import Standing, compare_shares, hit_rate_interval, standing_text
from observatory.briefs.figures import ranking
from observatory.briefs.figures.index import build_index_figure
from observatory.briefs.overview.model import OverviewBrief, RecordSummary
from observatory.briefs.overview.ranking import (
    build_footnotes,
    build_ranking_row,
    build_ranking_table,
    list_other_segments,
    rank_markets,
)
from observatory.briefs.overview.scatter import build_scatter, build_scatter_terms, past_head_text, scatter_alt_text
from observatory.briefs.purchasing.model import list_forecast_inputs
from observatory.briefs.purchasing.price_rows import build_price_rows
from observatory.catalogue.models import Segment
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.calls import Call
from observatory.typography import capitalize_first

_FAR_HORIZON = 3  # years from which little but the mean past of a market is known
_MAX_RARE_SHARE = 0.05  # of past calls: what was called no more often is practically never called


def build_overview(context: Context) -> OverviewBrief:
    """The overview as of an outlook, for the horizon of the selection."""
    outlook, localizer = context.outlook, context.localizer
    pairs, year = rank_markets(outlook, context.selection.horizon)
    base = pairs[0][1].base_year if pairs else outlook.day.year
    rows = tuple(build_ranking_row(context, segment, call) for segment, call in pairs)
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
        footnotes=build_footnotes(context, pairs),
        scatter=build_scatter(pairs, localizer),
        scatter_alt=scatter_alt_text(pairs, localizer),
        scatter_title=localizer.text("scatter.title"),
        scatter_subtitle=localizer.text("scatter.subtitle", base=base, year=year),
        scatter_note=localizer.text("scatter.note"),
        scatter_terms=build_scatter_terms(pairs, localizer),
        top_market_figure=_build_top_market_figure(context, pairs),
        table=build_ranking_table(rows, title, localizer),
        non_market_segments=list_other_segments(context),
        edition=_edition_text(context, pairs),
        headline=_headline_text(pairs, year, localizer),
        unclear=localizer.plural("overview.unclear", unclear_count) if unclear_count else "",
        limits=_limit_texts(context, pairs),
        odds_title=localizer.text("overview.odds.title", band=call_text.flat_band_text(localizer)),
        odds_unit=localizer.text("overview.odds.unit", chances=localizer.chances(80)),
        span=localizer.text("overview.span", base=base, year=year),
        past_head=past_head_text(pairs, localizer),
        groups=ranking.group_rows(rows, localizer),
        caution_legend=ranking.caution_legend_text(context, [call for _segment, call in pairs]),
        record=_summarize_record(context),
        price=_price_text(context),
        first_due=call_text.first_due_text(context),
    )


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


def _build_top_market_figure(context: Context, pairs: Sequence[tuple[Segment, Call]]) -> Figure | None:
    """The index of the first market of the ranking, with its forecast fan."""
    if not pairs:
        return None
    segment, call = pairs[0]
    title = context.localizer.text("surest.title", market_of=context.localizer.field_text(segment, "of"))
    return build_index_figure(context, call, title, "surest.source", show_realized=bool(context.selection.after))
