"""Slide of the answer: key figures with their dots, and the markets by call."""

import math
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from observatory.briefs.deck.model import AnswerSlide, CallGroup
from observatory.briefs.track_record.model import KeyFigure
from observatory.export.common.fonts import TEXT_FONT_BOLD
from observatory.export.document import Document
from observatory.export.pptx.frame import BODY_BOTTOM, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_textbox,
    fit_paragraph,
    fit_paragraphs,
    measure_height,
    measure_width,
    palette_rgb,
)
from observatory.export.pptx.shapes import add_box, add_chip, add_rule, remove_shadow
from observatory.export.pptx.slides.head import TEXT_SIZES, start_slide

_KEY_SIZES, _UNIT_SIZE = (46.0, 40.0, 34.0, 30.0, 26.0, 22.0, 18.0), 15.0  # points, of a figure, and of its unit
_FACT_SIZES, _FACTS_HEIGHT = (18.0, 16.0, 14.0, 12.5, 11.0, 10.0), 150.0
_DOT_SHARE = 0.75  # of the distance between dots
_MIN_DOT_STEP, _MAX_DOT_STEP = 7.0, 14.0
_CORNERS = 8  # of a dot


def add_answer(deck: Any, content: AnswerSlide, document: Document) -> None:
    """Adds the key figures in columns, and the markets by call below them."""
    slide, top = start_slide(deck, document, content.title, content.lead)
    facts = fit_paragraphs(
        [SlideParagraph(text, _FACT_SIZES[0], space_after=7) for text in content.facts or ("",)],
        CONTENT_WIDTH,
        _FACTS_HEIGHT,
        _FACT_SIZES,
    )
    facts_height = measure_height(facts, CONTENT_WIDTH) + 14 if content.facts else 0.0
    groups_top = BODY_BOTTOM - (74 if content.groups else facts_height)
    if content.keys:
        top += 14
        add_rule(slide.shapes, MARGIN_LEFT, top, CONTENT_WIDTH, 2)
        width = CONTENT_WIDTH / len(content.keys)
        for index, key in enumerate(content.keys):
            left = MARGIN_LEFT + index * width + (16 if index else 0)
            _add_key(slide.shapes, key, (left, top + 10, width - 34, groups_top - top - 22))
            if index:
                add_box(slide.shapes, (MARGIN_LEFT + index * width, top, 0.75, groups_top - top - 12), "rule")
    _add_groups(slide.shapes, content.groups, groups_top)
    if content.facts and not content.groups:
        add_rule(slide.shapes, MARGIN_LEFT, groups_top, CONTENT_WIDTH, 1.5)
        add_textbox(slide.shapes, (MARGIN_LEFT, groups_top + 12, CONTENT_WIDTH, facts_height - 12), facts)
    keys = [f"{key.value} {key.unit} {key.text}" for key in content.keys]
    groups = [f"{group.title}\u00a0: {', '.join(group.names)}" for group in content.groups]
    write_notes(
        slide, document, [content.title, content.lead, *keys, *groups, *content.facts, document.lead, *document.under]
    )


def _add_key(shapes: Any, key: KeyFigure, box: tuple[float, float, float, float]) -> None:
    """A figure in large type with its unit, its text, and its dots where they have room."""
    left, top, width, height = box
    colour = "forecast" if key.is_expected else "ink"
    unit_width = measure_width(f" {key.unit}", _UNIT_SIZE)
    size = next(
        (size for size in _KEY_SIZES if measure_width(key.value, size, TEXT_FONT_BOLD) + unit_width <= width),
        _KEY_SIZES[-1],
    )
    row = SlideParagraph(key.value, size, TEXT_FONT_BOLD, colour, tail=key.unit, tail_size=_UNIT_SIZE)
    add_textbox(shapes, (left, top, width, 60), [row], anchor=MSO_ANCHOR.BOTTOM)
    text = fit_paragraph(SlideParagraph(key.text, 17, space_after=0), width, 104, (16.0, 15.0, 14.0, *TEXT_SIZES))
    add_textbox(shapes, (left, top + 66, width, 104), [text])
    dots_top = top + 66 + measure_height([text], width) + 10
    step = min((top + height - dots_top) / 10, _MAX_DOT_STEP)
    if key.dots is not None and step >= _MIN_DOT_STEP:
        _add_dots(shapes, key.dots, colour, (left, dots_top), step)


def _add_dots(shapes: Any, count: int, colour: str, corner: tuple[float, float], step: float) -> None:
    """A hundred dots, `count` of them filled, `step` points apart: two shapes, whatever the count."""
    for numbers, token in ((range(count), colour), (range(count, 100), "track")):
        places = [(corner[0] + number % 10 * step, corner[1] + number // 10 * step) for number in numbers]
        if places:
            _add_discs(shapes, places, step * _DOT_SHARE / 2, token)


def _add_discs(shapes: Any, places: list[tuple[float, float]], radius: float, colour: str) -> None:
    builder: Any = None
    for x, y in places:
        corners = [
            (
                Pt(x + radius * (1 + math.cos(2 * math.pi * (index + 0.5) / _CORNERS))),
                Pt(y + radius * (1 + math.sin(2 * math.pi * (index + 0.5) / _CORNERS))),
            )
            for index in range(_CORNERS)
        ]
        if builder is None:
            builder = shapes.build_freeform(*corners[0])
        else:
            builder.move_to(*corners[0])
        builder.add_line_segments(corners[1:], close=True)
    shape = remove_shadow(builder.convert_to_shape())
    shape.fill.solid()
    shape.fill.fore_color.rgb = palette_rgb(colour)
    shape.line.fill.background()


def _add_groups(shapes: Any, groups: tuple[CallGroup, ...], top: float) -> None:
    """The markets by call, in columns as wide as they have names."""
    if not groups:
        return
    total = sum(max(len(group.names), 2) for group in groups)
    left, room = float(MARGIN_LEFT), CONTENT_WIDTH - 24 * (len(groups) - 1)
    for group in groups:
        width = room * max(len(group.names), 2) / total
        add_rule(shapes, left, top, width, 1.5)
        add_chip(shapes, group.call, left, top + 9, 15)
        title = fit_paragraph(SlideParagraph(group.title, 13, TEXT_FONT_BOLD), width - 22, 17, TEXT_SIZES)
        add_textbox(shapes, (left + 22, top + 8, width - 22, 18), [title])
        names = fit_paragraph(SlideParagraph(" \u00b7 ".join(group.names), 12.5), width, 42, TEXT_SIZES)
        add_textbox(shapes, (left, top + 31, width, 42), [names])
        left += width + 24
