"""Note about a firm as one upright A4 slide: name, logo, word and every text can be edited there."""

import io
from datetime import date
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from observatory.briefs.firm_note import FirmNote
from observatory.export.common.fonts import name_signs, wrap_lines
from observatory.export.common.qr_code import render_code_png
from observatory.export.common.reproducible_zip import fix_zip_dates
from observatory.export.document import clean_nested, map_texts
from observatory.export.firm_note.layout import PAGE_HEIGHT, PAGE_WIDTH, lay_out_note
from observatory.export.firm_note.shapes import FONTS, BoxShape, CodeShape, PictureShape, TextShape, colour_hex
from observatory.language import Language

_ALIGNS = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
_HEAD_FAMILY, _TEXT_FAMILY = "Georgia", "Arial"  # on every computer, or with a substitute of the same widths
_BOLD_ROLES = ("head", "strong", "figure_bold")
_BLANK_LAYOUT = 6
_LABEL_ROOM = 1.35  # of the width of a label in our own fonts
# How much wider than our own the letters of DejaVu are, which draws the slide where its fonts are missing.
_WIDEST = {"head": 1.36, "text": 1.17, "strong": 1.27, "figure": 1.1, "figure_bold": 1.18}
_LINE_HEIGHT, _SHRINK = 1.19, 0.5  # of a line, of its size; and points by which a text becomes smaller until it fits


def write_note_pptx(note: FirmNote, link: str, day: date, language: Language) -> bytes:
    """The file; the same note gives the same bytes."""
    note = clean_nested(map_texts(note, name_signs))
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(PAGE_WIDTH), Pt(PAGE_HEIGHT)
    blank = deck.slide_layouts[_BLANK_LAYOUT]
    for layout in [row for row in deck.slide_layouts if row is not blank]:
        deck.slide_layouts.remove(layout)
    properties = deck.core_properties
    properties.title, properties.language = note.dated, language
    properties.author = properties.last_modified_by = ""
    properties.revision = 1
    slide = deck.slides.add_slide(blank)
    for shape in lay_out_note(note, link):
        if isinstance(shape, TextShape):
            _add_text(slide.shapes, shape)
        elif isinstance(shape, BoxShape):
            _add_box(slide.shapes, shape)
        elif isinstance(shape, PictureShape):
            places = (shape.left, shape.top, shape.width, shape.height)
            slide.shapes.add_picture(io.BytesIO(shape.png), *map(Pt, places))
        else:
            _add_code(slide.shapes, shape, note.code_text)
    sentences = [note.title, note.lead, *(f"{key.value} {key.unit} {key.text}" for key in note.keys)]
    sentences += [text for column in note.worth for text in column]
    slide.notes_slide.notes_text_frame.text = "\n".join([*sentences, note.foot, link])
    out = io.BytesIO()
    deck.save(out)
    return fix_zip_dates(out.getvalue(), day)


def _add_text(shapes: Any, shape: TextShape) -> None:
    """A text box; that of a label to the left is wide enough for its line in a wider font."""
    is_free = shape.is_label and shape.align == "left"
    width = max(shape.width, (shape.text_width + shape.tail_width) * _LABEL_ROOM) if is_free else shape.width
    box = shapes.add_textbox(Pt(shape.left), Pt(shape.top), Pt(width), Pt(shape.height))
    frame = box.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    paragraph.alignment = _ALIGNS[shape.align]
    family = _HEAD_FAMILY if shape.role == "head" else _TEXT_FAMILY
    _add_run(paragraph, shape.text, family, _fit_size(shape), shape.colour, is_bold=shape.role in _BOLD_ROLES)
    if shape.tail:
        colour = shape.colour if shape.colour != "ink" else "muted"
        _add_run(paragraph, f" {shape.tail}", _TEXT_FAMILY, shape.tail_size, colour, is_bold=False)


def _fit_size(shape: TextShape) -> float:
    """The largest size at which a text fits its box in any font that may draw it; labels have theirs."""
    if shape.is_label:
        return shape.size
    size, font = shape.size, FONTS[shape.role]
    while size > shape.size / 2:
        lines = wrap_lines(shape.text, font, size * _WIDEST[shape.role], shape.width)
        if len(lines) * size * _LINE_HEIGHT <= shape.height + size * (_LINE_HEIGHT - 1):
            break
        size -= _SHRINK
    return size


def _add_run(paragraph: Any, text: str, family: str, size: float, colour: str, *, is_bold: bool) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.name, run.font.size, run.font.bold = family, Pt(round(size, 1)), is_bold
    run.font.color.rgb = _parse_colour(colour)


def _add_box(shapes: Any, shape: BoxShape) -> None:
    box = shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(shape.left), Pt(shape.top), Pt(shape.width), Pt(shape.height))
    style = box._element.find(qn("p:style"))
    if style is not None:
        box._element.remove(style)
    if shape.fill:
        box.fill.solid()
        box.fill.fore_color.rgb = _parse_colour(shape.fill)
    else:
        box.fill.background()
    if shape.dashed:
        box.line.color.rgb, box.line.width = _parse_colour(shape.dashed), Pt(0.6)
        box.line.dash_style = MSO_LINE.DASH
    else:
        box.line.fill.background()


def _add_code(shapes: Any, shape: CodeShape, text: str) -> None:
    picture = shapes.add_picture(
        io.BytesIO(render_code_png(shape.url)), Pt(shape.left), Pt(shape.top), Pt(shape.side), Pt(shape.side)
    )
    picture._element.nvPicPr.cNvPr.set("descr", text)
    picture.click_action.hyperlink.address = shape.url


def _parse_colour(name: str) -> Any:
    return RGBColor.from_string(colour_hex(name).removeprefix("#"))
