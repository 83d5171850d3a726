"""Frame of a slide: name, kicker, title, source and edition; speaker notes; charts as pictures."""

import io
from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Pt

from observatory.briefs.common.model import Figure
from observatory.export.common.brand_logo import read_file_brand
from observatory.export.common.fonts import HEAD_FONT
from observatory.export.common.vega import render_png, render_svg
from observatory.export.document import Document
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    SlideParagraph,
    add_textbox,
    fill_frame,
    fit_paragraph,
    measure_width,
)
from observatory.export.pptx.shapes import add_box, add_brand, add_rule
from observatory.language import Localizer

_TITLE_HEIGHT = 38.4  # points: two lines of the size of titles in two lines
_TITLE_SIZES = (14.0, 12.5, 11.0, 10.0, 9.0)
_SUBTITLE_SIZES = (10.5, 9.5, 8.5)
_SOURCE_SIZES = (7.0, 6.0)
_EDGE_WIDTH = 9.0  # points, of the strip on the left
BODY_BOTTOM = 494.0  # points: where the body of a slide ends


def add_slide(deck: Any, document: Document, title: str, subtitle: str = "", source: str = "") -> Any:
    """A slide with its frame: name, kicker and title above, source and edition below."""
    localizer = Localizer(document.language)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    shapes = slide.shapes
    edge = add_box(shapes, (0, 0, _EDGE_WIDTH, SLIDE_HEIGHT), "mast")
    accent = read_file_brand().accent
    if accent:
        edge.fill.fore_color.rgb = RGBColor.from_string(accent.removeprefix("#"))
    add_brand(shapes, MARGIN_LEFT, 18, localizer.text("app.name"))
    add_textbox(
        shapes,
        (MARGIN_LEFT + 300, 17, CONTENT_WIDTH - 300, 16),
        [SlideParagraph(document.kicker, 10, colour="muted")],
        PP_ALIGN.RIGHT,
    )
    add_rule(shapes, MARGIN_LEFT, 40, CONTENT_WIDTH, 2.25)
    frame = shapes.title.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    fill_frame(frame, [_fit_title(title)], PP_ALIGN.LEFT)
    if subtitle:
        fitted = fit_paragraph(SlideParagraph(subtitle, 11.5, colour="muted"), CONTENT_WIDTH, 28, _SUBTITLE_SIZES)
        add_textbox(shapes, (MARGIN_LEFT, 86, CONTENT_WIDTH, 28), [fitted])
    if source:
        fitted = fit_paragraph(SlideParagraph(source, 8, colour="muted"), CONTENT_WIDTH, 22, _SOURCE_SIZES)
        add_textbox(shapes, (MARGIN_LEFT, BODY_BOTTOM + 2, CONTENT_WIDTH, 20), [fitted])
    number = len(deck.slides)
    add_textbox(
        shapes,
        (MARGIN_LEFT, 520, CONTENT_WIDTH - 60, 12),
        [fit_paragraph(_build_foot(document), CONTENT_WIDTH - 60, 12, _SOURCE_SIZES)],
    )
    add_textbox(
        shapes,
        (SLIDE_WIDTH - MARGIN_LEFT - 60, 520, 60, 12),
        [SlideParagraph(str(number), 8, colour="muted")],
        PP_ALIGN.RIGHT,
    )
    return slide


def _build_foot(document: Document) -> SlideParagraph:
    """Edition and dated link, in one line: a link that is too long for it is only behind the edition."""
    text = f"{document.edition_text} \u00b7 {document.link}"
    is_short = measure_width(text, 8) <= CONTENT_WIDTH - 60
    shown = text if is_short else document.edition_text
    return SlideParagraph(shown, 8, colour="muted", link=document.link)


def _fit_title(title: str) -> SlideParagraph:
    """The title of a slide in the largest size at which it ends above the subtitle."""
    is_one_line = measure_width(title, 20, HEAD_FONT) <= CONTENT_WIDTH
    row = SlideParagraph(title, 20 if is_one_line else 16, HEAD_FONT, space_after=0)
    return row if is_one_line else fit_paragraph(row, CONTENT_WIDTH, _TITLE_HEIGHT, _TITLE_SIZES)


def write_notes(slide: Any, document: Document, sentences: Sequence[str], figure: Figure | None = None) -> None:
    """Speaker notes: the texts of the slide, the method, the source and the dated link."""
    localizer = Localizer(document.language)
    lines = [*dict.fromkeys(text for text in sentences if text)]
    lines += ["", localizer.text("export.notes.method"), *document.method]
    if figure is not None and figure.provenance.publisher:
        credit = figure.provenance
        lines += ["", localizer.text("export.notes.source"), credit.publisher, credit.description, credit.attribution]
        lines += [f"{credit.licence} ({credit.licence_certainty})", credit.url]
    else:
        lines += ["", localizer.text("export.notes.source")]
        lines += [f"{row.series}\u00a0: {row.publisher} ({row.licence})" for row in document.sources[:12]]
    lines += ["", f"{document.edition_text}. {localizer.text('export.link')} {document.link}"]
    slide.notes_slide.notes_text_frame.text = "\n".join(lines)


def add_chart_picture(shapes: Any, figure: Figure, box: tuple[float, float, float, float]) -> None:
    """A chart as a picture, as large as its box allows."""
    left, top, width, height = box
    assert figure.spec is not None
    image = io.BytesIO(render_png(render_svg({**figure.spec, "height": round(height)}, round(width)), 2))
    picture = shapes.add_picture(image, Pt(left), Pt(top), Pt(width))
    picture._element.nvPicPr.cNvPr.set("descr", figure.alt)
