"""Slide of a ranking: rows with a figure and the bar of a range, all on one scale."""

from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from observatory.briefs.deck.model import BarRow, RankingSlide
from observatory.export.common.fonts import TEXT_FONT_BOLD
from observatory.export.document import Document
from observatory.export.pptx.charts.range_chart import add_range_chart
from observatory.export.pptx.frame import BODY_BOTTOM, write_notes
from observatory.export.pptx.parts import CONTENT_WIDTH, MARGIN_LEFT, SlideParagraph, add_textbox, fit_paragraph, to_emu
from observatory.export.pptx.shapes import add_box, add_chip, add_rule
from observatory.export.pptx.slides.head import TEXT_SIZES, start_slide
from observatory.language import Localizer

_MAX_ROW_HEIGHT = 80.0  # points, as all sizes here
_ODDS_LEFT, _BARS_LEFT = 208.0, 322.0  # from the left margin: of the odds, and of the bars
_NOTE_WIDTH = 62.0


def add_ranking(deck: Any, content: RankingSlide, document: Document) -> None:
    """Adds a row for each subject, with its figure and the bar of its range; the bars are one chart."""
    slide, top = start_slide(deck, document, content.title, content.lead)
    shapes = slide.shapes
    shift = _NOTE_WIDTH if any(row.note for row in content.rows) else 0.0
    bars_left, bars_width = MARGIN_LEFT + _BARS_LEFT + shift, CONTENT_WIDTH - _BARS_LEFT - shift
    inset = 0.09 * bars_width
    head = fit_paragraph(SlideParagraph(content.odds_head, 10, colour="muted"), 112, 14, TEXT_SIZES)
    add_textbox(shapes, (MARGIN_LEFT + _ODDS_LEFT + shift, top, 112, 15), [head])
    low, high = content.scale
    for tick, text in content.ticks:
        place = bars_left + inset + (tick - low) / (high - low) * (bars_width - 2 * inset)
        row = [SlideParagraph(text, 10, colour="muted")]
        add_textbox(shapes, (place - 30, top, 60, 15), row, PP_ALIGN.CENTER)
    add_rule(shapes, MARGIN_LEFT, top + 16, CONTENT_WIDTH, 1)
    top += 18 if content.rows[0].bar is None else 24  # the figure of a first bar stands above it
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
    title = SlideParagraph(row.title, size, TEXT_FONT_BOLD, space_after=0)
    fitted = fit_paragraph(title, 182, max(size * 1.3, height - 8), TEXT_SIZES)
    add_textbox(shapes, (MARGIN_LEFT + 20, top + 1, 184, height - 1), [fitted], anchor=MSO_ANCHOR.MIDDLE)
    if row.note:
        note = fit_paragraph(SlideParagraph(row.note, size), _NOTE_WIDTH - 6, size * 1.3, TEXT_SIZES)
        add_textbox(shapes, (odds_left - _NOTE_WIDTH, text_top, _NOTE_WIDTH - 6, size * 1.3), [note])
    if row.bar is None:
        width = MARGIN_LEFT + CONTENT_WIDTH - odds_left
        missing = fit_paragraph(SlideParagraph(row.missing, 12, colour="muted"), width, height, TEXT_SIZES)
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
