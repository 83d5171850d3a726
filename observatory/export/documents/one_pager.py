"""A market on one page, for a bank or an investor: the call, three charts, the risks, the record, the sources."""

from collections.abc import Iterable
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, SegmentBrief
from observatory.briefs.links import pin_segment
from observatory.briefs.segment.page import build_segment
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import build_figure_section, list_sources
from observatory.export.documents.segment import describe_method
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.backtest import BACKTEST_START_YEAR
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scores import compute_scores, select_scored
from observatory.settings import CALL_THRESHOLDS

_MAX_CHARTS = 3
_MIN_INDEPENDENT_OUTCOMES = 10  # outcomes that do not overlap, as on the page of the record


def draft_one_pager(context: Context) -> DocumentDraft:
    """The market of the selection as one sheet."""
    outlook, localizer = context.outlook, context.localizer
    page = build_segment(context)
    call = outlook.calls.get((page.segment, context.selection.horizon)) if page.call else None
    market = outlook.catalogue.segments[page.segment]
    charts = [
        row for row in (page.index_figure, page.main_figure, *page.small_figures) if row is not None and row.spec
    ][:_MAX_CHARTS]
    return DocumentDraft(
        title=localizer.field_text(market, "title"),
        kicker=localizer.text(
            "export.bank.kicker", market=localizer.field_text(market, "title"), date=localizer.day(outlook.day)
        ),
        lead=page.lead,
        call=page.call,
        call_label=page.call_label,
        call_line=page.call_line,
        under=(call_text.criterion_text(call, localizer),) if call and not call.why else (page.under[0],),
        sections=(
            *(_build_chart_section(row, page, localizer) for row in charts),
            Section("risks", localizer.text("export.bank.risks"), paragraphs=_describe_risks(context, page, call)),
            Section(
                "record",
                localizer.text("export.bank.record"),
                paragraphs=_describe_record(context, page, call),
            ),
        ),
        cover_id="index" if page.index_figure is not None else "main",
        method=describe_method(call is not None, localizer),
        sources=list_sources(context, [outlook.catalogue.indicators[name] for name in _list_indicators(charts, call)]),
        selection=pin_segment(page, context.outlook, context.selection),
    )


def _build_chart_section(figure: Figure, page: SegmentBrief, localizer: Localizer) -> Section:
    """A figure with its takeaway alone: what else closes it is on the page that the link opens."""
    name = "index" if figure is page.index_figure else "main" if figure is page.main_figure else figure.indicator
    section = build_figure_section(name, figure, localizer, with_role=name != "index", small=True)
    return replace(section, paragraphs=section.paragraphs[:1])


def _list_indicators(charts: Iterable[Figure], call: Call | None) -> list[str]:
    """The indicators behind the three charts: their own, and those with a weight in the index."""
    weighed = [row.indicator for row in call.reasons if row.share > 0] if call else []
    return list(dict.fromkeys([*(row.indicator for row in charts if row.provenance.publisher), *weighed]))


def _describe_risks(context: Context, page: SegmentBrief, call: Call | None) -> tuple[str, ...]:
    """What could go otherwise, in the sentences of the page: the low case, the warnings, the past shock, the limits."""
    localizer = context.localizer
    said = []
    if call is not None and call.low is not None and not call.why:
        said.append(localizer.text("export.bank.low", low=localizer.growth(call.low), year=call.target_year))
    if call is not None and call.why != "no_data":
        said.append(call_text.warning_text(call, localizer))
        said.append(localizer.text("segment.proxy") if call_text.is_mostly_proxy(context.outlook, call) else "")
    said.append(page.past_shocks.subtitle if page.past_shocks else "")
    if page.main_figure is not None and page.main_figure.disclosures:
        said.append(_attribute_sentence(page.main_figure, page.main_figure.disclosures[0], localizer))
    if call is not None:
        said.append(localizer.text("method.limits.turning.text", p=round_percent(CALL_THRESHOLDS.growing_from)))
    said.append(localizer.text("method.limits.shock.text"))
    return tuple(text for text in said if text)


def _attribute_sentence(figure: Figure, sentence: str, localizer: Localizer) -> str:
    """A sentence that stands under a chart on the page, where the chart is not in sight."""
    return localizer.text("export.bank.about", title=figure.title, said=sentence[:1].lower() + sentence[1:])


def _describe_record(context: Context, page: SegmentBrief, call: Call | None) -> tuple[str, ...]:
    """How often calls like this one were right, on all markets and on this one; what the ranges of the series held."""
    localizer = context.localizer
    said = []
    quoted = context.outlook.study.horizon_scores.get(call.horizon) if call else None
    if call and quoted and quoted.called:
        said.append(
            localizer.text(
                "overview.record",
                since=context.outlook.study.since,
                right=localizer.number(quoted.right),
                called=localizer.number(quoted.called),
                share=round_percent(quoted.hit_rate),
                base=round_percent(quoted.base),
            )
        )
        said.append(_describe_market_record(context, page))
    if page.main_figure is not None:
        said += [_attribute_sentence(page.main_figure, text, localizer) for text in page.main_figure.disclosures[1:2]]
    said.append(call_text.first_due_text(context) if call else "")
    return tuple(text for text in said if text)


def _describe_market_record(context: Context, page: SegmentBrief) -> str:
    """The record on this market alone, or that there is too little of it."""
    localizer = context.localizer
    rows = select_scored(context.outlook.replayed_calls, segment=page.segment)
    found = compute_scores(rows, with_intervals=False)
    if found is None or not found.called or sum(1 / (2 * row.horizon) for row in rows) < _MIN_INDEPENDENT_OUTCOMES:
        return localizer.text("export.bank.few")
    return localizer.text(
        "export.bank.own",
        since=BACKTEST_START_YEAR,
        right=localizer.number(found.right),
        called=localizer.number(found.called),
        share=round_percent(found.right / found.called),
        base=round_percent(found.base),
    )
