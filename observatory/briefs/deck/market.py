"""The slide of one market, and the first slides of the deck of its page."""

from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import SegmentBrief
from observatory.briefs.deck.model import AnswerSlide, ChartSlide, DeckSlide
from observatory.briefs.deck.parts import build_ranking_slide, build_record_key, build_record_slide
from observatory.briefs.segment.bridge import bridge_text
from observatory.briefs.segment.page import build_segment
from observatory.briefs.track_record.model import KeyFigure
from observatory.language import round_percent
from observatory.outlook.calls.calls import Call

_MAX_REASONS = 3


def build_market_slide(context: Context, market: str) -> ChartSlide | None:
    """The chart of a market with its reasons and its worst past shock; None without a chart."""
    context = replace(context, selection=replace(context.selection, segment=market, indicator=""))
    return _build_chart(context, build_segment(context))


def build_segment_deck(context: Context, brief: SegmentBrief) -> tuple[DeckSlide, ...]:
    """The call with its figures, the chart, the place among all markets, how sure; nothing for a section."""
    call = context.outlook.calls.get((brief.segment, context.selection.horizon))
    if call is None or not brief.call:
        return ()
    slides = (
        _build_answer(context, brief, call),
        _build_chart(context, brief),
        build_ranking_slide(context, brief.segment),
        build_record_slide(context),
    )
    return tuple(slide for slide in slides if slide is not None)


def _build_answer(context: Context, brief: SegmentBrief, call: Call) -> AnswerSlide:
    localizer = context.localizer
    keys: list[KeyFigure | None] = []
    if call.probability_clear is not None and not call.why:
        text = localizer.text("export.deck.key.market", band=call_text.flat_band_text(localizer), year=call.target_year)
        value, unit = localizer.probability_percent(call.probability_clear), localizer.text("export.firm.of_100")
        keys.append(KeyFigure(value, unit, text, dots=round_percent(call.probability_clear)))
    if call.growth is not None and call.low is not None and call.high is not None:
        text = localizer.text(
            "export.deck.key.growth",
            low=localizer.growth_digits(call.low),
            high=localizer.growth(call.high),
        )
        keys.append(KeyFigure(localizer.growth(call.growth), localizer.text("export.firm.a_year"), text))
    keys.append(build_record_key(context))
    title = brief.lead.removesuffix(".")
    return AnswerSlide(title, " ".join(brief.under[:1]), tuple(key for key in keys if key is not None))


def _build_chart(context: Context, brief: SegmentBrief) -> ChartSlide | None:
    localizer = context.localizer
    figure = brief.index_figure or brief.main_figure
    call = context.outlook.calls.get((brief.segment, context.selection.horizon))
    if figure is None or figure.spec is None or call is None:
        return None
    title = ""
    if call.probability_clear is not None and not call.why:
        title = localizer.text(
            "export.deck.market.title",
            market=context.market_title(brief.segment),
            p=localizer.probability_percent(call.probability_clear),
            band=call_text.flat_band_text(localizer),
        )
    lead = ""
    if call.growth is not None and call.low is not None and call.high is not None:
        lead = localizer.text(
            "export.deck.market.lead",
            growth=localizer.growth(call.growth),
            low=localizer.growth_digits(call.low),
            high=localizer.growth(call.high),
        )
    return ChartSlide(
        title=title or figure.takeaway.removesuffix("."),
        lead=lead or (figure.takeaway if title else ""),
        figure=figure,
        reasons_title=localizer.text("export.deck.market.why"),
        reasons=_build_reasons(context, brief, call),
        caution_title=localizer.text("export.deck.market.wrong") if brief.past_shocks else "",
        caution=brief.past_shocks.subtitle if brief.past_shocks else "",
    )


def _build_reasons(context: Context, brief: SegmentBrief, call: Call) -> tuple[tuple[str, str], ...]:
    """What weighs most, how the pace comes about, and leading signals."""
    localizer = context.localizer
    reasons = []
    heaviest = max(call.reasons, key=lambda row: row.share, default=None)
    if heaviest is not None and heaviest.share:
        title = localizer.field_text(context.outlook.catalogue.indicators[heaviest.indicator], "title")
        text = localizer.text("export.deck.why.weight.text", share=localizer.percent_text(heaviest.share))
        if heaviest.growth is not None:
            growth = localizer.growth(heaviest.growth)
            text = f"{text} {localizer.text('export.deck.why.weight.growth', growth=growth)}"
        reasons.append((localizer.text("export.deck.why.weight", title=title), text))
    bridge = bridge_text(context, call)
    if bridge:
        reasons.append((localizer.text("export.deck.why.pace"), bridge))
    if brief.leading_signals is not None and brief.leading_signals.subtitle:
        first = brief.leading_signals.subtitle.split(". ")[0].rstrip(".")  # the other sentences are in the appendix
        reasons.append((brief.leading_signals.title, f"{first}."))
    return tuple(reasons[:_MAX_REASONS])
