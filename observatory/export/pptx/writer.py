"""PowerPoint slides of a document: editable charts and tables, method and sources in the notes."""

import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from pptx.util import Pt

from observatory.briefs.deck.model import ChartSlide
from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT_BOLD, name_signs
from observatory.export.common.reproducible_zip import fix_zip_dates
from observatory.export.common.sources import group_by_licence, list_source_lines
from observatory.export.document import Document, Section, has_chart, map_texts
from observatory.export.pptx.deck import create_deck
from observatory.export.pptx.frame import BODY_BOTTOM, add_slide, write_notes
from observatory.export.pptx.highlights import add_highlight
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_textbox,
    fit_paragraph,
    fit_paragraphs,
    measure_height,
    measure_width,
    to_emu,
)
from observatory.export.pptx.sections.chart import add_chart_pair, add_chart_slide
from observatory.export.pptx.sections.grid import BODY_TOP, GAP
from observatory.export.pptx.sections.table import add_table_slides, add_table_with_terms, cut_tables
from observatory.export.pptx.sections.text import TEXT_SIZES, add_text_slides
from observatory.export.pptx.shapes import add_chip
from observatory.export.pptx.sheet import add_sheet
from observatory.language import Localizer

_MAX_LEAD_HEIGHT, _LINK_TOP = 130.0, 480.0  # of the answer on the first slide, and of the link
_LEAD_SIZES = (27.0, 24.0, 21.0, 18.0, 16.0, 14.0, 12.0)
_MAX_SIDE_TERMS = 2  # terms that fit next to a table
_MAX_FIRST_SECTIONS = 3  # before the sources; the others are the appendix
_MAX_LARGE_TITLES = 14
_SOURCE_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0)


def write_pptx(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    document = map_texts(document, name_signs)
    deck = create_deck(document)
    if document.layout == "sheet":
        add_sheet(deck, document)
    else:
        _add_deck(deck, document)
    out = io.BytesIO()
    deck.save(out)
    return fix_zip_dates(out.getvalue(), document.day)


def _add_deck(deck: Any, document: Document) -> None:
    """The first slides, the sources on one, and the rest of the page in an appendix."""
    sections = _merge_bare(document.sections)
    if document.deck:
        for slide in document.deck:
            add_highlight(deck, slide, document)
        shown: list[Section] = []
    else:
        _add_opening(deck, document)
        shown = sections[:_MAX_FIRST_SECTIONS]
        for section in shown:
            _add_section(deck, cut_tables(section, document), document)
    if document.sources:
        _add_sources(deck, document)
    rest = [row for row in sections[len(shown) :] if not _is_in_deck(row, document)]
    if rest:
        _add_divider(deck, rest, document)
        for is_small, group in groupby(rest, key=lambda row: row.small and has_chart(row)):
            rows = list(group)
            if is_small:
                for start in range(0, len(rows), 2):
                    add_chart_pair(deck, rows[start : start + 2], document)
            else:
                for section in rows:
                    _add_section(deck, cut_tables(section, document), document)


def _merge_bare(sections: Sequence[Section]) -> list[Section]:
    """Sections without those that have a sentence alone, which goes to the next one of the same title."""
    merged: list[Section] = []
    bare: Section | None = None
    for row in sections:
        if bare is not None and bare.title == row.title and not row.subtitle:
            row, bare = replace(row, subtitle=bare.subtitle), None
        if bare is not None:
            merged.append(bare)
        is_bare = not (row.paragraphs or row.terms or row.tables or row.figure)
        bare = row if is_bare else None
        if not is_bare:
            merged.append(row)
    return merged if bare is None else [*merged, bare]


def _is_in_deck(section: Section, document: Document) -> bool:
    """Whether one of the first slides has the chart of a section."""
    tables = [slide.figure.table.rows for slide in document.deck if isinstance(slide, ChartSlide)]
    return has_chart(section) and any(table.rows in tables for table in section.tables)


def _add_divider(deck: Any, sections: Sequence[Section], document: Document) -> None:
    """The slide before the appendix, which lists what is in it."""
    localizer = Localizer(document.language)
    title = localizer.text("export.deck.appendix")
    slide = add_slide(deck, document, title, localizer.text("export.deck.appendix.lead"))
    titles = list(dict.fromkeys(section.title for section in sections))
    width = (CONTENT_WIDTH - GAP) / 2
    half = -(-len(titles) // 2)
    size = 14 if half <= _MAX_LARGE_TITLES else 9
    for side, names in enumerate((titles[:half], titles[half:])):
        rows = [SlideParagraph(name, size, space_after=6 if size > 9 else 2) for name in names]
        box = (MARGIN_LEFT + side * (width + GAP), BODY_TOP + 6, width, BODY_BOTTOM - BODY_TOP)
        add_textbox(slide.shapes, box, rows)
    write_notes(slide, document, [title, *titles])


def _add_opening(deck: Any, document: Document) -> None:
    """The answer on the first slide: lead, call, what it is based on, the link."""
    localizer = Localizer(document.language)
    slide = add_slide(deck, document, document.lead)
    row = SlideParagraph(document.lead, 30, HEAD_FONT, space_after=0)
    lead = fit_paragraph(row, CONTENT_WIDTH, _MAX_LEAD_HEIGHT, _LEAD_SIZES)
    height = measure_height([lead], CONTENT_WIDTH)
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = to_emu((MARGIN_LEFT, 56, CONTENT_WIDTH, height))
    title.text_frame.paragraphs[0].runs[0].text = lead.text
    title.text_frame.paragraphs[0].runs[0].font.size = Pt(lead.size)
    top = 56 + height + 22
    if document.call:
        add_chip(slide.shapes, document.call, MARGIN_LEFT, top, 22)
        add_textbox(
            slide.shapes,
            (MARGIN_LEFT + 32, top + 1, 300, 22),
            [SlideParagraph(document.call_label, 16, TEXT_FONT_BOLD)],
        )
        call_line = [SlideParagraph(document.call_line, 15, TEXT_FONT_BOLD)]
        add_textbox(slide.shapes, (MARGIN_LEFT, top + 34, CONTENT_WIDTH, 40), call_line)
        top += 34 + measure_height(call_line, CONTENT_WIDTH) + 8
    rows = [SlideParagraph(text, 16, space_after=7) for text in document.under]
    if rows:
        room = _LINK_TOP - top - 8
        under = fit_paragraphs(rows, CONTENT_WIDTH - 60, room, TEXT_SIZES[2:])  # the others are in the notes
        add_textbox(slide.shapes, (MARGIN_LEFT, top, CONTENT_WIDTH - 60, room), under)
    link = [
        SlideParagraph(localizer.text("export.link"), 10, colour="muted", space_after=1),
        SlideParagraph(document.link, 10, link=document.link),
    ]
    if measure_width(document.link, 10) > CONTENT_WIDTH:
        link = link[:0]  # it stands behind the edition, in the foot
    add_textbox(slide.shapes, (MARGIN_LEFT, _LINK_TOP, CONTENT_WIDTH, 40), link)
    write_notes(slide, document, [document.lead, document.call_line, *document.under])


def _add_section(deck: Any, section: Section, document: Document) -> None:
    if has_chart(section):
        add_chart_slide(deck, section, document)
        return
    if len(section.tables) == 1 and 0 < len(section.terms) <= _MAX_SIDE_TERMS:
        add_table_with_terms(deck, section, document)
        return
    if section.terms or (section.paragraphs and not section.tables) or not section.tables:
        add_text_slides(deck, section, document)
    for table in section.tables:
        add_table_slides(deck, section, table, document)


def _add_sources(deck: Any, document: Document) -> None:
    """The slide of the sources: publishers with their licences and series; one slide, whatever their number."""
    localizer = Localizer(document.language)
    title = localizer.text("export.sources")
    slide = add_slide(deck, document, title, localizer.text("export.sources.subtitle"))
    groups = group_by_licence(document)
    width = (CONTENT_WIDTH - GAP) / 2
    height = BODY_BOTTOM - BODY_TOP - 24
    for size in _SOURCE_SIZES:
        rows = [
            [
                SlideParagraph(licence, size, TEXT_FONT_BOLD, space_after=1),
                SlideParagraph(text, size, space_after=size / 2),
            ]
            for licence, text in groups
        ]
        columns = _balance_columns(rows, width)
        if max(measure_height(column, width) for column in columns) <= height:
            break
    for side, column in enumerate(columns):
        box = (MARGIN_LEFT + side * (width + GAP), BODY_TOP + 2, width, height)
        add_textbox(slide.shapes, box, column)
    more = [SlideParagraph(localizer.text("export.deck.sources.more"), 10, colour="muted")]
    add_textbox(slide.shapes, (MARGIN_LEFT, BODY_BOTTOM - 14, CONTENT_WIDTH, 16), more)
    write_notes(slide, document, [title, *list_source_lines(document)])


def _balance_columns(
    blocks: Sequence[list[SlideParagraph]], width: float
) -> tuple[list[SlideParagraph], list[SlideParagraph]]:
    """Blocks in two columns, the higher one as low as it can be; a block is never split."""

    def split(index: int) -> tuple[list[SlideParagraph], list[SlideParagraph]]:
        return [row for block in blocks[:index] for row in block], [row for block in blocks[index:] for row in block]

    choices = [split(index) for index in range(len(blocks), -1, -1)]
    return min(choices, key=lambda pair: max(measure_height(column, width) for column in pair))
