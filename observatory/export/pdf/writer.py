"""PDF of a document on several pages: the answer first, bookmarks, vector charts, searchable text."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Spacer,
    Table,
    TableStyle,
)

from observatory.export.common import fonts
from observatory.export.common.sources import group_by_licence
from observatory.export.document import NOTES_SECTION, Document, Section, has_chart, list_figures
from observatory.export.pdf.page import PageTotal, build_metadata, draw_page_frame
from observatory.export.pdf.parts import (
    NARROW_POINTS_PER_PX,
    CallChip,
    ChartFlowable,
    HorizontalRule,
    build_grid,
    build_link_paragraph,
    build_paragraph,
    fits_width,
)
from observatory.export.pdf.sheet import write_sheet
from observatory.language import Localizer

_MARGIN_LEFT, _MARGIN_TOP, _MARGIN_BOTTOM = 18 * mm, 21 * mm, 20 * mm
_CONTENT_WIDTH = A4[0] - 2 * _MARGIN_LEFT
_COLUMN_GAP = 16.0
_COLUMN_WIDTH = (_CONTENT_WIDTH - _COLUMN_GAP) / 2
_CONTENT_HEIGHT = A4[1] - _MARGIN_TOP - _MARGIN_BOTTOM
_CHART_HEIGHT = 200.0  # points, of one over the whole width: two on a page, with their texts
_MAX_DATA_ROWS = 40  # printed for a chart
_MAX_UNBROKEN_ROWS = 16  # a section with fewer rows and terms stays on one page
_MIN_SECTION_SPACE, _HEADING_HEIGHT = 120.0, 40.0  # points, to begin a long section and for a heading


def write_pdf(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    fonts.register_fonts()
    out = io.BytesIO()
    if document.layout == "sheet":
        write_sheet(document, out)
        return out.getvalue()
    font = fonts.TEXT_FONT  # else reportlab names Helvetica, which is not in the file
    template = BaseDocTemplate(out, pagesize=A4, invariant=1, initialFontName=font, **build_metadata(document))
    frame = Frame(_MARGIN_LEFT, _MARGIN_BOTTOM, _CONTENT_WIDTH, _CONTENT_HEIGHT, 0, 0, 0, 0)

    def draw_frame(canvas: Canvas, _template: Any) -> None:
        draw_page_frame(canvas, document, _MARGIN_LEFT, _CONTENT_WIDTH)

    template.addPageTemplates(PageTemplate(frames=[frame], onPage=draw_frame))
    template.build([*_build_story(document), PageTotal()])
    return out.getvalue()


def _build_story(document: Document) -> Iterator[Flowable]:
    """The parts of the document, in order."""
    localizer = Localizer(document.language)
    yield from _build_opening(document)
    sections = list(document.sections)
    for is_small, group in groupby(sections, key=lambda row: row.small and has_chart(row)):
        rows = list(group)
        if is_small:
            yield from _build_small_charts(rows)
        else:
            for section in rows:
                yield from _build_section(section, document)
    yield from _build_chart_data(document, localizer)
    yield from _build_closing(document, localizer)


def _build_opening(document: Document) -> Iterator[Flowable]:
    yield HorizontalRule(0.01, bookmark=document.title, name="opening")
    yield build_paragraph(document.kicker, "kicker")
    yield build_paragraph(document.lead, "lead")
    if document.call:
        yield CallChip(document.call, document.call_label)
        yield Spacer(1, 3)
        yield build_paragraph(document.call_line, "strong")
    for text in document.under:
        yield build_paragraph(text, "text")
    yield build_link_paragraph(Localizer(document.language).text("export.link"), document.link, "source")
    yield Spacer(1, 10)


def _build_heading(section: Section, level: int = 0) -> list[Flowable]:
    """Rule, title and subtitle; the bookmark leads to the rule."""
    heading: list[Flowable] = [
        HorizontalRule(1.5, bookmark=fonts.replace_undrawable(section.title), name=section.id, level=level),
        build_paragraph(section.title, "title"),
    ]
    subtitle = section.subtitle if has_chart(section) else section.table_subtitle
    if subtitle:
        heading.append(build_paragraph(subtitle, "unit"))
    return heading


def _build_section(section: Section, document: Document) -> Iterator[Flowable]:
    """A section over the whole width; title and chart stay together, tables may be split."""
    heading = _build_heading(section)
    if has_chart(section):
        assert section.figure is not None
        assert section.figure.spec is not None
        heading.append(ChartFlowable(section.figure.spec, _CONTENT_WIDTH, _CHART_HEIGHT))
        yield KeepTogether([*heading, *_build_closing_texts(section)])
    else:
        yield from _build_tables(heading, section, document)
    yield Spacer(1, 12)


def _build_closing_texts(section: Section) -> list[Flowable]:
    """The texts below a chart: takeaway, notes and source."""
    parts: list[Flowable] = [Spacer(1, 4)]
    note_style = "source" if section.small else "small"
    for index, text in enumerate(section.paragraphs):
        parts.append(build_paragraph(text, note_style if index else "small" if section.small else "strong"))
    if section.source:
        parts.append(build_paragraph(section.source, "source"))
    return parts


def _build_tables(heading: list[Flowable], section: Section, document: Document) -> Iterator[Flowable]:
    """A section without a chart: a short one stays together, a long one begins where a part of it fits."""
    style = "text" if section.id == NOTES_SECTION else "source"
    body = [build_paragraph(text, style) for text in section.paragraphs]
    for term, text in section.terms:
        body += [build_paragraph(term, "term"), build_paragraph(text, "small")]
    for table in section.tables:
        if table.caption not in (section.title, section.subtitle):
            body += [Spacer(1, 3), build_paragraph(table.caption, "head")]
        body.append(build_grid(table, document.language, _CONTENT_WIDTH))
    if section.source:
        body.append(build_paragraph(section.source, "source"))
    if len(section.terms) * 2 + sum(len(table.rows) for table in section.tables) < _MAX_UNBROKEN_ROWS:
        yield KeepTogether([*heading, *body])
    else:
        yield CondPageBreak(_MIN_SECTION_SPACE)
        yield from (*heading, *body)


def _build_small_charts(rows: Sequence[Section]) -> Iterator[Flowable]:
    """Small charts in two columns."""
    cells = []
    for section in rows:
        assert section.figure is not None
        assert section.figure.spec is not None
        cells.append(
            [
                *_build_heading(section),
                ChartFlowable(section.figure.spec, _COLUMN_WIDTH, scale=NARROW_POINTS_PER_PX),
                *_build_closing_texts(section),
            ]
        )
    yield from _lay_out_in_columns(cells)


def _lay_out_in_columns(cells: list[list[Flowable]]) -> Iterator[Flowable]:
    """Cells in rows of two columns; a row stays on one page if it fits on one."""
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), fonts.TEXT_FONT),  # else reportlab names Helvetica
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (0, -1), _COLUMN_GAP),
            ("RIGHTPADDING", (1, 0), (1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ]
    )
    for start in range(0, len(cells), 2):
        pair = cells[start : start + 2]
        grid = Table(
            [[*pair, ""][:2]], colWidths=[_COLUMN_WIDTH + _COLUMN_GAP, _COLUMN_WIDTH], style=style, hAlign="LEFT"
        )
        if grid.wrap(_CONTENT_WIDTH, A4[1])[1] <= _CONTENT_HEIGHT:
            yield grid
        else:  # longer than a page: below each other, where they can be split
            yield from (part for cell in pair for part in cell)


def _build_chart_data(document: Document, localizer: Localizer) -> Iterator[Flowable]:
    """The figures of the charts, the newest first; older ones are in the workbook only."""
    rows = [
        (section, table)
        for section, _figure in list_figures(document)
        for table in section.tables
        if has_chart(section)
    ]
    if not rows:
        return
    cells = []
    for section, table in rows:
        shown = replace(table, rows=table.rows[:_MAX_DATA_ROWS])
        is_cut = len(table.rows) > _MAX_DATA_ROWS
        note = [build_paragraph(localizer.text("export.figures.newest", n=_MAX_DATA_ROWS), "source")] if is_cut else []
        cells.append(
            [
                build_paragraph(section.title, "head"),
                build_grid(shown, document.language, _COLUMN_WIDTH, fine=True),
                *note,
            ]
        )
    is_narrow = [fits_width(table, _COLUMN_WIDTH) for _section, table in rows]
    columns = list(_lay_out_in_columns([cell for cell, fits in zip(cells, is_narrow, strict=True) if fits]))
    yield CondPageBreak(
        min(
            columns[0].wrap(_CONTENT_WIDTH, A4[1])[1] + _HEADING_HEIGHT if columns else _MIN_SECTION_SPACE,
            _CONTENT_HEIGHT,
        )
    )
    yield from (*_build_heading(Section("figures", localizer.text("export.figures"))), *columns)
    for cell, (_section, table), fits in zip(cells, rows, is_narrow, strict=True):
        if not fits:
            shown = build_grid(
                replace(table, rows=table.rows[:_MAX_DATA_ROWS]), document.language, _CONTENT_WIDTH, fine=True
            )
            yield KeepTogether([cell[0], shown, *cell[2:], Spacer(1, 8)])


def _build_closing(document: Document, localizer: Localizer) -> Iterator[Flowable]:
    """The method and the sources."""
    method = Section("how", localizer.text("export.method"))
    yield KeepTogether(
        [*_build_heading(method), *(build_paragraph(text, "small") for text in document.method), Spacer(1, 10)]
    )
    sources = Section("sources", localizer.text("export.sources"), localizer.text("export.sources.subtitle"))
    if document.sources:
        yield CondPageBreak(_MIN_SECTION_SPACE)
        yield from _build_heading(sources)
        for licence, publishers in group_by_licence(document):
            yield KeepTogether([build_paragraph(licence, "note_strong"), build_paragraph(publishers, "note")])
        yield build_paragraph(localizer.text("export.deck.sources.more"), "source")
    yield build_link_paragraph(f"{document.edition_text}. {localizer.text('export.link')}", document.link, "source")
