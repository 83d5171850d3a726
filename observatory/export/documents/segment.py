"""A market's page as a document."""

from dataclasses import replace

from observatory.briefs.common.model import Page, Table
from observatory.briefs.links import of_segment
from observatory.briefs.segment.page import segment as brief_of
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_figure, of_table, sources_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def segment(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """What the page of the selection says, as of the day of its edition."""
    brief = brief_of(outlook, selection, speaker, outlook.day)
    rows = [outlook.catalogue.indicators[row.indicator] for row in brief.listed]
    return Draft(
        title=speaker.of(outlook.catalogue.segments[brief.segment], "title"),
        kicker=brief.kicker,
        lead=brief.lead,
        call=brief.call,
        call_label=brief.call_label,
        call_line=brief.call_line,
        under=(*brief.under, *((brief.missing,) if brief.missing else ())),
        sections=_sections(outlook, brief, speaker),
        picture="main" if brief.main is not None and brief.main.spec is not None else "index",
        method=method_of(bool(brief.call), speaker),
        sources=sources_of(outlook, rows, speaker),
        selection=of_segment(brief, selection),
    )


def method_of(called: bool, speaker: Speaker) -> tuple[str, ...]:
    """How calls and forecasts are made, in the sentences of the method page."""
    keys = ["method.forecasts.mean.text", "method.forecasts.ranges.text", "method.forecasts.test.text"]
    said = [speaker.say(key) for key in keys]
    return (speaker.say("method.calls.pace.text"), *said) if called else tuple(said)


def _sections(outlook: Outlook, brief: Page, speaker: Speaker) -> tuple[Section, ...]:
    market = outlook.catalogue.segments[brief.segment].market
    return kept(
        (
            of_figure("index", brief.index, speaker) if brief.index else None,
            of_figure("main", brief.main, speaker, role=True) if brief.main else None,
            of_table("scenarios", speaker.say("scenario.title"), brief.scenarios, brief.scenarios.caption)
            if brief.scenarios
            else None,
            of_table("together", speaker.say("together.title"), brief.together, brief.together.caption)
            if brief.together
            else None,
            of_table("reasons", brief.reasons.caption, brief.reasons) if brief.reasons else None,
            *_analogies(brief),
            *(of_figure(row.indicator, row, speaker, role=True, small=True) for row in brief.others),
            _list(brief, speaker.say("segment.list" if market else "segment.list.section"), speaker),
        )
    )


def _analogies(brief: Page) -> tuple[Section | None, ...]:
    """Past shocks and leading signals; where there is no signal, the sentence that says so stands beside the shocks."""
    shock, signals = brief.shock, brief.signals
    if shock and signals and not (signals.terms or signals.tables):
        return (of_chapter("shock", replace(shock, terms=(*shock.terms, (signals.title, signals.subtitle)))),)
    return (of_chapter("shock", shock) if shock else None, of_chapter("signals", signals) if signals else None)


def _list(brief: Page, title: str, speaker: Speaker) -> Section | None:
    """All indicators of the market: last value, what is expected, the flag that stands."""
    if len(brief.listed) < 2:
        return None
    heads = tuple(speaker.say(f"export.list.{name}") for name in ("indicator", "role", "last", "ahead"))
    rows = tuple(
        (row.title, row.role_label, row.last, " ".join(part for part in (row.expected or row.note, row.flag) if part))
        for row in brief.listed
    )
    return of_table("list", title, Table(title, heads, rows))
