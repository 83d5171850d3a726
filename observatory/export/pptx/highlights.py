"""The first slides of a deck: the answer, markets in bars, one chart with its reasons, how sure we are."""

import math
from dataclasses import replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from observatory.briefs.deck.model import (
    AnswerSlide,
    BarRow,
    CallGroup,
    ChartSlide,
    DeckSlide,
    RankingSlide,
    RecordSlide,
)
from observatory.briefs.track_record.model import KeyFigure
from observatory.export.common.fonts import HEAD_FONT, TEXT_FONT, TEXT_FONT_BOLD
from observatory.export.document import Document
from observatory.export.pptx.chart import add_chart
from observatory.export.pptx.frame import BODY_BOTTOM, add_chart_picture, add_slide, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_box,
    add_chip,
    add_rule,
    add_textbox,
    fit_paragraph,
    fit_paragraphs,
    measure_height,
    measure_width,
    palette_rgb,
    remove_shadow,
    to_emu,
)
from observatory.export.pptx.range_chart import (
    add_hits_chart,
    add_range_chart,
    add_reliability_chart,
    list_hit_texts,
)
from observatory.language import Localizer

_TITLE_TOP, _TITLE_HEIGHT = 50.0, 76.0  # points, as all sizes here: two lines of the largest title
_TITLE_SIZES = (24.0, 21.0, 18.0, 16.0, 14.0, 12.0)
_TITLE_SIZE = 28.0
_LEAD_SIZES = (13.0, 12.0, 11.0, 10.0)
_TEXT_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0)
_KEY_SIZES, _UNIT_SIZE = (46.0, 40.0, 34.0, 30.0, 26.0, 22.0, 18.0), 15.0  # of a figure, and of its unit
_DOT_SHARE = 0.75  # of the distance between dots
_MIN_DOT_STEP, _MAX_DOT_STEP = 7.0, 14.0
_MAX_ROW_HEIGHT = 56.0
_ODDS_LEFT, _BARS_LEFT = 208.0, 322.0  # from the left margin: of the odds, and of the bars
_NOTE_WIDTH = 62.0
_CHART_WIDTH, _GAP = 560.0, 30.0
_CORNERS = 8  # of a dot
_LIMIT_GAP = 9.0


def add_highlight(deck: Any, slide: DeckSlide, document: Document) -> None:
    """Adds a slide of its kind, with speaker notes."""
    if isinstance(slide, AnswerSlide):
        _add_answer(deck, slide, document)
    elif isinstance(slide, RankingSlide):
        _add_ranking(deck, slide, document)
    elif isinstance(slide, ChartSlide):
        _add_chart(deck, slide, document)
    else:
        _add_record(deck, slide, document)


def _start_slide(deck: Any, document: Document, title: str, lead: str) -> tuple[Any, float]:
    """A slide with a large title and a sentence under it, and the height at which both end."""
    slide = add_slide(deck, document, title)
    row = _fit_title(title)
    height = measure_height([row], CONTENT_WIDTH)
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = to_emu((MARGIN_LEFT, _TITLE_TOP, CONTENT_WIDTH, height))
    shape.text_frame.paragraphs[0].runs[0].font.size = Pt(row.size)
    top = _TITLE_TOP + height + 4
    if lead:
        text = fit_paragraph(SlideParagraph(lead, 14, space_after=0), CONTENT_WIDTH, 38, _LEAD_SIZES)
        add_textbox(slide.shapes, (MARGIN_LEFT, top, CONTENT_WIDTH, 38), [text])
        top += measure_height([text], CONTENT_WIDTH) + 8
    return slide, top


def _fit_title(title: str) -> SlideParagraph:
    """A title in the largest size that fits, and on one line where a size a little smaller makes it so."""
    row = SlideParagraph(title, _TITLE_SIZE, HEAD_FONT, space_after=0)
    fitted = fit_paragraph(row, CONTENT_WIDTH, _TITLE_HEIGHT, _TITLE_SIZES)
    for size in (fitted.size, *_TITLE_SIZES[:2]):
        if size <= fitted.size and measure_width(title, size, HEAD_FONT) <= CONTENT_WIDTH:
            return replace(fitted, size=size)
    return fitted


def _add_answer(deck: Any, content: AnswerSlide, document: Document) -> None:
    slide, top = _start_slide(deck, document, content.title, content.lead)
    groups_top = BODY_BOTTOM - 74 if content.groups else BODY_BOTTOM
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
    keys = [f"{key.value} {key.unit} {key.text}" for key in content.keys]
    groups = [f"{group.title}\u00a0: {', '.join(group.names)}" for group in content.groups]
    write_notes(slide, document, [content.title, content.lead, *keys, *groups, document.lead, *document.under])


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
    text = fit_paragraph(SlideParagraph(key.text, 17, space_after=0), width, 104, (16.0, 15.0, 14.0, *_TEXT_SIZES))
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
        title = fit_paragraph(SlideParagraph(group.title, 13, TEXT_FONT_BOLD), width - 22, 17, _TEXT_SIZES)
        add_textbox(shapes, (left + 22, top + 8, width - 22, 18), [title])
        names = fit_paragraph(SlideParagraph(" \u00b7 ".join(group.names), 12.5), width, 42, _TEXT_SIZES)
        add_textbox(shapes, (left, top + 31, width, 42), [names])
        left += width + 24


def _add_ranking(deck: Any, content: RankingSlide, document: Document) -> None:
    slide, top = _start_slide(deck, document, content.title, content.lead)
    shapes = slide.shapes
    shift = _NOTE_WIDTH if any(row.note for row in content.rows) else 0.0
    bars_left, bars_width = MARGIN_LEFT + _BARS_LEFT + shift, CONTENT_WIDTH - _BARS_LEFT - shift
    inset = 0.09 * bars_width
    head = fit_paragraph(SlideParagraph(content.odds_head, 10, colour="muted"), 112, 14, _TEXT_SIZES)
    add_textbox(shapes, (MARGIN_LEFT + _ODDS_LEFT + shift, top, 112, 15), [head])
    low, high = content.scale
    for tick, text in content.ticks:
        place = bars_left + inset + (tick - low) / (high - low) * (bars_width - 2 * inset)
        row = [SlideParagraph(text, 10, colour="muted")]
        add_textbox(shapes, (place - 30, top, 60, 15), row, PP_ALIGN.CENTER)
    add_rule(shapes, MARGIN_LEFT, top + 16, CONTENT_WIDTH, 1)
    top += 18
    height = min((BODY_BOTTOM - top) / len(content.rows), _MAX_ROW_HEIGHT)
    box = (bars_left + inset, top, bars_width - 2 * inset, height * len(content.rows))
    if any(line.bar is not None for line in content.rows):
        localizer = Localizer(document.language)
        names = [localizer.text(f"export.deck.bar.{name}") for name in ("unseen", "below", "above")]
        frame = add_range_chart(shapes, to_emu(box), content, (names[0], names[1], names[2]))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", " ".join(_describe_row(row) for row in content.rows))
    for index, line in enumerate(content.rows):
        _add_bar_row(shapes, line, content.out_of, (MARGIN_LEFT + _ODDS_LEFT + shift, top + index * height, height))
        _add_bar_marks(shapes, line, content.scale, (box[0], top + index * height, box[2], height))
    write_notes(slide, document, [content.title, content.lead, *(_describe_row(row) for row in content.rows)])


def _describe_row(row: BarRow) -> str:
    """A row of the ranking as a line of text."""
    if row.call:
        return row.title
    if row.bar is None:
        return f"{row.title}\u00a0: {row.missing}"
    return f"{row.title}\u00a0: {row.odds}, {row.middle} ({row.low} ; {row.high})"


def _add_bar_row(shapes: Any, row: BarRow, out_of: str, place: tuple[float, float, float]) -> None:
    """The texts of a row; a heading has its chip. `place` is where the odds begin, the top and the height."""
    odds_left, top, height = place
    size = min(15.0, height * 0.42)
    text_top = top + (height - size * 1.25) / 2
    if row.call:
        add_chip(shapes, row.call, MARGIN_LEFT, top + (height - 13) / 2, 13)
        add_textbox(
            shapes, (MARGIN_LEFT + 20, text_top, 400, size * 1.3), [SlideParagraph(row.title, size, TEXT_FONT_BOLD)]
        )
        return
    add_rule(shapes, MARGIN_LEFT, top, CONTENT_WIDTH, 0.5, "rule")
    if row.is_marked:
        add_box(shapes, (MARGIN_LEFT - 2, top + 2, 3, height - 4), "forecast")
    fitted = fit_paragraph(SlideParagraph(row.title, size, TEXT_FONT_BOLD), 182, size * 1.3, _TEXT_SIZES)
    add_textbox(shapes, (MARGIN_LEFT + 20, text_top, 184, size * 1.3), [fitted])
    if row.note:
        note = fit_paragraph(SlideParagraph(row.note, size), _NOTE_WIDTH - 6, size * 1.3, _TEXT_SIZES)
        add_textbox(shapes, (odds_left - _NOTE_WIDTH, text_top, _NOTE_WIDTH - 6, size * 1.3), [note])
    if row.bar is None:
        width = MARGIN_LEFT + CONTENT_WIDTH - odds_left
        missing = fit_paragraph(SlideParagraph(row.missing, 12, colour="muted"), width, height, _TEXT_SIZES)
        box = (odds_left, top + 1, width, height - 1)
        add_box(shapes, box, "paper")  # over the line of zero
        add_textbox(shapes, box, [missing], anchor=MSO_ANCHOR.MIDDLE)
        return
    odds = SlideParagraph(row.odds, size, TEXT_FONT_BOLD, tail=out_of, tail_size=min(size, 11.0))
    add_textbox(shapes, (odds_left, text_top, 112, size * 1.3), [odds])


def _add_bar_marks(shapes: Any, row: BarRow, scale: tuple[int, int], box: tuple[float, float, float, float]) -> None:
    """The two ends and the middle of a bar, each with its figure at its place."""
    if row.bar is None:
        return
    left, top, width, height = box
    centre, thick = top + height / 2, height * 0.3
    size = min(12.0, height * 0.36)
    ends = (row.bar.low, row.bar.median, row.bar.high)
    low, middle, high = (left + (value - scale[0]) / (scale[1] - scale[0]) * width for value in ends)
    for place, wide, tall in ((low, 1.5, thick), (high - 1.5, 1.5, thick), (middle - 2, 4, thick * 1.5)):
        add_box(shapes, (place, centre - tall / 2, wide, tall), "forecast")
    line = (centre - size * 0.6, size * 1.3)
    for text, place, align in ((row.low, low - 64, PP_ALIGN.RIGHT), (row.high, high + 4, PP_ALIGN.LEFT)):
        paragraph = SlideParagraph(text, size, colour="muted", space_after=0)
        add_textbox(shapes, (place, line[0], 60, line[1]), [paragraph], align)
    paragraph = SlideParagraph(row.middle, size, TEXT_FONT_BOLD, "forecast", space_after=0)
    above = centre - thick * 0.75 - size * 1.3
    add_textbox(shapes, (middle - 45, above, 90, size * 1.3), [paragraph], PP_ALIGN.CENTER)


def _add_chart(deck: Any, content: ChartSlide, document: Document) -> None:
    slide, top = _start_slide(deck, document, content.title, content.lead)
    shapes, figure = slide.shapes, content.figure
    has_side = bool(content.reasons or content.caution)
    width = _CHART_WIDTH if has_side else CONTENT_WIDTH
    subtitle = figure.plot_data.subtitle if figure.plot_data is not None else ""
    unit = fit_paragraph(SlideParagraph(subtitle or figure.subtitle, 11, colour="muted"), width, 28, _TEXT_SIZES)
    add_textbox(shapes, (MARGIN_LEFT, top, width, 28), [unit])
    top += measure_height([unit], width) + 2
    box = (MARGIN_LEFT, top, width, BODY_BOTTOM - top - 4)
    if figure.plot_data is not None:
        frame = add_chart(shapes, to_emu(box), figure.plot_data, Localizer(document.language))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        add_chart_picture(shapes, figure, box)
    if has_side:
        left = MARGIN_LEFT + width + _GAP
        _add_side(shapes, content, (left, top - 8, CONTENT_WIDTH - width - _GAP, BODY_BOTTOM - top + 8))
    reasons = [f"{head}\u00a0: {text}" if head else text for head, text in content.reasons]
    sentences = [content.title, content.lead, *reasons, content.caution_title, content.caution, figure.takeaway]
    write_notes(slide, document, [*sentences, figure.source_line], figure)


def _add_side(shapes: Any, content: ChartSlide, box: tuple[float, float, float, float]) -> None:
    """Reasons in a column, and below them what happens if it goes wrong, in the largest size that has room."""
    left, top, width, height = box
    for size in _TEXT_SIZES:
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
        title = fit_paragraph(SlideParagraph(content.reasons_title, 15, HEAD_FONT), width, 19, _TEXT_SIZES)
        add_textbox(shapes, (left, top, width, 20), [title])
        add_textbox(shapes, (left, top + 24, width, reasons_height - 24), reasons)
    if content.caution:
        caution_top = top + reasons_height + (4 if reasons else 0)
        add_box(shapes, (left, caution_top, width, caution_height), "caution-wash")
        add_box(shapes, (left, caution_top, 4, caution_height), "caution")
        _add_triangle(shapes, left + 10, caution_top + 10)
        add_textbox(shapes, (left + 28, caution_top + 7, width - 34, caution_height - 10), caution)


def _add_triangle(shapes: Any, left: float, top: float) -> None:
    """The sign of a caution."""
    builder = shapes.build_freeform(Pt(left + 6), Pt(top))
    builder.add_line_segments([(Pt(left + 12), Pt(top + 10.5)), (Pt(left), Pt(top + 10.5))], close=True)
    shape = remove_shadow(builder.convert_to_shape())
    shape.fill.background()
    shape.line.color.rgb, shape.line.width = palette_rgb("caution"), Pt(1.25)


def _add_record(deck: Any, content: RecordSlide, document: Document) -> None:
    slide, top = _start_slide(deck, document, content.title, content.lead)
    shapes = slide.shapes
    half = (CONTENT_WIDTH - _GAP) / 2
    right = MARGIN_LEFT + half + _GAP
    caption = fit_paragraph(SlideParagraph(content.points_title, 11, colour="muted"), half, 28, _TEXT_SIZES[2:])
    add_textbox(shapes, (MARGIN_LEFT, top, half, 28), [caption])
    chart_top = top + 30
    box = (MARGIN_LEFT, chart_top, half, BODY_BOTTOM - chart_top)
    frame = add_reliability_chart(shapes, to_emu(box), content, 11)
    points = [f"{row.said:.0f} \u2192 {row.came:.0f} ({row.label})" for row in content.points]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", " ; ".join((content.lead, *points)))
    add_textbox(shapes, (right, top, half, 20), [SlideParagraph(content.hits_title, 15, HEAD_FONT)])
    limits_height = 138.0
    if content.hits:
        hits_box = (right, top + 20, half, BODY_BOTTOM - top - 20 - limits_height)
        bars = add_hits_chart(shapes, to_emu(hits_box), content, 11)
        bars._element.nvGraphicFramePr.cNvPr.set(
            "descr", " ; ".join((content.hits_title, *list_hit_texts(content.hits)))
        )
    _add_limits(shapes, content.limits, (right, BODY_BOTTOM - limits_height + 4, half, limits_height - 4))
    sentences = [content.title, content.lead, content.points_title, *points, content.hits_title]
    write_notes(slide, document, [*sentences, *list_hit_texts(content.hits), *content.limits])


def _add_limits(shapes: Any, limits: tuple[str, ...], box: tuple[float, float, float, float]) -> None:
    """The limits below one another, each with the sign of a caution."""
    left, top, width, height = box
    rows = [SlideParagraph(text, 12, TEXT_FONT, space_after=_LIMIT_GAP) for text in limits]
    for row in fit_paragraphs(rows, width - 24, height, _TEXT_SIZES[1:]):
        add_rule(shapes, left, top, width, 0.5, "rule")
        _add_triangle(shapes, left, top + 6)
        needed = measure_height([row], width - 24)
        add_textbox(shapes, (left + 22, top + 4, width - 24, needed - _LIMIT_GAP), [row])
        top += needed
