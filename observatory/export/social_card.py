"""Social card of a link: name, call, sentence and date on a PNG, drawn without a browser."""

import io
from collections.abc import Iterator, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from observatory.briefs.cards import Card
from observatory.briefs.common.context import Context
from observatory.briefs.registry import build_card
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.brand_logo import read_file_brand
from observatory.export.common.fonts import (
    ELLIPSIS,
    FIGURE_FONT,
    FIGURE_FONT_BOLD,
    FONT_FOLDER,
    TEXT_FONT,
    TEXT_FONT_BOLD,
    replace_undrawable,
    split_fonts,
)
from observatory.export.common.scripts import set_visually
from observatory.language import Language, Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

_WIDTH, _HEIGHT, _MARGIN = 1200, 630, 64  # px
_CONTENT_WIDTH = _WIDTH - 2 * _MARGIN
_DEFAULT_SCALE = (-10.0, 20.0)  # per cent per year, as in the ranking; a wider range extends it
_COLUMN_COUNT = 3
_LOGO_WIDTH, _LOGO_HEIGHT = 240.0, 48.0  # px, at most

_Font = ImageFont.FreeTypeFont
_Position = tuple[float, float]
_FontSpec = tuple[str, int]  # name, size in px


def render_social_card(outlook: Outlook, selection: Selection, page: str, language: Language) -> bytes:
    """The card of a page as a PNG of 1200 x 630 px, in the light colours."""
    card = build_card(Context(outlook, selection, Localizer(language), outlook.day), page)
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _parse_colour("paper"))
    pen = ImageDraw.Draw(picture)
    _draw_frame(pen, card, Localizer(language))
    _paste_logo(picture, _MARGIN + 54 + _measure(Localizer(language).text("app.name"), FIGURE_FONT_BOLD, 34) + 24)
    if card.markets:
        _draw_overview(pen, card)
    else:
        _draw_page(pen, card)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_frame(pen: ImageDraw.ImageDraw, card: Card, localizer: Localizer) -> None:
    """Draws logo, name and date over a line, and the edition at the bottom."""
    ink = _parse_colour("ink")
    pen.ellipse((_MARGIN, 42, _MARGIN + 36, 78), outline=ink, width=5)
    pen.line((_MARGIN + 17, 61, _MARGIN + 38, 40), fill=_parse_colour("forecast"), width=6)
    _draw_text(pen, (_MARGIN + 54, 72), localizer.text("app.name"), (FIGURE_FONT_BOLD, 34))
    _draw_text(pen, (_WIDTH - _MARGIN, 72), card.date, (FIGURE_FONT, 26), "muted", "rs")
    accent = read_file_brand().accent
    pen.rectangle((_MARGIN, 98, _WIDTH - _MARGIN, 103), fill=accent or ink)
    _draw_text(pen, (_MARGIN, _HEIGHT - 40), card.edition, (TEXT_FONT, 24), "muted")
    _draw_text(pen, (_WIDTH - _MARGIN, _HEIGHT - 40), localizer.text("social.overview"), (TEXT_FONT, 24), "muted", "rs")


def _paste_logo(picture: Image.Image, left: float) -> None:
    """Pastes the logo of the brand beside the name, in the middle of the head; nothing without one."""
    brand = read_file_brand()
    if not brand.png:
        return
    width, height = brand.fit_logo(_LOGO_WIDTH, _LOGO_HEIGHT)
    size = (max(1, round(width)), max(1, round(height)))
    logo = Image.open(io.BytesIO(brand.png)).convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    picture.paste(logo, (round(left), 60 - size[1] // 2), logo)


def _draw_page(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """Draws name, call with its odds, sentence, and the range of growth if there is one."""
    size = _fit_font_size(card.name, FIGURE_FONT_BOLD, 68, _CONTENT_WIDTH)
    _draw_text(
        pen,
        (_MARGIN, 184),
        _cut_text(card.name, FIGURE_FONT_BOLD, size, _CONTENT_WIDTH),
        (FIGURE_FONT_BOLD, size),
    )
    top = 214.0
    if card.call:
        _draw_chip(pen, card.call, (_MARGIN, top), 46)
        _draw_text(pen, (_MARGIN + 64, top + 36), card.label, (TEXT_FONT_BOLD, 36))
        left = _MARGIN + 64 + _measure(card.label, TEXT_FONT_BOLD, 36) + 28
        _draw_text(pen, (left, top + 36), card.odds, (TEXT_FONT, 30), "muted")
        top += 74
    _draw_paragraph(pen, card.sentence, FIGURE_FONT, 36 if card.bar else 40, top + 16, 4)
    if card.bar is not None:
        _draw_range(pen, card, 512)


def _draw_overview(pen: ImageDraw.ImageDraw, card: Card) -> None:
    """Draws the sentence, then every market with the chip of its call, in the order of the ranking."""
    top = _draw_paragraph(pen, card.sentence, FIGURE_FONT_BOLD, 40, 128, 4) + 28
    rows = -(-len(card.markets) // _COLUMN_COUNT)
    step = min(62.0, (_HEIGHT - 92 - top) / max(rows, 1))
    width = _CONTENT_WIDTH / _COLUMN_COUNT
    for index, (call, name) in enumerate(card.markets):
        x, y = _MARGIN + index // rows * width, top + index % rows * step
        _draw_chip(pen, call, (x, y), 36)
        size = _fit_font_size(name, TEXT_FONT_BOLD, 30, width - 66)
        _draw_text(pen, (x + 50, y + 29), _cut_text(name, TEXT_FONT_BOLD, size, width - 50), (TEXT_FONT_BOLD, size))


def _draw_range(pen: ImageDraw.ImageDraw, card: Card, middle: float) -> None:
    """Draws the expected growth in figures, and its range on a scale with zero."""
    bar = card.bar
    assert bar is not None
    _draw_text(pen, (_MARGIN, middle + 18), card.growth, (FIGURE_FONT_BOLD, 50), "forecast")
    left = _MARGIN + _measure(card.growth, FIGURE_FONT_BOLD, 50) + 40
    right = _WIDTH - _MARGIN - _measure(card.range, TEXT_FONT, 28) - 32
    low, high = min(_DEFAULT_SCALE[0], bar.low), max(_DEFAULT_SCALE[1], bar.high)

    def to_px(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    light = tuple(
        round(0.3 * a + 0.7 * b) for a, b in zip(_parse_colour("forecast"), _parse_colour("paper"), strict=True)
    )
    pen.rectangle((to_px(bar.low), middle - 9, to_px(bar.high), middle + 9), fill=light)
    pen.rectangle((to_px(0) - 1, middle - 34, to_px(0) + 1, middle + 34), fill=_parse_colour("muted"))
    for value, half_height, half_width in ((bar.low, 18, 2), (bar.high, 18, 2), (bar.median, 24, 4)):
        x = to_px(value)
        pen.rectangle(
            (x - half_width, middle - half_height, x + half_width, middle + half_height), fill=_parse_colour("forecast")
        )
    _draw_text(pen, (_WIDTH - _MARGIN, middle + 10), card.range, (TEXT_FONT, 28), "ink", "rs")


def _draw_chip(pen: ImageDraw.ImageDraw, call: str, at: _Position, size: float) -> None:
    """Draws the chip of a call: a filled square with its shape, or an empty dashed one for "unclear"."""
    (x, y), ink = at, _parse_colour(call)

    def inside(*points: _Position) -> list[_Position]:
        return [(x + size * across, y + size * down) for across, down in points]

    if call == "unclear":
        dash = size / 7
        for index in range(0, 7, 2):
            a, b = index * dash, (index + 1) * dash
            for ends in (((a, 0), (b, 0)), ((a, size), (b, size)), ((0, a), (0, b)), ((size, a), (size, b))):
                pen.line([(x + across, y + down) for across, down in ends], fill=ink, width=3)
        pen.polygon(inside((0.5, 0.26), (0.74, 0.5), (0.5, 0.74), (0.26, 0.5)), outline=ink, width=3)
        return
    pen.rounded_rectangle((x, y, x + size, y + size), 4, fill=ink)
    shapes = {
        "growing": inside((0.5, 0.28), (0.74, 0.7), (0.26, 0.7)),
        "shrinking": inside((0.26, 0.3), (0.74, 0.3), (0.5, 0.72)),
    }
    pen.polygon(
        shapes.get(call) or inside((0.22, 0.42), (0.78, 0.42), (0.78, 0.6), (0.22, 0.6)), fill=_parse_colour("paper")
    )


def _draw_paragraph(
    pen: ImageDraw.ImageDraw, text: str, font_name: str, size: int, top: float, max_lines: int
) -> float:
    """Draws a paragraph, in a smaller size if it has too many lines; returns its bottom."""
    lines = _wrap_lines(text, font_name, size)
    while len(lines) > max_lines and size > 24:
        size -= 2
        lines = _wrap_lines(text, font_name, size)
    if len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], _cut_text(" ".join(lines[max_lines - 1 :]), font_name, size, _CONTENT_WIDTH)]
    for line in lines:
        top += size * 1.3
        _draw_text(pen, (_MARGIN, top - size * 0.3), line, (font_name, size))
    return top


def _wrap_lines(text: str, font_name: str, size: int) -> Sequence[str]:
    lines, line = list[str](), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and _measure(longer, font_name, size) > _CONTENT_WIDTH:
            lines.append(line)
            line = word
        else:
            line = longer
    return [_cut_text(row, font_name, size, _CONTENT_WIDTH) for row in (*lines, line)]


def _measure(text: str, font_name: str, size: int) -> float:
    """The width of a text in px."""
    return sum(_load_font(name, size).getlength(part) for name, part in _split_fonts(text, font_name))


def _split_fonts(text: str, font_name: str) -> Iterator[tuple[str, str]]:
    """A text in parts as they are drawn from left to right, each with its font."""
    return split_fonts(set_visually(replace_undrawable(text)), font_name)


def _cut_text(text: str, font_name: str, size: int, max_width: float) -> str:
    """A text that fits a width in px: as it is, or its beginning and an ellipsis."""
    if _measure(text, font_name, size) <= max_width:
        return text
    end = next(
        end for end in range(len(text) - 1, -1, -1) if _measure(text[:end] + ELLIPSIS, font_name, size) <= max_width
    )
    return text[:end].rstrip() + ELLIPSIS


def _fit_font_size(text: str, font_name: str, size: int, max_width: float) -> int:
    """The largest font size, at most `size`, at which a text fits a width in px."""
    while size > 18 and _measure(text, font_name, size) > max_width:
        size -= 2
    return size


def _draw_text(
    pen: ImageDraw.ImageDraw,
    at: _Position,
    text: str,
    font: _FontSpec,
    colour: str = "ink",
    anchor: str = "ls",
) -> None:
    """Draws a line of text; `anchor` is Pillow's, by default the left end of the baseline."""
    x, y = at
    if anchor[0] == "r":
        x -= _measure(text, *font)
    for name, part in _split_fonts(text, font[0]):
        part_font = _load_font(name, font[1])
        pen.text((x, y), part, font=part_font, fill=_parse_colour(colour), anchor="ls")
        x += part_font.getlength(part)


@lru_cache(maxsize=64)
def _load_font(font_name: str, size: int) -> _Font:
    return ImageFont.truetype(FONT_FOLDER / f"{font_name}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def _parse_colour(token: str) -> tuple[int, ...]:
    text = COLOUR_TOKENS[token][0]
    return tuple(int(text[start : start + 2], 16) for start in (1, 3, 5))
