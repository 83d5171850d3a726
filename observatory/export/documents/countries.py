"""An indicator by country as a document."""

from dataclasses import replace

from observatory.briefs.common.comparison_model import Countries
from observatory.briefs.common.model import Figure, Plot, Run, Table, computed
from observatory.briefs.countries.page import countries as brief_of
from observatory.briefs.countries.standings import SHARES
from observatory.briefs.links import of_countries
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_figure, of_table, sources_of
from observatory.export.documents.segment import method_of
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

HEIGHT = 380  # px of the map, that keeps its own shape on a page


def countries(outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """What the page of countries says; its link names the indicator and the country of the profile."""
    brief = brief_of(outlook, selection, speaker, outlook.day)
    row = outlook.catalogue.indicators[brief.indicator]
    return Draft(
        title=speaker.say("page.countries"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, *brief.notices),
        sections=_sections(brief, speaker),
        picture="map",
        method=method_of(True, speaker),
        sources=sources_of(outlook, [row], speaker),
        selection=of_countries(brief, outlook, selection),
    )


def _sections(brief: Countries, speaker: Speaker) -> tuple[Section, ...]:
    drawn = _map(brief, speaker)
    profile = brief.profile
    rows = tuple((entry.title, *entry.cells) for entry in profile.entries)
    return kept(
        (
            replace(of_table("ranking", brief.title, brief.table, brief.subtitle), source=brief.source_line),
            replace(of_figure("map", drawn, speaker), tables=()) if drawn is not None else None,
            of_table("profile", profile.title, Table(profile.title, profile.heads, rows), profile.subtitle),
            of_figure("place", brief.figure, speaker) if brief.figure is not None else None,
            of_chapter("how", brief.how),
        )
    )


def _map(brief: Countries, speaker: Speaker) -> Figure | None:
    """The map, its classes in words: a drawing on paper has no key of its own."""
    if brief.map is None:
        return None
    classes = speaker.say(
        "countries.map.classes", list=", ".join(tint.label for tint in brief.tints), blank=brief.blank
    )
    return computed(
        name="map",
        title=brief.map_title,
        subtitle=f"{brief.map_subtitle} {classes}",
        spec={**brief.map, "height": HEIGHT},
        takeaway=brief.lead,
        alt=brief.map_alt,
        source_line=brief.source_line,
        table=brief.table,
        plot=_plot(brief),
    )


def _plot(brief: Countries) -> Plot:
    """What the map shows as bars, the highest first."""
    rows = sorted((row for row in brief.rows if row.value is not None), key=lambda row: -(row.value or 0.0))
    share = brief.measure in SHARES
    values = tuple(round((row.value or 0.0) * (100 if share else 1), 1) for row in rows)
    nature = "expected" if brief.measure == "ahead" else "observed"
    run = Run(nature, brief.map_title, values)
    return Plot("bar", tuple(row.title for row in rows), (run,), "%" if share else brief.unit, 1, signed=share)
