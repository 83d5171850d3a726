"""Shapes of a note: texts, boxes, a logo and a QR code, placed in points from the top left corner of an A4 sheet."""

from dataclasses import dataclass
from typing import Literal

from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.fonts import (
    FIGURE_FONT,
    FIGURE_FONT_BOLD,
    HEAD_FONT,
    TEXT_FONT,
    TEXT_FONT_BOLD,
    measure_text,
    wrap_lines,
)

FontRole = Literal["head", "text", "strong", "figure", "figure_bold"]
Align = Literal["left", "right", "center"]

FONTS: dict[FontRole, str] = {
    "head": HEAD_FONT,
    "text": TEXT_FONT,
    "strong": TEXT_FONT_BOLD,
    "figure": FIGURE_FONT,
    "figure_bold": FIGURE_FONT_BOLD,
}
_LEADING: dict[FontRole, float] = {"head": 1.14, "text": 1.34, "strong": 1.34, "figure": 1.2, "figure_bold": 1.2}
# A slide names common fonts: Georgia is that much wider than our own for headings, Arial than that for texts.
_WIDTH_SAFETY: dict[FontRole, float] = {"head": 1.2, "text": 1.05, "strong": 1.05, "figure": 1.0, "figure_bold": 1.0}
TAIL_GAP = 4.0  # points between a text and its tail
_OWN_COLOURS = {"white": "#FFFFFF", "tone_1": "#10243A", "tone_2": "#3D4D5F", "tone_3": "#66727F"}


def colour_hex(name: str) -> str:
    """The light colour of a token of the palette, or one that only notes have."""
    return _OWN_COLOURS.get(name) or COLOUR_TOKENS[name][0]


@dataclass(frozen=True)
class TextShape:
    """A text in a box; its lines are broken at `width`. One with `is_label` is a single line that may stick out.

    `tail` follows on the same line in plain text of `tail_size`, as a unit follows its figure.
    """

    left: float
    top: float
    width: float
    text: str
    role: FontRole
    size: float
    colour: str = "ink"
    align: Align = "left"
    is_label: bool = False
    tail: str = ""
    tail_size: float = 0.0

    @property
    def leading(self) -> float:
        """The height of a line."""
        return self.size * _LEADING[self.role]

    @property
    def lines(self) -> list[str]:
        """The lines as our own fonts break them."""
        return [self.text] if self.is_label else wrap_lines(self.text, FONTS[self.role], self.size, self.width)

    @property
    def height(self) -> float:
        """The height that any of the fonts needs."""
        if self.is_label:
            return self.leading
        size = self.size * _WIDTH_SAFETY[self.role]
        return len(wrap_lines(self.text, FONTS[self.role], size, self.width)) * self.leading

    @property
    def text_width(self) -> float:
        """The width of the text on one line, without its tail."""
        return measure_text(self.text, FONTS[self.role], self.size)

    @property
    def tail_width(self) -> float:
        """The width of the tail, with the gap before it."""
        return TAIL_GAP + measure_text(self.tail, FONTS["text"], self.tail_size) if self.tail else 0.0


@dataclass(frozen=True)
class BoxShape:
    """A rectangle, filled, outlined (dashed) or both; a rule is a flat one."""

    left: float
    top: float
    width: float
    height: float
    fill: str = ""
    dashed: str = ""


@dataclass(frozen=True)
class CodeShape:
    """The QR code of a link, which it also opens."""

    left: float
    top: float
    side: float
    url: str


@dataclass(frozen=True)
class PictureShape:
    """A picture as PNG."""

    left: float
    top: float
    width: float
    height: float
    png: bytes


Shape = TextShape | BoxShape | CodeShape | PictureShape
