"""PowerPoint slides of a document: editable charts and tables, method and sources in the notes."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.deck.model import ChartSlide
from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT, TEXT_FONT_BOLD, name_signs
from observatory.export.common.reproducible_zip import fix_zip_dates
from observatory.export.common.sources import group_by_licence, list_source_lines
from observatory.export.document import Document, Section, has_chart, map_texts
from observatory.export.pptx.chart import add_chart
from observatory.export.pptx.deck import create_deck
from observatory.export.pptx.frame import BODY_BOTTOM, add_chart_picture, add_slide, write_notes
from observatory.export.pptx.highlights import add_highlight
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SLIDE_WIDTH,
    SlideParagraph,
    add_chip,
    add_table,
    add_textbox,
    fit_paragraph,
    fit_paragraphs,
    measure_height,
    measure_table,
    measure_width,
    paginate_table,
    to_emu,
)
from observatory.export.pptx.sheet import add_sheet
from observatory.language import Localizer

_BODY_TOP = 118.0  # points, as all sizes here
_MAIN_WIDTH, _GAP = 610.0, 26.0  # of a chart, and between it and its text
_SIDE_WIDTH = CONTENT_WIDTH - _MAIN_WIDTH - _GAP
_FOOT_HEIGHT = 26.0  # for the text under a table
_MAX_LEAD_HEIGHT, _LINK_TOP = 130.0, 480.0  # of the answer on the first slide, and of the link
_LEAD_SIZES = (27.0, 24.0, 21.0, 18.0, 16.0, 14.0, 12.0)
_MAX_SIDE_TERMS = 2  # terms that fit next to a table
_TEXT_SIZES = (20.0, 18.0, 16.0, 14.0, 12.5)  # of paragraphs on a slide of their own
_MAX_FIRST_SECTIONS = 3  # before the sources; the others are the appendix
_MAX_LARGE_TITLES = 14
_LEAST_ROWS = 8  # of a table in the appendix: tall rows may take two slides
_PAIR_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)  # of texts around two charts
_TABLE_HEIGHT = BODY_BOTTOM - _BODY_TOP - 14
_SOURCE_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0)
_FONT_SIZES = (16.0, 14.0, 12.5, 11.0, 10.0)  # of a table: the largest at which it fits


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
            _add_section(deck, _cut_tables(section, document), document)
    if document.sources:
        _add_sources(deck, document)
    rest = [row for row in sections[len(shown) :] if not _is_in_deck(row, document)]
    if rest:
        _add_divider(deck, rest, document)
        for is_small, group in groupby(rest, key=lambda row: row.small and has_chart(row)):
            rows = list(group)
            if is_small:
                for start in range(0, len(rows), 2):
                    _add_chart_pair(deck, rows[start : start + 2], document)
            else:
                for section in rows:
                    _add_section(deck, _cut_tables(section, document), document)


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


def _cut_tables(section: Section, document: Document) -> Section:
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


def _add_chart_pair(deck: Any, sections: Sequence[Section], document: Document) -> None:
    """Two small charts next to each other, each under its title, with its takeaway below."""
    localizer = Localizer(document.language)
    slide = add_slide(deck, document, localizer.text("export.deck.pair", title=document.title))
    width = (CONTENT_WIDTH - _GAP) / 2
    top, height = 84.0, 272.0
    for side, section in enumerate(sections):
        figure = section.figure
        assert figure is not None
        left = MARGIN_LEFT + side * (width + _GAP)
        subtitle = figure.plot_data.subtitle if figure.plot_data is not None else ""
        heads = [
            fit_paragraph(SlideParagraph(section.title, 13, HEAD_FONT, space_after=1), width, 17, _PAIR_SIZES),
            fit_paragraph(SlideParagraph(subtitle or section.subtitle, 10, colour="muted"), width, 26, _PAIR_SIZES),
        ]
        add_textbox(slide.shapes, (left, top, width, 44), heads)
        box = (left, top + 46, width, height)
        if figure.plot_data is not None:
            frame = add_chart(slide.shapes, to_emu(box), figure.plot_data, localizer, font_size=10)
            frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
        else:
            add_chart_picture(slide.shapes, figure, box)
        texts_top = top + 46 + height + 4
        texts = fit_paragraph(
            SlideParagraph(" ".join(section.paragraphs[:1]), 12, TEXT_FONT_BOLD), width, 54, _PAIR_SIZES
        )
        add_textbox(slide.shapes, (left, texts_top, width, 54), [texts])
        source = fit_paragraph(SlideParagraph(section.source, 8, colour="muted"), width, 30, _PAIR_SIZES)
        add_textbox(slide.shapes, (left, BODY_BOTTOM - 26, width, 30), [source])
    sentences = [text for row in sections for text in (row.title, row.subtitle, *row.paragraphs, row.source)]
    write_notes(slide, document, sentences)


def _is_in_deck(section: Section, document: Document) -> bool:
    """Whether one of the first slides has the chart of a section."""
    tables = [slide.figure.table.rows for slide in document.deck if isinstance(slide, ChartSlide)]
    return has_chart(section) and any(table.rows in tables for table in section.tables)


def _is_plot_in_deck(figure: Figure, document: Document) -> bool:
    """Whether one of the first slides draws the figures of a chart, so that it is shown as on the page: a map."""
    plots = [slide.figure.plot_data for slide in document.deck if isinstance(slide, ChartSlide)]
    return figure.plot_data is not None and figure.plot_data in plots


def _add_divider(deck: Any, sections: Sequence[Section], document: Document) -> None:
    """The slide before the appendix, which lists what is in it."""
    localizer = Localizer(document.language)
    title = localizer.text("export.deck.appendix")
    slide = add_slide(deck, document, title, localizer.text("export.deck.appendix.lead"))
    titles = list(dict.fromkeys(section.title for section in sections))
    width = (CONTENT_WIDTH - _GAP) / 2
    half = -(-len(titles) // 2)
    size = 14 if half <= _MAX_LARGE_TITLES else 9
    for side, names in enumerate((titles[:half], titles[half:])):
        rows = [SlideParagraph(name, size, space_after=6 if size > 9 else 2) for name in names]
        box = (MARGIN_LEFT + side * (width + _GAP), _BODY_TOP + 6, width, BODY_BOTTOM - _BODY_TOP)
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
        under = fit_paragraphs(rows, CONTENT_WIDTH - 60, room, _TEXT_SIZES[2:])  # the others are in the notes
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
        _add_chart_slide(deck, section, document)
        return
    if len(section.tables) == 1 and 0 < len(section.terms) <= _MAX_SIDE_TERMS:
        _add_table_with_terms(deck, section, document)
        return
    if section.terms or (section.paragraphs and not section.tables) or not section.tables:
        _add_text_slides(deck, section, document)
    for table in section.tables:
        _add_table_slides(deck, section, table, document)


def _add_chart_slide(deck: Any, section: Section, document: Document) -> None:
    """A chart with its text next to it; a chart without plot data is added as a picture."""
    figure = section.figure
    assert figure is not None
    assert figure.spec is not None
    plot = None if _is_plot_in_deck(figure, document) else figure.plot_data
    subtitle = plot.subtitle if plot is not None and plot.subtitle else section.subtitle
    slide = add_slide(deck, document, section.title, subtitle, section.source)
    box = (MARGIN_LEFT, _BODY_TOP, _MAIN_WIDTH, BODY_BOTTOM - _BODY_TOP - 4)
    if plot is not None:
        frame = add_chart(slide.shapes, to_emu(box), plot, Localizer(document.language))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        add_chart_picture(slide.shapes, figure, box)
    texts = [
        SlideParagraph(text, 14 if not index else 11.5, TEXT_FONT_BOLD if not index else TEXT_FONT, space_after=8)
        for index, text in enumerate(section.paragraphs)
    ]
    while len(texts) > 1 and measure_height(texts, _SIDE_WIDTH) > BODY_BOTTOM - _BODY_TOP:
        texts.pop()  # it stays in the notes
    add_textbox(
        slide.shapes, (MARGIN_LEFT + _MAIN_WIDTH + _GAP, _BODY_TOP + 6, _SIDE_WIDTH, BODY_BOTTOM - _BODY_TOP - 6), texts
    )
    write_notes(slide, document, [section.title, section.subtitle, *section.paragraphs, section.source], figure)


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


def _add_table_with_terms(deck: Any, section: Section, document: Document) -> None:
    """A table with its terms next to it."""
    slide = add_slide(deck, document, section.title, section.table_subtitle, section.source)
    table = section.tables[0]
    size = _choose_font_size(table, _MAIN_WIDTH, BODY_BOTTOM - _BODY_TOP - 14)
    widths, counts = paginate_table(table, _MAIN_WIDTH, BODY_BOTTOM - _BODY_TOP, size)
    first = replace(table, rows=table.rows[: counts[0]])
    add_table(slide.shapes, _BODY_TOP + 8, first, widths, document.language, size)
    terms: list[SlideParagraph] = []
    for term, text in section.terms:
        terms += [SlideParagraph(term, 12, TEXT_FONT_BOLD, space_after=2), SlideParagraph(text, 11.5, space_after=8)]
    add_textbox(
        slide.shapes, (MARGIN_LEFT + _MAIN_WIDTH + _GAP, _BODY_TOP + 8, _SIDE_WIDTH, BODY_BOTTOM - _BODY_TOP), terms
    )
    write_notes(
        slide, document, [section.title, section.subtitle, *(f"{term} : {text}" for term, text in section.terms)]
    )
    if len(counts) > 1:
        _add_table_slides(deck, section, replace(table, rows=table.rows[counts[0] :]), document)


def _add_table_slides(deck: Any, section: Section, table: TextTable, document: Document) -> None:
    """A table over the whole width, on as many slides as its rows need."""
    localizer = Localizer(document.language)
    size = _choose_font_size(table, CONTENT_WIDTH, BODY_BOTTOM - _BODY_TOP - 14)
    under = " ".join(section.paragraphs) if not section.terms else ""
    widths, counts = paginate_table(table, CONTENT_WIDTH, BODY_BOTTOM - _BODY_TOP - 14, size)
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
        add_table(slide.shapes, _BODY_TOP + 4, part, widths, document.language, size)
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
    top = _BODY_TOP + 4 + measure_table(last, *measure) + 14
    if measure_height(paragraphs, CONTENT_WIDTH) <= BODY_BOTTOM - top:
        # Anchored at the bottom: a substitute font may make the table taller than it was measured.
        add_textbox(
            deck.slides[-1].shapes,
            (MARGIN_LEFT, top, CONTENT_WIDTH, BODY_BOTTOM - top),
            paragraphs,
            anchor=MSO_ANCHOR.BOTTOM,
        )
        return
    _add_text_slides(deck, replace(section, tables=(), paragraphs=tuple(row.text for row in paragraphs)), document)


def _add_text_slides(deck: Any, section: Section, document: Document) -> None:
    """Text in two columns, on as many slides as it needs."""
    localizer = Localizer(document.language)
    width = (CONTENT_WIDTH - _GAP) / 2
    size = 14.0 if section.terms else _choose_text_size(section.paragraphs, width)
    blocks = [[SlideParagraph(text, size, space_after=8)] for text in section.paragraphs]
    blocks += [
        [SlideParagraph(term, 13, TEXT_FONT_BOLD, space_after=2), SlideParagraph(text, 12.5, space_after=10)]
        for term, text in section.terms
    ]
    for index, columns in enumerate(_pair_columns(blocks, width)):
        title = section.title if not index else localizer.text("export.continued", title=section.title)
        slide = add_slide(deck, document, title, section.subtitle if not index else "", section.source)
        for side, paragraphs in enumerate(columns):
            add_textbox(
                slide.shapes,
                (MARGIN_LEFT + side * (width + _GAP), _BODY_TOP + 6, width, BODY_BOTTOM - _BODY_TOP - 6),
                paragraphs,
            )
        write_notes(
            slide, document, [title, section.subtitle, *(row.text for paragraphs in columns for row in paragraphs)]
        )


def _choose_text_size(paragraphs: Sequence[str], width: float) -> float:
    """The largest font size at which each paragraph fits into a column."""
    heights = {
        size: max((measure_height([SlideParagraph(text, size)], width) for text in paragraphs), default=0.0)
        for size in _TEXT_SIZES
    }
    return next((size for size in _TEXT_SIZES if heights[size] <= BODY_BOTTOM - _BODY_TOP - 10), _TEXT_SIZES[-1])


def _pair_columns(blocks: Sequence[list[SlideParagraph]], width: float) -> Iterator[list[list[SlideParagraph]]]:
    """Blocks of paragraphs in pairs of columns; a block is never split."""
    columns: list[list[SlideParagraph]] = [[]]
    used = 0.0
    for block in blocks:
        needed = measure_height(block, width)
        if columns[-1] and used + needed > BODY_BOTTOM - _BODY_TOP - 10:
            columns.append([])
            used = 0.0
        columns[-1] += block
        used += needed
    for start in range(0, len(columns), 2):
        yield columns[start : start + 2]


def _add_sources(deck: Any, document: Document) -> None:
    """The slide of the sources: publishers with their licences and series; one slide, whatever their number."""
    localizer = Localizer(document.language)
    title = localizer.text("export.sources")
    slide = add_slide(deck, document, title, localizer.text("export.sources.subtitle"))
    groups = group_by_licence(document)
    width = (CONTENT_WIDTH - _GAP) / 2
    height = BODY_BOTTOM - _BODY_TOP - 24
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
        box = (MARGIN_LEFT + side * (width + _GAP), _BODY_TOP + 2, width, height)
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
