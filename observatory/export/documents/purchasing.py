"""The page on purchases as a document."""

from observatory.briefs.common.model import Listing, Table
from observatory.briefs.links import of_purchasing
from observatory.briefs.purchasing.model import Purchasing
from observatory.briefs.purchasing.page import purchasing as brief_of
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_figure, of_table, sources_of
from observatory.export.documents.segment import method_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def purchasing(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """One input against its threshold, the basket, all inputs, the moment, as of the day of the edition."""
    brief = brief_of(outlook, selection, speaker, outlook.day)
    rows = [outlook.catalogue.indicators[name] for name, _title in brief.choices]
    return Draft(
        title=speaker.say("page.purchasing"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, *brief.notices),
        sections=_sections(brief, speaker),
        picture="main",
        method=(*((speaker.say("purchasing.how.text"),) if brief.record else ()), *method_of(False, speaker)),
        sources=sources_of(outlook, rows, speaker),
        selection=of_purchasing(brief, selection),
    )


def _sections(brief: Purchasing, speaker: Speaker) -> tuple[Section, ...]:
    title = speaker.say("purchasing.ladder.title")
    return kept(
        (
            of_figure("main", brief.main, speaker) if brief.main else None,
            of_table("ladder", title, brief.ladder, brief.ladder.caption) if brief.ladder else None,
            of_figure("basket", brief.basket, speaker) if brief.basket else None,
            of_table("inputs", brief.listing.title, _table(brief.listing), brief.listing.subtitle)
            if brief.listing.entries
            else None,
            of_chapter("timing", brief.timing) if brief.timing else None,
            of_chapter("record", brief.record) if brief.record else None,
        )
    )


def _table(listing: Listing) -> Table:
    """A listing as a table of words."""
    rows = tuple((f"{row.title} ({row.below})" if row.below else row.title, *row.cells) for row in listing.entries)
    return Table(listing.title, listing.heads, rows)
