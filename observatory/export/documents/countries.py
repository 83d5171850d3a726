"""Drafts the document of an indicator by country."""

from dataclasses import replace

from observatory.briefs.common.comparison_model import CountriesBrief
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.countries.page import build_countries
from observatory.briefs.deck.countries import build_countries_deck, build_country_plot
from observatory.briefs.deck.model import ChartSlide
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

_MAP_HEIGHT = 380  # px


def draft_countries(context: Context) -> DocumentDraft:
    """Map, ranking and country profile; the link names the indicator and the country."""
    outlook, localizer = context.outlook, context.localizer
    brief = build_countries(context)
    row = outlook.catalogue.indicators[brief.indicator]
    deck = build_countries_deck(context, brief)
    ranking = next((f"{slide.title}." for slide in deck if isinstance(slide, ChartSlide)), brief.lead)
    return DocumentDraft(
        title=localizer.text("page.countries"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, *brief.notices),
        sections=_build_sections(brief, ranking, localizer),
        cover_id="map",
        method=describe_method(localizer, has_call=True),
        sources=list_sources(context, [row]),
        selection=pin_countries(brief, outlook, context.selection),
        deck=deck,
    )


def _build_sections(brief: CountriesBrief, ranking: str, localizer: Localizer) -> tuple[Section, ...]:
    map_figure = _build_map(brief, ranking, localizer)
    profile = brief.profile
    rows = tuple((entry.title, *entry.cells) for entry in profile.entries)
    return drop_missing(
        (
            replace(build_figure_section("map", map_figure, localizer), tables=()) if map_figure is not None else None,
            replace(
                build_table_section("ranking", brief.ranking_title, brief.ranking_table, brief.ranking_subtitle),
                source=brief.source_line,
            ),
            build_table_section(
                "profile", profile.title, TextTable(profile.title, profile.headers, rows), profile.subtitle
            ),
            build_figure_section("place", brief.profile_figure, localizer)
            if brief.profile_figure is not None
            else None,
            build_chapter_section("how", brief.methodology),
        )
    )


def _build_map(brief: CountriesBrief, ranking: str, localizer: Localizer) -> Figure | None:
    """The map with its classes in the subtitle, as it has no legend of its own, and the first countries in words.

    None without a map.
    """
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
        takeaway=ranking,
        alt=brief.map_alt,
        source_line=brief.source_line,
        table=brief.ranking_table,
        plot_data=build_country_plot(brief, localizer),
    )
