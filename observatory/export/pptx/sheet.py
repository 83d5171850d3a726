"""Document on one slide: the answer, its charts in a row, columns of text, the sources."""

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import PP_ALIGN

from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT_BOLD
from observatory.export.common.sources import describe_publishers
from observatory.export.document import Document, Section, has_chart
from observatory.export.pptx.charts.chart import add_chart
from observatory.export.pptx.frame import add_chart_picture, add_slide, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_textbox,
    fit_paragraph,
    measure_height,
    measure_width,
    to_emu,
)
from observatory.export.pptx.shapes import add_chip, add_rule
from observatory.language import Localizer

_GAP = 22.0
_SOURCES_TOP, _SOURCES_HEIGHT = 488.0, 28.0  # points from the top of the slide
_MIN_CHART_HEIGHT, _MAX_CHART_HEIGHT = 122.0, 176.0
_CHART_HEAD, _TEXT_HEAD = 22.0, 23.0  # points over a chart and over a column, for the rule and the title
_SOURCE_SIZES = (8.0, 7.5, 7.0, 6.5, 6.0)
_HEADING_SIZES = (9.0, 8.0, 7.0)
_MAX_EQUAL_COLUMNS = 2
_FONT_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
_CALL_SIZES = (11.0, 10.0, 9.0, 8.0)
_TAKEAWAY_SIZE = 9.5


def add_sheet(deck: Any, document: Document) -> None:
    """Adds the slide."""
    slide = add_slide(deck, document, document.lead)
    shapes = slide.shapes
    top = _add_answer(shapes, document, 90.0)
    charts = [row for row in document.sections if has_chart(row)]
    texts = [row for row in document.sections if not has_chart(row)]
    widths = _choose_widths(texts)
    chart_width = (CONTENT_WIDTH - _GAP * (len(charts) - 1)) / max(len(charts), 1)
    takeaways = max((measure_height(_build_paragraphs(row, _TAKEAWAY_SIZE), chart_width) for row in charts), default=0)
    over = _CHART_HEAD + takeaways + 10 if charts else 0.0
    room = _SOURCES_TOP - 6 - top - over
    size, needed = _choose_text_size(texts, widths, room - (_MIN_CHART_HEIGHT if charts else 0.0))
    chart_height = min(room - needed, _MAX_CHART_HEIGHT)
    for index, section in enumerate(charts):
        left = MARGIN_LEFT + index * (chart_width + _GAP)
        _add_section_chart(shapes, section, (left, top, chart_width, chart_height), document)
    texts_top = top + over + (chart_height if charts else 0.0)
    left = float(MARGIN_LEFT)
    for section, width in zip(texts, widths, strict=True):
        _add_section_texts(shapes, section, (left, texts_top, width, _SOURCES_TOP - texts_top - 4), size)
        left += width + _GAP
    _add_sources(shapes, document)
    sentences = [text for row in document.sections for text in (row.title, *row.paragraphs)]
    write_notes(slide, document, [document.lead, document.call_line, *document.under, *sentences])


def _add_answer(shapes: Any, document: Document, top: float) -> float:
    """The call with its figures, and the texts under it; returns where they end."""
    if document.call:
        add_chip(shapes, document.call, MARGIN_LEFT, top, 15)
        label = SlideParagraph(document.call_label, 12, TEXT_FONT_BOLD)
        left = 22 + measure_width(label.text, label.size, label.font)
        add_textbox(shapes, (MARGIN_LEFT + 22, top, left - 22, 16), [label])
        width = CONTENT_WIDTH - left - 18
        line = fit_paragraph(SlideParagraph(document.call_line, 12, TEXT_FONT_BOLD), width, 16, _CALL_SIZES)
        add_textbox(shapes, (MARGIN_LEFT + left + 18, top, width, 16), [line])
        top += 21
    under = [SlideParagraph(text, 10.5, space_after=2) for text in document.under]
    add_textbox(shapes, (MARGIN_LEFT, top, CONTENT_WIDTH, 30), under)
    return top + measure_height(under, CONTENT_WIDTH) + 8


def _choose_text_size(texts: Sequence[Section], widths: Sequence[float], room: float) -> tuple[float, float]:
    """The largest font size at which columns of text fit a height, else the smallest; and the height they need."""
    if not texts:
        return _FONT_SIZES[0], 0.0
    size = needed = 0.0
    for size in _FONT_SIZES:
        columns = zip(texts, widths, strict=True)
        needed = _TEXT_HEAD + max(measure_height(_build_paragraphs(row, size), width) for row, width in columns)
        if needed <= room:
            break
    return size, min(needed, room)


def _choose_widths(texts: Sequence[Section]) -> list[float]:
    """The widths of columns of text: equal for one or two, beyond that by the length of what each has to say."""
    room = CONTENT_WIDTH - _GAP * (len(texts) - 1)
    if len(texts) <= _MAX_EQUAL_COLUMNS:
        return [room / len(texts)] * len(texts) if texts else []
    sizes = [sum(len(text) for text in row.paragraphs) for row in texts]
    return [room * size / sum(sizes) for size in sizes]


def _add_section_chart(
    shapes: Any, section: Section, place: tuple[float, float, float, float], document: Document
) -> None:
    """A chart under its title, and its takeaway below."""
    figure = section.figure
    assert figure is not None
    left, top, width, height = place
    add_rule(shapes, left, top, width, 1.5)
    add_textbox(
        shapes,
        (left, top + 4, width, 14),
        [fit_paragraph(SlideParagraph(section.title, 10, HEAD_FONT, space_after=0), width, 13, _HEADING_SIZES)],
    )
    box = (left - 4, top + _CHART_HEAD - 2, width + 4, height)
    if figure.plot_data is not None:
        frame = add_chart(shapes, to_emu(box), figure.plot_data, Localizer(document.language), font_size=8)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        add_chart_picture(shapes, figure, box)
    add_textbox(
        shapes,
        (left, top + _CHART_HEAD + height, width, 40),
        [SlideParagraph(text, _TAKEAWAY_SIZE, space_after=0) for text in section.paragraphs],
    )


def _add_section_texts(shapes: Any, section: Section, place: tuple[float, float, float, float], size: float) -> None:
    """Paragraphs under a title."""
    left, top, width, height = place
    add_rule(shapes, left, top, width, 1.5)
    title = fit_paragraph(SlideParagraph(section.title, 11, HEAD_FONT, space_after=0), width, 14, _HEADING_SIZES)
    add_textbox(shapes, (left, top + 4, width, 16), [title])
    add_textbox(shapes, (left, top + _TEXT_HEAD - 2, width, height - _TEXT_HEAD), _build_paragraphs(section, size))


def _build_paragraphs(section: Section, font_size: float) -> Sequence[SlideParagraph]:
    return [SlideParagraph(text, font_size, space_after=2.5) for text in section.paragraphs]


def _add_sources(shapes: Any, document: Document) -> None:
    row = SlideParagraph(describe_publishers(document), _SOURCE_SIZES[0], colour="muted", space_after=0)
    row = fit_paragraph(row, CONTENT_WIDTH, _SOURCES_HEIGHT, _SOURCE_SIZES)
    add_textbox(shapes, (MARGIN_LEFT, _SOURCES_TOP, CONTENT_WIDTH, _SOURCES_HEIGHT), [row], PP_ALIGN.LEFT)
