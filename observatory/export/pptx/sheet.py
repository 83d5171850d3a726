"""Document on one slide: the answer, its charts in a row, columns of text, the sources."""

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import PP_ALIGN

from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT_BOLD
from observatory.export.common.sources import describe_sources
from observatory.export.document import Document, Section, has_chart
from observatory.export.pptx.chart import add_chart
from observatory.export.pptx.frame import add_chart_picture, add_slide, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_chip,
    add_rule,
    add_textbox,
    fit_paragraph,
    measure_height,
    to_emu,
)
from observatory.language import Localizer

_GAP = 22.0
_CHARTS_TOP, _TEXTS_TOP, _SOURCES_TOP = 146.0, 344.0, 486.0  # points from the top of the slide
_CHART_HEIGHT = 146.0
_HEADING_SIZES = (9.0, 8.0, 7.0)
_MAX_EQUAL_COLUMNS = 2
_FONT_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)


def add_sheet(deck: Any, document: Document) -> None:
    """Adds the slide."""
    slide = add_slide(deck, document, document.lead)
    shapes = slide.shapes
    top = 88.0
    if document.call:
        add_chip(shapes, document.call, MARGIN_LEFT, top, 15)
        add_textbox(shapes, (MARGIN_LEFT + 22, top, 160, 16), [SlideParagraph(document.call_label, 12, TEXT_FONT_BOLD)])
        add_textbox(
            shapes,
            (MARGIN_LEFT + 140, top, CONTENT_WIDTH - 140, 16),
            [SlideParagraph(document.call_line, 12, TEXT_FONT_BOLD)],
        )
        top += 21
    add_textbox(
        shapes,
        (MARGIN_LEFT, top, CONTENT_WIDTH, 30),
        [SlideParagraph(text, 10.5, space_after=2) for text in document.under],
    )
    charts = [row for row in document.sections if has_chart(row)]
    texts = [row for row in document.sections if not has_chart(row)]
    width = (CONTENT_WIDTH - _GAP * (len(charts) - 1)) / max(len(charts), 1)
    for index, section in enumerate(charts):
        _add_section_chart(shapes, section, MARGIN_LEFT + index * (width + _GAP), width, document)
    left = float(MARGIN_LEFT)
    for section, width in zip(texts, _choose_widths(texts), strict=True):
        _add_section_texts(shapes, section, left, width)
        left += width + _GAP
    _add_sources(shapes, document)
    sentences = [text for row in document.sections for text in (row.title, *row.paragraphs)]
    write_notes(slide, document, [document.lead, document.call_line, *document.under, *sentences])


def _choose_widths(texts: Sequence[Section]) -> list[float]:
    """The widths of columns of text: equal for one or two, beyond that by the length of what each has to say."""
    room = CONTENT_WIDTH - _GAP * (len(texts) - 1)
    if len(texts) <= _MAX_EQUAL_COLUMNS:
        return [room / len(texts)] * len(texts) if texts else []
    sizes = [sum(len(text) for text in row.paragraphs) for row in texts]
    return [room * size / sum(sizes) for size in sizes]


def _add_section_chart(shapes: Any, section: Section, left: float, width: float, document: Document) -> None:
    """A chart under its title, and its takeaway below."""
    figure = section.figure
    assert figure is not None
    add_rule(shapes, left, _CHARTS_TOP - 8, width, 1.5)
    add_textbox(
        shapes,
        (left, _CHARTS_TOP - 5, width, 14),
        [fit_paragraph(SlideParagraph(section.title, 10, HEAD_FONT, space_after=0), width, 13, _HEADING_SIZES)],
    )
    box = (left - 4, _CHARTS_TOP + 12, width + 8, _CHART_HEIGHT - 8)
    if figure.plot_data is not None:
        frame = add_chart(shapes, to_emu(box), figure.plot_data, Localizer(document.language), font_size=8)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        add_chart_picture(shapes, figure, box)
    add_textbox(
        shapes,
        (left, _CHARTS_TOP + _CHART_HEIGHT + 6, width, 40),
        [SlideParagraph(text, 9.5, space_after=0) for text in section.paragraphs],
    )


def _add_section_texts(shapes: Any, section: Section, left: float, width: float) -> None:
    """Paragraphs under a title, in the largest font size that leaves the sources free."""
    add_rule(shapes, left, _TEXTS_TOP, width, 1.5)
    height = _SOURCES_TOP - _TEXTS_TOP - 22
    size = next(
        (size for size in _FONT_SIZES if measure_height(_build_paragraphs(section, size), width) <= height),
        _FONT_SIZES[-1],
    )
    add_textbox(
        shapes, (left, _TEXTS_TOP + 5, width, 16), [SlideParagraph(section.title, 11, HEAD_FONT, space_after=0)]
    )
    add_textbox(shapes, (left, _TEXTS_TOP + 21, width, height), _build_paragraphs(section, size))


def _build_paragraphs(section: Section, font_size: float) -> Sequence[SlideParagraph]:
    return [SlideParagraph(text, font_size, space_after=2.5) for text in section.paragraphs]


def _add_sources(shapes: Any, document: Document) -> None:
    size = next(
        (
            size
            for size in (8.0, 7.5, 7.0, 6.5, 6.0)
            if measure_height([SlideParagraph(describe_sources(document), size)], CONTENT_WIDTH) < 30
        ),
        6.0,
    )
    add_textbox(
        shapes,
        (MARGIN_LEFT, _SOURCES_TOP, CONTENT_WIDTH, 30),
        [SlideParagraph(describe_sources(document), size, colour="muted", space_after=0)],
        PP_ALIGN.LEFT,
    )
