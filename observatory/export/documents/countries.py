"""An indicator by country as a document."""

from dataclasses import replace

from observatory.briefs.common.comparison_model import CountriesBrief
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, PlotData, PlotSeries, TextTable
from observatory.briefs.countries.page import build_countries
from observatory.briefs.countries.standings import GROWTH_MEASURES
from observatory.briefs.links import pin_countries
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    build_table_section,
    drop_missing,
    list_sources,
)
from observatory.export.documents.segment import describe_method
from observatory.language import Localizer

_MAP_HEIGHT = 380  # px of the map, that keeps its own shape on a page


def draft_countries(context: Context) -> DocumentDraft:
    """What the page of countries says; its link names the indicator and the country of the profile."""
    outlook, localizer = context.outlook, context.localizer
    brief = build_countries(context)
    row = outlook.catalogue.indicators[brief.indicator]
    return DocumentDraft(
        title=localizer.text("page.countries"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, *brief.notices),
        sections=_build_sections(brief, localizer),
        cover_id="map",
        method=describe_method(True, localizer),
        sources=list_sources(context, [row]),
        selection=pin_countries(brief, outlook, context.selection),
    )


def _build_sections(brief: CountriesBrief, localizer: Localizer) -> tuple[Section, ...]:
    drawn = _build_map(brief, localizer)
    profile = brief.profile
    rows = tuple((entry.title, *entry.cells) for entry in profile.entries)
    return drop_missing(
        (
            replace(
                build_table_section("ranking", brief.ranking_title, brief.ranking_table, brief.ranking_subtitle),
                source=brief.source_line,
            ),
            replace(build_figure_section("map", drawn, localizer), tables=()) if drawn is not None else None,
            build_table_section(
                "profile", profile.title, TextTable(profile.title, profile.headers, rows), profile.subtitle
            ),
            build_figure_section("place", brief.profile_figure, localizer)
            if brief.profile_figure is not None
            else None,
            build_chapter_section("how", brief.methodology),
        )
    )


def _build_map(brief: CountriesBrief, localizer: Localizer) -> Figure | None:
    """The map, its classes in words: a drawing on paper has no key of its own."""
    if brief.map_spec is None:
        return None
    classes = localizer.text(
        "countries.map.classes", list=", ".join(tint.label for tint in brief.map_classes), blank=brief.no_data_label
    )
    return Figure(
        indicator="map",
        title=brief.map_title,
        subtitle=f"{brief.map_subtitle} {classes}",
        spec={**brief.map_spec, "height": _MAP_HEIGHT},
        takeaway=brief.lead,
        alt=brief.map_alt,
        source_line=brief.source_line,
        table=brief.ranking_table,
        plot_data=_build_plot(brief),
    )


def _build_plot(brief: CountriesBrief) -> PlotData:
    """What the map shows as bars, the highest first."""
    rows = sorted((row for row in brief.ranking_rows if row.value is not None), key=lambda row: -(row.value or 0.0))
    share = brief.measure in GROWTH_MEASURES
    values = tuple(round((row.value or 0.0) * (100 if share else 1), 1) for row in rows)
    nature = "expected" if brief.measure == "ahead" else "observed"
    run = PlotSeries(nature, brief.map_title, values)
    return PlotData("bar", tuple(row.title for row in rows), (run,), "%" if share else brief.unit, 1, signed=share)
