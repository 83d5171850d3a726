"""The track record as a document."""

from observatory.briefs.common.model import Track
from observatory.briefs.track_record.page import track_record as brief_of
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_figure, of_table, publishers_of
from observatory.export.documents.segment import method_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def track_record(outlook: Outlook, _selection: Selection, speaker: Speaker) -> Draft:
    """What the track record says: the worst misses first."""
    brief = brief_of(outlook, speaker)
    rows = [row for row in outlook.catalogue.indicators.values() if outlook.catalogue.segments[row.segment].market]
    return Draft(
        title=speaker.say("page.track_record"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=_sections(brief, speaker),
        picture="said",
        method=method_of(True, speaker),
        sources=publishers_of(outlook, rows, speaker),
    )


def _sections(brief: Track, speaker: Speaker) -> tuple[Section, ...]:
    return kept(
        (
            Section("misses", brief.misses.title, text=(brief.misses.subtitle,)) if brief.wrong else None,
            *(of_figure(f"miss_{row.indicator}", row, speaker, small=True) for row in brief.wrong),
            of_figure("said", brief.said, speaker) if brief.said else None,
            of_chapter("hits", brief.hits) if brief.hits else None,
            of_figure("against", brief.against, speaker) if brief.against else None,
            *(of_table(f"scores_{place}", table.caption, table) for place, table in enumerate(brief.scores)),
            of_chapter("markets", brief.markets) if brief.markets else None,
            of_figure("held", brief.held, speaker) if brief.held else None,
            of_chapter("skill", brief.skill) if brief.skill else None,
            of_table("skill_all", brief.skill_all.caption, brief.skill_all) if brief.skill_all else None,
            of_chapter("published", brief.published),
        )
    )
