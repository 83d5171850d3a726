"""The frame of every slide: name and date, title, source, edition; its notes; and charts that are pictures."""

import io
from collections.abc import Sequence
from typing import Any

from pptx.enum.text import PP_ALIGN
from pptx.util import Pt

from observatory.briefs.common.model import Figure
from observatory.export.common.fonts import FIGURES_BOLD, wrapped
from observatory.export.common.vega import png_of, svg_of
from observatory.export.document import Document
from observatory.export.pptx.parts import LEFT, ROOM, WIDE, Said, brand, fill, rule, write
from observatory.language import Speaker

FOOT = 494.0  # points: where the body of a slide ends


def slide_of(deck: Any, document: Document, title: str, subtitle: str = "", source: str = "") -> Any:
    """A slide with its frame: name and date above, title, source and edition below."""
    speaker = Speaker(document.language)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    shapes = slide.shapes
    brand(shapes, LEFT, 18, speaker.say("app.name"))
    write(shapes, (LEFT + 300, 17, ROOM - 300, 16), [Said(document.kicker, 10, colour="muted")], PP_ALIGN.RIGHT)
    rule(shapes, LEFT, 40, ROOM, 2.25)
    frame = shapes.title.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    size = 20 if len(wrapped(title, FIGURES_BOLD, 20, ROOM)) == 1 else 16
    fill(frame, [Said(title, size, FIGURES_BOLD, after=0)], PP_ALIGN.LEFT)
    if subtitle:
        write(shapes, (LEFT, 86, ROOM, 28), [Said(subtitle, 11.5, colour="muted")])
    if source:
        write(shapes, (LEFT, FOOT + 2, ROOM, 20), [Said(source, 8, colour="muted")])
    number = len(deck.slides)
    write(shapes, (LEFT, 520, ROOM - 60, 12), [Said(document.edition, 8, colour="muted", link=document.link)])
    write(shapes, (WIDE - LEFT - 60, 520, 60, 12), [Said(str(number), 8, colour="muted")], PP_ALIGN.RIGHT)
    return slide


def noted(slide: Any, document: Document, said: Sequence[str], figure: Figure | None = None) -> None:
    """Speaker notes: what is said, how it is computed, where it comes from, and where to find it again."""
    speaker = Speaker(document.language)
    lines = [*said, "", f"{speaker.say('export.notes.method')}", *document.method]
    if figure is not None and figure.credit.publisher:
        credit = figure.credit
        lines += ["", speaker.say("export.notes.source"), credit.publisher, credit.description, credit.attribution]
        lines += [f"{credit.licence} ({credit.certainty})", credit.page]
    else:
        lines += ["", speaker.say("export.notes.source")]
        lines += [f"{row.series}\u00a0: {row.publisher} ({row.licence})" for row in document.sources[:12]]
    lines += ["", f"{document.edition}. {speaker.say('export.link')} {document.link}"]
    slide.notes_slide.notes_text_frame.text = "\n".join(lines)


def picture(shapes: Any, figure: Figure, box: tuple[float, float, float, float]) -> None:
    """A chart as a picture, as large as its box allows."""
    left, top, wide, tall = box
    assert figure.spec is not None
    image = io.BytesIO(png_of(svg_of({**figure.spec, "height": round(tall)}, round(wide)), 2))
    made = shapes.add_picture(image, Pt(left), Pt(top), Pt(wide))
    made._element.nvPicPr.cNvPr.set("descr", figure.alt)
