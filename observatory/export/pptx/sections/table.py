"""Slides of tables, on as many as their rows need."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from pptx.enum.text import MSO_ANCHOR

from observatory.briefs.common.model import TextTable
from observatory.export.common.fonts import TEXT_FONT_BOLD
from observatory.export.document import Document, Section, has_chart
from observatory.export.pptx.frame import BODY_BOTTOM, add_slide, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SLIDE_WIDTH,
    SlideParagraph,
    add_table,
    add_textbox,
    measure_height,
    measure_table,
    paginate_table,
)
from observatory.export.pptx.sections.grid import BODY_TOP, GAP, MAIN_WIDTH, SIDE_WIDTH
from observatory.export.pptx.sections.text import add_text_slides
from observatory.language import Localizer

_FOOT_HEIGHT = 26.0  # for the text under a table
_LEAST_ROWS = 8  # of a table in the appendix: tall rows may take two slides
_TABLE_HEIGHT = BODY_BOTTOM - BODY_TOP - 14
_FONT_SIZES = (16.0, 14.0, 12.5, 11.0, 10.0)  # of a table: the largest at which it fits


def cut_tables(section: Section, document: Document) -> Section:
    """A section of the appendix whose tables end where a slide does; the workbook of the page has them whole."""
    if has_chart(section):
        return section
    localizer = Localizer(document.language)
    tables, is_cut = [], False
    for table in section.tables:
        size = _choose_font_size(table, CONTENT_WIDTH, _TABLE_HEIGHT)
        counts = paginate_table(table, CONTENT_WIDTH, _TABLE_HEIGHT, size)[1]
        count = next((rows for rows in accumulate(counts) if rows >= _LEAST_ROWS), len(table.rows))
        is_cut = is_cut or count < len(table.rows)
        tables.append(replace(table, rows=table.rows[:count]))
    if not is_cut:
        return section
    source = " ".join(part for part in (section.source, localizer.text("export.deck.cut")) if part)
    return replace(section, tables=tuple(tables), source=source)


def _choose_font_size(table: TextTable, max_width: float, max_height: float) -> float:
    """The largest font size at which a table fits on one slide; the smallest but one if it needs several."""
    for size in _FONT_SIZES:
        widths, counts = paginate_table(table, SLIDE_WIDTH * 2, max_height, size)
        if sum(widths) <= max_width and len(counts) == 1:
            return size
    return next(
        (size for size in _FONT_SIZES if len(paginate_table(table, max_width, max_height, size)[1]) == 1),
        _FONT_SIZES[-2],
    )


def add_table_with_terms(deck: Any, section: Section, document: Document) -> None:
    """A table with its terms next to it."""
    slide = add_slide(deck, document, section.title, section.table_subtitle, section.source)
    table = section.tables[0]
    size = _choose_font_size(table, MAIN_WIDTH, BODY_BOTTOM - BODY_TOP - 14)
    widths, counts = paginate_table(table, MAIN_WIDTH, BODY_BOTTOM - BODY_TOP, size)
    first = replace(table, rows=table.rows[: counts[0]])
    add_table(slide.shapes, BODY_TOP + 8, first, widths, document.language, size)
    terms: list[SlideParagraph] = []
    for term, text in section.terms:
        terms += [SlideParagraph(term, 12, TEXT_FONT_BOLD, space_after=2), SlideParagraph(text, 11.5, space_after=8)]
    add_textbox(slide.shapes, (MARGIN_LEFT + MAIN_WIDTH + GAP, BODY_TOP + 8, SIDE_WIDTH, BODY_BOTTOM - BODY_TOP), terms)
    write_notes(
        slide, document, [section.title, section.subtitle, *(f"{term} : {text}" for term, text in section.terms)]
    )
    if len(counts) > 1:
        add_table_slides(deck, section, replace(table, rows=table.rows[counts[0] :]), document)


def add_table_slides(deck: Any, section: Section, table: TextTable, document: Document) -> None:
    """A table over the whole width, on as many slides as its rows need."""
    localizer = Localizer(document.language)
    size = _choose_font_size(table, CONTENT_WIDTH, BODY_BOTTOM - BODY_TOP - 14)
    under = " ".join(section.paragraphs) if not section.terms else ""
    widths, counts = paginate_table(table, CONTENT_WIDTH, BODY_BOTTOM - BODY_TOP - 14, size)
    overflow: list[SlideParagraph] = []
    if under and not section.source and measure_height([SlideParagraph(under, 8)], CONTENT_WIDTH) > _FOOT_HEIGHT:
        overflow, under = [SlideParagraph(text, 11.5, space_after=5) for text in section.paragraphs], ""
    start = 0
    heading = table.caption if table.caption not in (section.subtitle, "") and section.terms else section.title
    for index, count in enumerate(counts):
        title = heading if not index else localizer.text("export.continued", title=heading)
        slide = add_slide(
            deck, document, title, section.table_subtitle if heading == section.title else "", section.source or under
        )
        part = replace(table, rows=table.rows[start : start + count])
        add_table(slide.shapes, BODY_TOP + 4, part, widths, document.language, size)
        write_notes(slide, document, [title, section.table_subtitle, *section.paragraphs])
        start += count
    if overflow:
        _add_overflow_texts(
            deck, section, replace(table, rows=table.rows[start - counts[-1] :]), (widths, size), overflow, document
        )


def _add_overflow_texts(
    deck: Any,
    section: Section,
    last: TextTable,
    measure: tuple[Sequence[float], float],
    paragraphs: list[SlideParagraph],
    document: Document,
) -> None:
    """Texts too long for the foot: under the last rows of a table if they fit, else on a slide of their own."""
    top = BODY_TOP + 4 + measure_table(last, *measure) + 14
    if measure_height(paragraphs, CONTENT_WIDTH) <= BODY_BOTTOM - top:
        # Anchored at the bottom: a substitute font may make the table taller than it was measured.
        add_textbox(
            deck.slides[-1].shapes,
            (MARGIN_LEFT, top, CONTENT_WIDTH, BODY_BOTTOM - top),
            paragraphs,
            anchor=MSO_ANCHOR.BOTTOM,
        )
        return
    add_text_slides(deck, replace(section, tables=(), paragraphs=tuple(row.text for row in paragraphs)), document)
