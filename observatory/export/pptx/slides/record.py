"""Slide of the record: said against came, hits by horizon, limits."""

from typing import Any

from observatory.briefs.deck.model import RecordSlide
from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT
from observatory.export.document import Document
from observatory.export.pptx.charts.range_chart import add_hits_chart, add_reliability_chart, list_hit_texts
from observatory.export.pptx.frame import BODY_BOTTOM, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_textbox,
    fit_paragraph,
    fit_paragraphs,
    measure_height,
    to_emu,
)
from observatory.export.pptx.shapes import add_rule
from observatory.export.pptx.slides.head import GAP, TEXT_SIZES, add_triangle, start_slide
from observatory.language import Localizer

_LIMIT_GAP = 9.0  # points


def add_record(deck: Any, content: RecordSlide, document: Document) -> None:
    """Adds what was said against what came, hits by horizon and the limits."""
    slide, top = start_slide(deck, document, content.title, content.lead)
    shapes = slide.shapes
    half = (CONTENT_WIDTH - GAP) / 2
    right = MARGIN_LEFT + half + GAP
    caption = fit_paragraph(SlideParagraph(content.points_title, 11, colour="muted"), half, 28, TEXT_SIZES[2:])
    add_textbox(shapes, (MARGIN_LEFT, top, half, 28), [caption])
    chart_top = top + 30
    box = (MARGIN_LEFT, chart_top, half, BODY_BOTTOM - chart_top)
    frame = add_reliability_chart(shapes, to_emu(box), content, 11)
    localizer = Localizer(document.language)
    points = [f"{row.said:.0f} \u2192 {row.came:.0f} ({row.label})" for row in content.points]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", localizer.join_clauses((content.lead, *points)))
    add_textbox(shapes, (right, top, half, 20), [SlideParagraph(content.hits_title, 15, HEAD_FONT)])
    limits_height = 138.0
    if content.hits:
        hits_box = (right, top + 20, half, BODY_BOTTOM - top - 20 - limits_height)
        bars = add_hits_chart(shapes, to_emu(hits_box), content, 11)
        bars._element.nvGraphicFramePr.cNvPr.set(
            "descr", localizer.join_clauses((content.hits_title, *list_hit_texts(content.hits)))
        )
    _add_limits(shapes, content.limits, (right, BODY_BOTTOM - limits_height + 4, half, limits_height - 4))
    sentences = [content.title, content.lead, content.points_title, *points, content.hits_title]
    write_notes(slide, document, [*sentences, *list_hit_texts(content.hits), *content.limits])


def _add_limits(shapes: Any, limits: tuple[str, ...], box: tuple[float, float, float, float]) -> None:
    """The limits below one another, each with the sign of a caution."""
    left, top, width, height = box
    rows = [SlideParagraph(text, 12, TEXT_FONT, space_after=_LIMIT_GAP) for text in limits]
    for row in fit_paragraphs(rows, width - 24, height, TEXT_SIZES[1:]):
        add_rule(shapes, left, top, width, 0.5, "rule")
        add_triangle(shapes, left, top + 6)
        needed = measure_height([row], width - 24)
        add_textbox(shapes, (left + 22, top + 4, width - 24, needed - _LIMIT_GAP), [row])
        top += needed
