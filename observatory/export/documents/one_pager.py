"""Drafts the one-pager of a market for a bank or an investor: call, two charts, risks, track record, sources."""

from collections.abc import Iterable
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, SegmentBrief
from observatory.briefs.common.standing import standing_text
from observatory.briefs.external.coming_years import describe_coming_years
from observatory.briefs.links import pin_segment
from observatory.briefs.segment.page import build_segment, segment_end_text
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import build_figure_section, list_sources
from observatory.export.documents.segment import describe_method
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.backtest import BACKTEST_START_YEAR
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scores import compute_scores, select_scored
from observatory.settings import CALL_THRESHOLDS

_MAX_CHARTS = 2  # that are tall enough to read on one sheet
_MAX_OTHERS = 2  # forecasts of others
_MIN_INDEPENDENT_OUTCOMES = 10  # outcomes that do not overlap, as on the page of the track record


def draft_one_pager(context: Context) -> DocumentDraft:
    """The market of the selection on a single sheet."""
    outlook, localizer = context.outlook, context.localizer
    brief = build_segment(context)
    call = outlook.calls.get((brief.segment, context.selection.horizon)) if brief.call else None
    market = outlook.catalogue.segments[brief.segment]
    charts = [
        row for row in (brief.index_figure, brief.main_figure, *brief.small_figures) if row is not None and row.spec
    ][:_MAX_CHARTS]
    return DocumentDraft(
        title=localizer.field_text(market, "title"),
        kicker=localizer.text(
            "export.bank.kicker",
            market=localizer.field_text(market, "title"),
            data=segment_end_text(context, brief.segment),
        ),
        lead=brief.lead,
        call=brief.call,
        call_label=brief.call_label,
        call_line=brief.call_line,
        under=(call_text.criterion_text(call, localizer),) if call and not call.why else (brief.under[0],),
        sections=(
            *(_build_chart_section(row, brief, localizer) for row in charts),
            Section("risks", localizer.text("export.bank.risks"), paragraphs=_describe_risks(context, brief, call)),
            Section(
                "record",
                localizer.text("export.bank.record"),
                paragraphs=_describe_record(context, brief, call),
            ),
            *_build_others_sections(context, brief),
        ),
        cover_id="index" if brief.index_figure is not None else "main",
        method=describe_method(localizer, has_call=call is not None),
        sources=list_sources(context, [outlook.catalogue.indicators[name] for name in _list_indicators(charts, call)]),
        selection=pin_segment(brief, context.outlook, context.selection),
    )


def _build_others_sections(context: Context, brief: SegmentBrief) -> tuple[Section, ...]:
    """What others expect of the market, with their records; nothing where nobody says anything."""
    sentences = describe_coming_years(context, brief.segment)[:_MAX_OTHERS]
    title = context.localizer.text("others.coming.title")
    return (Section("others", title, paragraphs=sentences),) if sentences else ()


def _build_chart_section(figure: Figure, brief: SegmentBrief, localizer: Localizer) -> Section:
    """A figure with its takeaway only; disclosures and notes are on the page that the link opens."""
    name = "index" if figure is brief.index_figure else "main" if figure is brief.main_figure else figure.indicator
    section = build_figure_section(name, figure, localizer, with_role=name != "index", small=True)
    return replace(section, paragraphs=section.paragraphs[:1])


def _list_indicators(charts: Iterable[Figure], call: Call | None) -> list[str]:
    """The indicators of the charts, and those with a weight in the index."""
    weighted = [row.indicator for row in call.reasons if row.share > 0] if call else []
    return list(dict.fromkeys([*(row.indicator for row in charts if row.provenance.publisher), *weighted]))


def _describe_risks(context: Context, brief: SegmentBrief, call: Call | None) -> tuple[str, ...]:
    """Risks in the sentences of the page: low end of the range, warnings, past shock, limitations."""
    localizer = context.localizer
    sentences = []
    if call is not None and call.low is not None and not call.why:
        sentences.append(localizer.text("export.bank.low", low=localizer.growth(call.low), year=call.target_year))
    if call is not None and call.why != "no_data":
        sentences.append(call_text.warning_text(call, localizer))
        sentences.append(localizer.text("segment.proxy") if call_text.is_mostly_proxy(context.outlook, call) else "")
    sentences.append(brief.past_shocks.subtitle if brief.past_shocks else "")
    if brief.main_figure is not None and brief.main_figure.disclosures:
        sentences.append(_attribute_sentence(brief.main_figure, brief.main_figure.disclosures[0], localizer))
    if call is not None:
        sentences.append(localizer.text("method.limits.turning.text", p=round_percent(CALL_THRESHOLDS.growing_from)))
    sentences.append(localizer.text("method.limits.shock.text"))
    return tuple(text for text in sentences if text)


def _attribute_sentence(figure: Figure, sentence: str, localizer: Localizer) -> str:
    """A sentence from below a chart, with the title of the chart, for use away from it."""
    return localizer.text("export.bank.about", title=figure.title, said=sentence[:1].lower() + sentence[1:])


def _describe_record(context: Context, brief: SegmentBrief, call: Call | None) -> tuple[str, ...]:
    """Hit rates of past calls at this horizon, on all markets and on this one; coverage of the forecast intervals."""
    localizer = context.localizer
    sentences = []
    scores = context.outlook.study.horizon_scores.get(call.horizon) if call else None
    if call and scores and scores.called:
        sentences.append(call_text.hit_rate_text(context, call.horizon, scores))
        sentences.append(_describe_market_record(context, brief))
    if brief.main_figure is not None:
        sentences += [
            _attribute_sentence(brief.main_figure, text, localizer) for text in brief.main_figure.disclosures[1:2]
        ]
    sentences.append(call_text.first_due_text(context) if call else "")
    return tuple(text for text in sentences if text)


def _describe_market_record(context: Context, brief: SegmentBrief) -> str:
    """The hit rate on this market alone, or that there are too few outcomes."""
    localizer = context.localizer
    rows = select_scored(context.outlook.replayed_calls, segment=brief.segment)
    scores = compute_scores(rows, with_intervals=False)
    if scores is None or not scores.called or sum(1 / (2 * row.horizon) for row in rows) < _MIN_INDEPENDENT_OUTCOMES:
        return localizer.text("export.bank.few")
    hit_rate = scores.right / scores.called
    rates = localizer.text(
        "export.bank.own",
        since=BACKTEST_START_YEAR,
        right=localizer.number(scores.right),
        called=localizer.number(scores.called),
        share=localizer.percent_digits(hit_rate),
        base=localizer.percent_digits(scores.base),
    )
    return f"{rates} {standing_text(hit_rate, scores.base, localizer)}"
