"""Layout of the note about a firm on an A4 sheet, the same for PDF and slide."""

from dataclasses import dataclass, field, replace

from observatory.briefs.firm_note import FirmNote, NoteMarket
from observatory.briefs.notes import list_note_paragraphs
from observatory.briefs.track_record.model import KeyFigure
from observatory.export.common.brand_logo import read_file_brand
from observatory.export.common.fonts import cut_text
from observatory.export.firm_note.shapes import FONTS, BoxShape, CodeShape, FontRole, PictureShape, Shape, TextShape

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89  # points of an A4 sheet
_LEFT = 40.0
_WIDTH = PAGE_WIDTH - 2 * _LEFT
_RIGHT = _LEFT + _WIDTH
_TOP, _FOOT_BOTTOM = 34.0, 812.0
_LOGO_WIDTH, _LOGO_HEIGHT = 150.0, 36.0
_CODE_SIDE = 76.0
_BRAND_HEIGHT, _BRAND_WIDTH = 24.0, 92.0  # the logo of who publishes the figures fits into both
_BAR_LEFT, _BAR_INSET = _LEFT + 262.0, 30.0  # of the bars of markets, and the room for the labels of their ends
_SHARE_RIGHT, _ODDS_LEFT = _LEFT + 168.0, _LEFT + 182.0
_MIX_HEIGHT = 22.0
_SCALES = (1.0, 0.94, 0.88, 0.82, 0.76)  # of sizes: the largest that leaves room for the word of the head of the firm
_MIN_WORD_HEIGHT, _MAX_WORD_HEIGHT = 62.0, 250.0
_TONES = ("tone_1", "tone_2", "tone_3")


@dataclass
class _Sheet:
    """The shapes so far, and how far down they reach; `scale` multiplies sizes and distances."""

    scale: float
    shapes: list[Shape] = field(default_factory=list)
    top: float = _TOP

    def add_text(self, left: float, width: float, text: str, role: FontRole, size: float, colour: str = "ink") -> float:
        """Adds a text at the present height; returns the height that it takes."""
        shape = TextShape(left, self.top, width, text, role, size * self.scale, colour)
        self.shapes.append(shape)
        return shape.height

    def add_rule(self, thickness: float = 1.5, colour: str = "ink") -> None:
        """Adds a line over the whole width."""
        self.shapes.append(BoxShape(_LEFT, self.top, _WIDTH, thickness, fill=colour))
        self.top += thickness

    def add_heading(self, text: str) -> None:
        """Adds a line and the title of a part under it."""
        self.skip(9)
        self.add_rule()
        self.skip(4)
        self.top += self.add_text(_LEFT, _WIDTH, text, "head", 13)
        self.skip(3)

    def skip(self, points: float) -> None:
        """Leaves room."""
        self.top += points * self.scale


def lay_out_note(note: FirmNote, link: str) -> list[Shape]:
    """The shapes of the note; `link` is what its code opens."""
    for scale in _SCALES:
        sheet = _Sheet(scale)
        _add_all(sheet, note)
        foot_top = _FOOT_BOTTOM - _CODE_SIDE - 10
        if foot_top - sheet.top >= _MIN_WORD_HEIGHT:
            break
    _add_word_box(sheet, note, min(max(foot_top - sheet.top, _MIN_WORD_HEIGHT / 2), _MAX_WORD_HEIGHT))
    _add_foot(sheet, note, link)
    return sheet.shapes


def _add_all(sheet: _Sheet, note: FirmNote) -> None:
    _add_letterhead(sheet, note)
    sheet.top += sheet.add_text(_LEFT, _balance_width(note.title, 21 * sheet.scale), note.title, "head", 21)
    sheet.skip(6)
    sheet.top += sheet.add_text(_LEFT, _WIDTH, note.lead, "text", 10.5)
    _add_keys(sheet, note.keys)
    sheet.add_heading(note.mix_title)
    _add_mix_bar(sheet, note.markets)
    sheet.add_heading(note.markets_title)
    _add_markets(sheet, note)
    sheet.add_heading(note.worth_title)
    width = (_WIDTH - 24) / 2
    heights = []
    for side, sentences in enumerate(note.worth):
        heights.append(sheet.add_text(_LEFT + side * (width + 24), width, " ".join(sentences), "text", 9))
    sheet.top += max(heights)
    if note.cluster_note is not None:
        sheet.add_heading(note.cluster_note.title)
        paragraphs = list_note_paragraphs(note.cluster_note)
        sheet.top += sheet.add_text(_LEFT, _WIDTH, " ".join(paragraphs), "text", 9)
    sheet.add_heading(note.word_title)


def _balance_width(text: str, size: float) -> float:
    """The least width, of those that a heading may have, at which it takes no more lines than at the whole width."""
    widths = [_WIDTH * step / 20 for step in range(12, 21)]
    count = len(TextShape(0, 0, _WIDTH, text, "head", size).lines)
    return next(
        width
        for width in widths
        if len(TextShape(0, 0, width, text, "head", size * 1.2).lines) <= count or width == _WIDTH
    )


def _add_letterhead(sheet: _Sheet, note: FirmNote) -> None:
    """Places for name and logo of the firm, and what this is."""
    logo = BoxShape(_RIGHT - _LOGO_WIDTH, sheet.top, _LOGO_WIDTH, _LOGO_HEIGHT, dashed="muted")
    label = TextShape(logo.left, logo.top + 12, _LOGO_WIDTH, note.logo, "text", 9, "muted", "center", is_label=True)
    sheet.shapes += [logo, label]
    sheet.shapes.append(BoxShape(_LEFT, sheet.top, 250, 21, dashed="muted"))
    sheet.shapes.append(TextShape(_LEFT + 7, sheet.top + 3, 240, note.firm, "head", 13, "muted", is_label=True))
    sheet.shapes.append(TextShape(_LEFT, sheet.top + 26, 300, note.dated, "text", 9, "muted", is_label=True))
    sheet.top += _LOGO_HEIGHT + 8
    sheet.add_rule(2.25)
    sheet.skip(9)


def _add_keys(sheet: _Sheet, keys: tuple[KeyFigure, ...]) -> None:
    """The key figures next to one another."""
    if not keys:
        return
    sheet.skip(9)
    sheet.add_rule()
    sheet.skip(6)
    top, heights = sheet.top, []
    width = _WIDTH / len(keys)
    for index, key in enumerate(keys):
        left = _LEFT + index * width + (10 if index else 0)
        room = width - 20
        colour = "forecast" if key.is_expected else "ink"
        small = 9 * sheet.scale
        value = TextShape(
            left,
            top,
            room,
            key.value,
            "figure_bold",
            20 * sheet.scale,
            colour,
            is_label=True,
            tail=key.unit,
            tail_size=small,
        )
        fits = (room - value.tail_width) / value.text_width
        sheet.shapes.append(replace(value, size=value.size * min(fits, 1.0)))
        sheet.top = top + 25 * sheet.scale
        heights.append(25 * sheet.scale + sheet.add_text(left, room, key.text, "text", 9))
    for index in range(1, len(keys)):
        sheet.shapes.append(BoxShape(_LEFT + index * width, top, 0.5, max(heights), fill="rule"))
    sheet.top = top + max(heights)


def _add_mix_bar(sheet: _Sheet, markets: tuple[NoteMarket, ...]) -> None:
    """The shares as one bar; a share too small for its name has its figure, or nothing: the rows below have both."""
    left, height = _LEFT, _MIX_HEIGHT * sheet.scale
    for index, row in enumerate(markets):
        width = _WIDTH * row.share
        sheet.shapes.append(
            BoxShape(left, sheet.top, max(width - 1.5, 0.5), height, fill=_TONES[min(index, len(_TONES) - 1)])
        )
        size = 9 * sheet.scale
        for text in (f"{row.title} {row.share_text}", row.share_text):
            label = TextShape(
                left + 6, sheet.top + (height - size * 1.34) / 2, width, text, "strong", size, "white", is_label=True
            )
            if label.text_width * 1.08 + 10 < width:
                sheet.shapes.append(label)
                break
        left += width
    sheet.top += height


def _add_markets(sheet: _Sheet, note: FirmNote) -> None:
    """A row for each market: share, odds, and the range on one scale, whose zero runs through all rows."""
    size = 8 * sheet.scale
    for left, text in ((_LEFT, note.heads[0]), (_ODDS_LEFT, note.heads[2])):
        sheet.shapes.append(TextShape(left, sheet.top, 90, text, "text", size, "muted", is_label=True))
    sheet.shapes.append(
        TextShape(_LEFT, sheet.top, _SHARE_RIGHT - _LEFT, note.heads[1], "text", size, "muted", "right", is_label=True)
    )
    for tick, text in note.ticks:
        place = _place_on_scale(tick, note.scale)
        sheet.shapes.append(
            TextShape(place - 30, sheet.top, 60, text, "figure", size, "muted", "center", is_label=True)
        )
    sheet.top += size * 1.34 + 2
    sheet.add_rule(0.75)
    top, row_height = sheet.top, 27 * sheet.scale
    for index, row in enumerate(note.markets):
        _add_market(sheet, row, top + index * row_height, row_height, note)
        if index:
            sheet.shapes.append(BoxShape(_LEFT, top + index * row_height, _WIDTH, 0.5, fill="rule"))
    sheet.top = top + row_height * len(note.markets) + 3
    sheet.top += sheet.add_text(_LEFT, _WIDTH, note.markets_note, "text", 8, "muted")


def _add_market(sheet: _Sheet, row: NoteMarket, top: float, height: float, note: FirmNote) -> None:
    size = 9.5 * sheet.scale
    line = top + (height - size * 1.34) / 2
    title = cut_text(row.title, FONTS["strong"], size * 1.05, _SHARE_RIGHT - _LEFT - 36)
    sheet.shapes += [
        TextShape(_LEFT, line, 140, title, "strong", size, is_label=True),
        TextShape(_LEFT, line, _SHARE_RIGHT - _LEFT, row.share_text, "figure", size, "ink", "right", is_label=True),
    ]
    if row.bar is None:
        room = _RIGHT - _ODDS_LEFT
        missing = TextShape(_ODDS_LEFT, line, room, row.missing, "text", 8.5 * sheet.scale, "muted")
        if len(missing.lines) > 1:
            missing = TextShape(_ODDS_LEFT, top + 3, room, row.missing, "text", 7.5 * sheet.scale, "muted")
        sheet.shapes.append(missing)
        return
    sheet.shapes.append(
        TextShape(
            _ODDS_LEFT,
            line,
            80,
            row.odds,
            "figure_bold",
            size,
            is_label=True,
            tail=note.out_of,
            tail_size=8.5 * sheet.scale,
        )
    )
    _add_bar(sheet, row, top, height, note.scale)


def _add_bar(sheet: _Sheet, row: NoteMarket, top: float, height: float, scale: tuple[int, int]) -> None:
    """The range, its two ends and its middle, each with its figure at its place."""
    assert row.bar is not None
    low, middle, high = (_place_on_scale(value, scale) for value in (row.bar.low, row.bar.median, row.bar.high))
    sheet.shapes.append(BoxShape(_place_on_scale(0, scale) - 0.4, top, 0.8, height, fill="edge"))
    thick, size = 6.0 * sheet.scale, 7.5 * sheet.scale
    centre = top + height * 0.68
    sheet.shapes += [
        BoxShape(low, centre - thick / 2, high - low, thick, fill="forecast-mid"),
        BoxShape(low, centre - thick / 2, 1.5, thick, fill="forecast"),
        BoxShape(high - 1.5, centre - thick / 2, 1.5, thick, fill="forecast"),
        BoxShape(middle - 1.5, centre - thick * 0.85, 3, thick * 1.7, fill="forecast"),
        TextShape(low - 44, centre - size * 0.62, 40, row.low, "figure", size, "muted", "right", is_label=True),
        TextShape(high + 4, centre - size * 0.62, 40, row.high, "figure", size, "muted", is_label=True),
        TextShape(
            middle - 40,
            top + height * 0.04,
            80,
            row.middle,
            "figure_bold",
            size * 1.05,
            "forecast",
            "center",
            is_label=True,
        ),
    ]


def _place_on_scale(value: float, scale: tuple[int, int]) -> float:
    """The distance from the left edge of the sheet of a value on the scale of the bars."""
    left, right = _BAR_LEFT + _BAR_INSET, _RIGHT - _BAR_INSET
    return left + (value - scale[0]) / (scale[1] - scale[0]) * (right - left)


def _add_word_box(sheet: _Sheet, note: FirmNote, height: float) -> None:
    """Room for what the head of the firm writes."""
    sheet.shapes.append(BoxShape(_LEFT, sheet.top, _WIDTH, height, dashed="muted"))
    sheet.shapes.append(
        TextShape(_LEFT + 8, sheet.top + 6, _WIDTH - 16, note.word_hint, "text", 9, "muted", is_label=True)
    )


def _add_foot(sheet: _Sheet, note: FirmNote, link: str) -> None:
    """Edition, sources, the logo of who publishes them, and the code at the bottom of the sheet."""
    top = _FOOT_BOTTOM - _CODE_SIDE
    sheet.top = top - 5
    sheet.add_rule(0.5, "rule")
    width = _WIDTH - _CODE_SIDE - 20
    brand = read_file_brand()
    if brand.png:
        logo_width, height = brand.fit_logo(_BRAND_WIDTH, _BRAND_HEIGHT)
        left = _RIGHT - _CODE_SIDE - 14 - logo_width
        sheet.shapes.append(PictureShape(left, _FOOT_BOTTOM - 4 - height, logo_width, height, brand.png))
        width -= logo_width + 14
    foot = TextShape(_LEFT, 0, width, note.foot, "text", 7.5, "muted")
    sheet.shapes.append(TextShape(_LEFT, _FOOT_BOTTOM - foot.height - 4, width, note.foot, "text", 7.5, "muted"))
    sheet.shapes.append(CodeShape(_RIGHT - _CODE_SIDE, top + 2, _CODE_SIDE - 2, link))
    sheet.shapes.append(
        TextShape(
            _RIGHT - _CODE_SIDE - 40,
            _FOOT_BOTTOM + 1,
            _CODE_SIDE + 40,
            note.code_text,
            "text",
            7,
            "muted",
            "right",
            is_label=True,
        )
    )
