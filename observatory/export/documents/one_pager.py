"""A market on one page, for a bank or an investor: the call, three charts, the risks, the record, the sources."""

from collections.abc import Iterable
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.model import Figure, Page
from observatory.briefs.links import of_segment
from observatory.briefs.segment.page import segment as brief_of
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import of_figure, sources_of
from observatory.export.documents.segment import method_of
from observatory.language import Speaker, whole_percent
from observatory.outlook.calls.backtest import SINCE
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scores import counted, scores
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import CALLING

CHARTS = 3
FEWEST_ALONE = 10  # outcomes that do not overlap, as on the page of the record


def brief(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """The market of the selection as one sheet."""
    page = brief_of(outlook, selection, speaker, outlook.day)
    call = outlook.calls.get((page.segment, selection.horizon)) if page.call else None
    market = outlook.catalogue.segments[page.segment]
    charts = [row for row in (page.index, page.main, *page.others) if row is not None and row.spec][:CHARTS]
    return Draft(
        title=speaker.of(market, "title"),
        kicker=speaker.say("export.bank.kicker", market=speaker.of(market, "title"), date=speaker.day(outlook.day)),
        lead=page.lead,
        call=page.call,
        call_label=page.call_label,
        call_line=page.call_line,
        under=(call_text.judged(call, speaker),) if call and not call.why else (page.under[0],),
        sections=(
            *(_chart(row, page, speaker) for row in charts),
            Section("risks", speaker.say("export.bank.risks"), text=_risks(outlook, page, call, speaker)),
            Section("record", speaker.say("export.bank.record"), text=_record(outlook, page, call, speaker)),
        ),
        picture="index" if page.index is not None else "main",
        method=method_of(call is not None, speaker),
        sources=sources_of(outlook, [outlook.catalogue.indicators[name] for name in _behind(charts, call)], speaker),
        selection=of_segment(page, selection),
    )


def _chart(figure: Figure, page: Page, speaker: Speaker) -> Section:
    """A figure with its takeaway alone: what else closes it is on the page that the link opens."""
    name = "index" if figure is page.index else "main" if figure is page.main else figure.indicator
    section = of_figure(name, figure, speaker, role=name != "index", small=True)
    return replace(section, text=section.text[:1])


def _behind(charts: Iterable[Figure], call: Call | None) -> list[str]:
    """The indicators behind the three charts: their own, and those with a weight in the index."""
    weighed = [row.indicator for row in call.reasons if row.share > 0] if call else []
    return list(dict.fromkeys([*(row.indicator for row in charts if row.credit.publisher), *weighed]))


def _risks(outlook: Outlook, page: Page, call: Call | None, speaker: Speaker) -> tuple[str, ...]:
    """What could go otherwise, in the sentences of the page: the low case, the warnings, the past shock, the limits."""
    said = []
    if call is not None and call.low is not None and not call.why:
        said.append(speaker.say("export.bank.low", low=speaker.growth(call.low), year=call.year))
    if call is not None and call.why != "no_data":
        said.append(call_text.warning(call, speaker))
        said.append(speaker.say("segment.proxy") if call_text.mostly_proxy(outlook, call) else "")
    said.append(page.shock.subtitle if page.shock else "")
    if page.main is not None and page.main.honesty:
        said.append(_about(page.main, page.main.honesty[0], speaker))
    if call is not None:
        said.append(speaker.say("method.limits.turning.text", p=whole_percent(CALLING.growing_from)))
    said.append(speaker.say("method.limits.shock.text"))
    return tuple(text for text in said if text)


def _about(figure: Figure, sentence: str, speaker: Speaker) -> str:
    """A sentence that stands under a chart on the page, where the chart is not in sight."""
    return speaker.say("export.bank.about", title=figure.title, said=sentence[:1].lower() + sentence[1:])


def _record(outlook: Outlook, page: Page, call: Call | None, speaker: Speaker) -> tuple[str, ...]:
    """How often calls like this one were right, on all markets and on this one; what the ranges of the series held."""
    said = []
    quoted = outlook.replay.get("horizons", {}).get(str(call.horizon)) if call else None
    if call and quoted and quoted["called"]:
        said.append(
            speaker.say(
                "overview.record",
                since=outlook.replay["since"],
                right=speaker.number(quoted["right"]),
                called=speaker.number(quoted["called"]),
                share=whole_percent(quoted["right"] / quoted["called"]),
                base=whole_percent(quoted["base"]),
            )
        )
        said.append(_own(outlook, page, speaker))
    if page.main is not None:
        said += [_about(page.main, text, speaker) for text in page.main.honesty[1:2]]
    said.append(call_text.first_due(outlook, speaker) if call else "")
    return tuple(text for text in said if text)


def _own(outlook: Outlook, page: Page, speaker: Speaker) -> str:
    """The record on this market alone, or that there is too little of it."""
    rows = counted(outlook.past, segment=page.segment)
    found = scores(rows, ranges=False)
    if found is None or not found.called or sum(1 / (2 * row.horizon) for row in rows) < FEWEST_ALONE:
        return speaker.say("export.bank.few")
    return speaker.say(
        "export.bank.own",
        since=SINCE,
        right=speaker.number(found.right),
        called=speaker.number(found.called),
        share=whole_percent(found.right / found.called),
        base=whole_percent(found.base),
    )
