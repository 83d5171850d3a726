"""The picture that goes with a link: name, call, sentence and date on a card, drawn without a browser."""

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from observatory.briefs.cards import Card, card
from observatory.charts.palette import TOKENS
from observatory.language import Language, Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

WIDE, TALL, MARGIN = 1200, 630, 64  # px
ROOM = WIDE - 2 * MARGIN
FONTS = Path(__file__).with_name("fonts")
FIGURES, FIGURES_BOLD, TEXT, TEXT_BOLD = "B612-Regular", "B612-Bold", "IBMPlexSans-Regular", "IBMPlexSans-SemiBold"
SCALE = (-10.0, 20.0)  # per cent a year, as the ranking draws it; a wider range widens it
COLUMNS = 3

Face = ImageFont.FreeTypeFont
Spot = tuple[float, float]


def preview_image(outlook: Outlook, selection: Selection, page: str, language: Language) -> bytes:
    """The card of a page as a PNG of 1200 x 630, in the light colours: whoever shows it has no theme of ours."""
    said = card(page, outlook, selection, Speaker(language))
    picture = Image.new("RGB", (WIDE, TALL), _colour("paper"))
    pen = ImageDraw.Draw(picture)
    _frame(pen, said, Speaker(language))
    if said.markets:
        _overview(pen, said)
    else:
        _page(pen, said)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _frame(pen: ImageDraw.ImageDraw, said: Card, speaker: Speaker) -> None:
    """The mark and the name, the date; a line below; the edition at the foot."""
    ink = _colour("ink")
    pen.ellipse((MARGIN, 42, MARGIN + 36, 78), outline=ink, width=5)
    pen.line((MARGIN + 17, 61, MARGIN + 38, 40), fill=_colour("forecast"), width=6)
    _write(pen, (MARGIN + 54, 72), speaker.say("app.name"), FIGURES_BOLD, 34)
    _write(pen, (WIDE - MARGIN, 72), said.date, FIGURES, 26, "muted", "rs")
    pen.rectangle((MARGIN, 98, WIDE - MARGIN, 103), fill=ink)
    _write(pen, (MARGIN, TALL - 40), said.edition, TEXT, 24, "muted")
    _write(pen, (WIDE - MARGIN, TALL - 40), speaker.say("social.overview"), TEXT, 24, "muted", "rs")


def _page(pen: ImageDraw.ImageDraw, said: Card) -> None:
    """Name, call with its odds, sentence, and the range of growth where there is one."""
    _write(pen, (MARGIN, 184), said.name, FIGURES_BOLD, _fitting(said.name, FIGURES_BOLD, 68, ROOM))
    top = 214.0
    if said.call:
        _chip(pen, said.call, (MARGIN, top), 46)
        _write(pen, (MARGIN + 64, top + 36), said.label, TEXT_BOLD, 36)
        left = MARGIN + 64 + _font(TEXT_BOLD, 36).getlength(said.label) + 28
        _write(pen, (left, top + 36), said.odds, TEXT, 30, "muted")
        top += 74
    _paragraph(pen, said.sentence, FIGURES, 36 if said.bar else 40, top + 16, 4)
    if said.bar is not None:
        _range(pen, said, 512)


def _overview(pen: ImageDraw.ImageDraw, said: Card) -> None:
    """The sentence, then every market with the mark of its call, in the order of the ranking."""
    top = _paragraph(pen, said.sentence, FIGURES_BOLD, 40, 128, 4) + 28
    rows = -(-len(said.markets) // COLUMNS)
    step = min(62.0, (TALL - 92 - top) / max(rows, 1))
    wide = ROOM / COLUMNS
    for place, (call, name) in enumerate(said.markets):
        x, y = MARGIN + place // rows * wide, top + place % rows * step
        _chip(pen, call, (x, y), 36)
        size = _fitting(name, TEXT_BOLD, 30, wide - 66)
        _write(pen, (x + 50, y + 29), name, TEXT_BOLD, size)


def _range(pen: ImageDraw.ImageDraw, said: Card, middle: float) -> None:
    """The expected growth in figures, and its range on a scale with zero."""
    bar = said.bar
    assert bar is not None
    _write(pen, (MARGIN, middle + 18), said.growth, FIGURES_BOLD, 50, "forecast")
    left = MARGIN + _font(FIGURES_BOLD, 50).getlength(said.growth) + 40
    right = WIDE - MARGIN - _font(TEXT, 28).getlength(said.range) - 32
    low, high = min(SCALE[0], bar.low), max(SCALE[1], bar.high)

    def at(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    light = tuple(round(0.3 * a + 0.7 * b) for a, b in zip(_colour("forecast"), _colour("paper"), strict=True))
    pen.rectangle((at(bar.low), middle - 9, at(bar.high), middle + 9), fill=light)
    pen.rectangle((at(0) - 1, middle - 34, at(0) + 1, middle + 34), fill=_colour("muted"))
    for value, half, thick in ((bar.low, 18, 2), (bar.high, 18, 2), (bar.median, 24, 4)):
        x = at(value)
        pen.rectangle((x - thick, middle - half, x + thick, middle + half), fill=_colour("forecast"))
    _write(pen, (WIDE - MARGIN, middle + 10), said.range, TEXT, 28, "ink", "rs")


def _chip(pen: ImageDraw.ImageDraw, call: str, at: Spot, size: float) -> None:
    """The mark of a call: a filled square with its shape, a dashed empty one for what is not decided."""
    (x, y), ink = at, _colour(call)

    def inside(*points: Spot) -> list[Spot]:
        return [(x + size * across, y + size * down) for across, down in points]

    if call == "unclear":
        dash = size / 7
        for place in range(0, 7, 2):
            a, b = place * dash, (place + 1) * dash
            for ends in (((a, 0), (b, 0)), ((a, size), (b, size)), ((0, a), (0, b)), ((size, a), (size, b))):
                pen.line([(x + across, y + down) for across, down in ends], fill=ink, width=3)
        pen.polygon(inside((0.5, 0.26), (0.74, 0.5), (0.5, 0.74), (0.26, 0.5)), outline=ink, width=3)
        return
    pen.rounded_rectangle((x, y, x + size, y + size), 4, fill=ink)
    shapes = {
        "growing": inside((0.5, 0.28), (0.74, 0.7), (0.26, 0.7)),
        "shrinking": inside((0.26, 0.3), (0.74, 0.3), (0.5, 0.72)),
    }
    pen.polygon(shapes.get(call) or inside((0.22, 0.42), (0.78, 0.42), (0.78, 0.6), (0.22, 0.6)), fill=_colour("paper"))


def _paragraph(pen: ImageDraw.ImageDraw, text: str, face: str, size: int, top: float, most: int) -> float:
    """Lines that fit the width, smaller where they would be too many; says where they end."""
    lines = _lines(text, face, size)
    while len(lines) > most and size > 24:
        size -= 2
        lines = _lines(text, face, size)
    for line in lines[:most]:
        top += size * 1.3
        _write(pen, (MARGIN, top - size * 0.3), line, face, size)
    return top


def _lines(text: str, face: str, size: int) -> Sequence[str]:
    font, lines, line = _font(face, size), list[str](), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > ROOM:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _fitting(text: str, face: str, size: int, room: float) -> int:
    """The largest size up to one at which a text fits."""
    while size > 18 and _font(face, size).getlength(text) > room:
        size -= 2
    return size


def _write(
    pen: ImageDraw.ImageDraw, at: Spot, text: str, face: str, size: int, colour: str = "ink", anchor: str = "ls"
) -> None:
    pen.text(at, text, font=_font(face, size), fill=_colour(colour), anchor=anchor)


@lru_cache(maxsize=64)
def _font(face: str, size: int) -> Face:
    return ImageFont.truetype(FONTS / f"{face}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def _colour(token: str) -> tuple[int, ...]:
    text = TOKENS[token][0]
    return tuple(int(text[place : place + 2], 16) for place in (1, 3, 5))
