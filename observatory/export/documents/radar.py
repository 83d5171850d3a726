"""The radar of weak signals as a document."""

from observatory.briefs.common.model import computed
from observatory.briefs.radar.page import PARTS, Radar
from observatory.briefs.radar.page import page as brief_of
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_figure, publishers_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def radar(outlook: Outlook, _selection: Selection, speaker: Speaker) -> Draft:
    """All topics, the drawing first, then each with what is seen and how it will be judged."""
    brief = brief_of(outlook, speaker)
    rows = [outlook.catalogue.indicators[row.target.indicator] for row in brief.signals]
    return Draft(
        title=speaker.say("page.radar"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=_sections(brief, speaker),
        picture="radar",
        method=(speaker.say("radar.judgement"),),
        sources=publishers_of(outlook, list(dict.fromkeys(rows)), speaker),
    )


def _sections(brief: Radar, speaker: Speaker) -> tuple[Section, ...]:
    source = speaker.say("radar.source")
    drawing = computed(
        brief.title, brief.subtitle, brief.spec, brief.lead, source, brief.table, alt=brief.alt, plot=brief.plot
    )
    topics = (
        Section(
            row.id,
            row.title,
            " \u00b7 ".join((row.segment, row.effect, speaker.say("radar.impact", impact=row.impact), row.strength)),
            terms=tuple(
                (speaker.say(f"radar.part.{name}"), str(getattr(row, name))) for name in PARTS if getattr(row, name)
            ),
            source=row.source_line,
        )
        for row in brief.signals
    )
    return kept((of_figure("radar", drawing, speaker), *topics, of_chapter("absent", brief.absent)))
