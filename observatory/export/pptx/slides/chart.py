"""Slide of one chart, with its reasons in a column and what to beware of."""

from typing import Any

from observatory.briefs.deck.model import ChartSlide
from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT_BOLD
from observatory.export.document import Document
from observatory.export.pptx.charts.chart import add_chart
from observatory.export.pptx.frame import BODY_BOTTOM, add_chart_picture, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_textbox,
    fit_paragraph,
    measure_height,
    to_emu,
)
from observatory.export.pptx.shapes import add_box
from observatory.export.pptx.slides.head import GAP, TEXT_SIZES, add_triangle, start_slide
from observatory.language import Localizer

_CHART_WIDTH = 560.0  # points


def add_chart_with_reasons(deck: Any, content: ChartSlide, document: Document) -> None:
    """Adds a chart, with reasons and a caution in a column where there are any."""
    slide, top = start_slide(deck, document, content.title, content.lead)
    shapes, figure = slide.shapes, content.figure
    has_side = bool(content.reasons or content.caution)
    width = _CHART_WIDTH if has_side else CONTENT_WIDTH
    subtitle = figure.plot_data.subtitle if figure.plot_data is not None else ""
    unit = fit_paragraph(SlideParagraph(subtitle or figure.subtitle, 11, colour="muted"), width, 28, TEXT_SIZES)
    add_textbox(shapes, (MARGIN_LEFT, top, width, 28), [unit])
    top += measure_height([unit], width) + 2
    box = (MARGIN_LEFT, top, width, BODY_BOTTOM - top - 4)
    if figure.plot_data is not None:
        frame = add_chart(shapes, to_emu(box), figure.plot_data, Localizer(document.language))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        add_chart_picture(shapes, figure, box)
    if has_side:
        left = MARGIN_LEFT + width + GAP
        _add_side(shapes, content, (left, top - 8, CONTENT_WIDTH - width - GAP, BODY_BOTTOM - top + 8))
    reasons = [f"{head}\u00a0: {text}" if head else text for head, text in content.reasons]
    sentences = [content.title, content.lead, *reasons, content.caution_title, content.caution, figure.takeaway]
    write_notes(slide, document, [*sentences, figure.source_line], figure)


def _add_side(shapes: Any, content: ChartSlide, box: tuple[float, float, float, float]) -> None:
    """Reasons in a column, and below them what happens if it goes wrong, in the largest size that has room."""
    left, top, width, height = box
    for size in TEXT_SIZES:
        reasons: list[SlideParagraph] = []
        for head, text in content.reasons:
            reasons += [SlideParagraph(head, size, TEXT_FONT_BOLD, space_after=1)] if head else []
            reasons += [SlideParagraph(text, size)]
        caution = [
            SlideParagraph(content.caution_title, size, TEXT_FONT_BOLD, space_after=1),
            SlideParagraph(content.caution, size, space_after=0),
        ]
        reasons_height = measure_height(reasons, width) + 24 if reasons else 0.0
        caution_height = measure_height(caution, width - 34) + 16 if content.caution else 0.0
        if reasons_height + caution_height <= height:
            break
    if reasons:
        title = fit_paragraph(SlideParagraph(content.reasons_title, 15, HEAD_FONT), width, 19, TEXT_SIZES)
        add_textbox(shapes, (left, top, width, 20), [title])
        add_textbox(shapes, (left, top + 24, width, reasons_height - 24), reasons)
    if content.caution:
        caution_top = top + reasons_height + (4 if reasons else 0)
        add_box(shapes, (left, caution_top, width, caution_height), "caution-wash")
        add_box(shapes, (left, caution_top, 4, caution_height), "caution")
        add_triangle(shapes, left + 10, caution_top + 10)
        add_textbox(shapes, (left + 28, caution_top + 7, width - 34, caution_height - 10), caution)
