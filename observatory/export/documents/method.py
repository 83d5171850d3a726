"""The method as a document."""

from observatory.briefs.method import method as brief_of
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_figure, publishers_of
from observatory.export.documents.segment import method_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def method(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """What the method page says: limits first, words last."""
    brief = brief_of(outlook, selection, speaker)
    return Draft(
        title=speaker.say("page.method"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=kept(
            (
                of_chapter("limits", brief.limits),
                of_figure("ranges", brief.ranges, speaker) if brief.ranges else None,
                of_chapter("calls", brief.calls),
                of_chapter("forecasts", brief.forecasts),
                of_chapter("glossary", brief.glossary),
            )
        ),
        picture="ranges",
        method=method_of(True, speaker),
        sources=publishers_of(outlook, list(outlook.catalogue.indicators.values()), speaker),
    )
