"""A comparison as a document."""

from dataclasses import replace

from observatory.briefs.common.comparison_model import Compared
from observatory.briefs.compare.page import chosen
from observatory.briefs.compare.page import compare as brief_of
from observatory.briefs.links import of_compare
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_figure, of_table, sources_of
from observatory.export.documents.segment import method_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def compare(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """What a comparison says; its link names the series, so that it never shows others."""
    brief = brief_of(outlook, selection, speaker, outlook.day)
    keys, _notices = chosen(outlook, selection, speaker)
    rows = [outlook.catalogue.indicators[name] for name in dict.fromkeys(key[0] for key in keys)]
    return Draft(
        title=speaker.say("page.compare"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, *brief.notices),
        sections=_sections(brief, speaker),
        picture="compared",
        method=method_of(True, speaker),
        sources=sources_of(outlook, rows, speaker),
        selection=of_compare(brief, selection),
    )


def _sections(brief: Compared, speaker: Speaker) -> tuple[Section, ...]:
    letters = tuple((row.letter, row.title) for row in brief.members)
    return kept(
        (
            replace(of_figure("compared", brief.chart, speaker), terms=letters),
            of_table("growth", brief.growth.caption, brief.growth, speaker.say("compare.growth.subtitle")),
            of_chapter("ties", brief.ties) if brief.ties.tables else None,
            *(of_figure(f"series_{place}", row, speaker, small=True) for place, row in enumerate(brief.smalls, 1)),
            of_chapter("how", brief.how),
        )
    )
