"""Sections from figures, chapters and tables, and lists of sources, shared by all documents."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, Figure, TextTable
from observatory.briefs.common.series_names import format_series_title
from observatory.briefs.figures.disclosure import build_provenance
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import PERIODS_PER_YEAR, last_month_ordinal, ordinal_to_period
from observatory.export.document import DocumentSource, Section
from observatory.language import Localizer


def build_figure_section(
    name: str, figure: Figure, localizer: Localizer, *, with_role: bool = False, small: bool = False
) -> Section:
    """A figure with its takeaway, disclosures, notes, source and licence."""
    title = f"{localizer.text(f'role.{figure.role}')} \u00b7 {figure.title}" if with_role else figure.title
    source = figure.source_line
    if figure.provenance.licence:
        source = f"{source} {localizer.text('export.licence', licence=figure.provenance.licence)}"
    disclosures = (" ".join(figure.disclosures),) if figure.disclosures else ()
    return Section(
        id=name,
        title=title,
        subtitle=figure.subtitle,
        paragraphs=(figure.takeaway, *disclosures, *figure.notes, *_describe_origin(figure, localizer)),
        tables=(replace(figure.table, caption=figure.title),),
        figure=figure,
        source=source,
        small=small,
    )


def _describe_origin(figure: Figure, localizer: Localizer) -> tuple[str, ...]:
    """The period from which a forecast starts; empty without a forecast."""
    plot = figure.plot_data
    if plot is None or not plot.origin or all(run.nature != "expected" for run in plot.series):
        return ()
    return (localizer.text("export.origin", period=localizer.period(plot.origin)),)


def build_chapter_section(name: str, chapter: Chapter) -> Section:
    """A chapter as a section."""
    return Section(name, chapter.title, chapter.subtitle, terms=chapter.terms, tables=chapter.tables)


def build_table_section(name: str, title: str, table: TextTable, subtitle: str = "") -> Section:
    """A table as a section."""
    return Section(name, title, subtitle, tables=(table,))


def drop_missing(sections: Iterable[Section | None]) -> tuple[Section, ...]:
    """The sections without those that are None."""
    return tuple(section for section in sections if section is not None)


def list_sources(context: Context, indicators: Sequence[Indicator]) -> tuple[DocumentSource, ...]:
    """One source per indicator, for its headline series."""
    outlook = context.outlook
    sources = []
    for row in indicators:
        key = outlook.headline_key(row)
        if key in outlook.panel:
            history = outlook.panel[key]
            origin = context.localizer.period(ordinal_to_period(history.last, history.frequency))
            sources.append(_build_source(context, row, format_series_title(outlook, key, context.localizer), origin))
    return tuple(sources)


def list_publishers(context: Context, indicators: Sequence[Indicator]) -> tuple[DocumentSource, ...]:
    """One source per publisher: number of indicators, and the period of the latest value among them."""
    outlook = context.outlook
    by_source: dict[str, list[Indicator]] = {}
    for row in indicators:
        if outlook.headline_key(row) in outlook.panel:
            by_source.setdefault(row.source, []).append(row)
    sources = []
    for rows in by_source.values():
        histories = [outlook.panel[outlook.headline_key(row)] for row in rows]
        # In the frequency of its series: the value of a year is not one of December.
        last = max(
            histories, key=lambda row: (last_month_ordinal(row.last, row.frequency), PERIODS_PER_YEAR[row.frequency])
        )
        latest = context.localizer.period(ordinal_to_period(last.last, last.frequency))
        sources.append(
            _build_source(context, rows[0], context.localizer.plural("export.indicators", len(rows)), latest)
        )
    return tuple(sources)


def _build_source(context: Context, row: Indicator, series: str, origin: str) -> DocumentSource:
    credit = build_provenance(context, row)
    return DocumentSource(
        series, credit.publisher, credit.licence, credit.attribution, origin, credit.accessed, credit.url
    )
