"""A document on one slide: the answer, its charts side by side, two columns of words, the sources."""

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import PP_ALIGN

from observatory.export.common.fonts import FIGURES_BOLD, TEXT_BOLD
from observatory.export.common.sources import in_words
from observatory.export.document import Document, Section, drawn
from observatory.export.pptx.chart import add_chart
from observatory.export.pptx.frame import noted, picture, slide_of
from observatory.export.pptx.parts import LEFT, ROOM, Said, box_of, chip, height, rule, write
from observatory.language import Speaker

GAP = 22.0
CHARTS, TALL, WORDS, SOURCES = 146.0, 146.0, 344.0, 486.0  # points from the top: charts, their height, words, sources
SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5)


def sheet(deck: Any, document: Document) -> None:
    """Adds the slide."""
    slide = slide_of(deck, document, document.lead)
    shapes = slide.shapes
    top = 88.0
    if document.call:
        chip(shapes, document.call, LEFT, top, 15)
        write(shapes, (LEFT + 22, top, 160, 16), [Said(document.call_label, 12, TEXT_BOLD)])
        write(shapes, (LEFT + 140, top, ROOM - 140, 16), [Said(document.call_line, 12, TEXT_BOLD)])
        top += 21
    write(shapes, (LEFT, top, ROOM, 30), [Said(text, 10.5, after=2) for text in document.under])
    charts = [row for row in document.sections if drawn(row)]
    words = [row for row in document.sections if not drawn(row)]
    room = (ROOM - GAP * (len(charts) - 1)) / max(len(charts), 1)
    for place, section in enumerate(charts):
        _chart(shapes, section, LEFT + place * (room + GAP), room, document)
    part = (ROOM - GAP * (len(words) - 1)) / max(len(words), 1)
    for place, section in enumerate(words):
        _words(shapes, section, LEFT + place * (part + GAP), part)
    _sources(shapes, document)
    said = [text for row in document.sections for text in (row.title, *row.text)]
    noted(slide, document, [document.lead, document.call_line, *document.under, *said])


def _chart(shapes: Any, section: Section, left: float, room: float, document: Document) -> None:
    """A chart under its title, and its takeaway below."""
    figure = section.figure
    assert figure is not None
    rule(shapes, left, CHARTS - 8, room, 1.5)
    write(shapes, (left, CHARTS - 5, room, 14), [Said(section.title, 10, FIGURES_BOLD, after=0)])
    box = (left - 4, CHARTS + 12, room + 8, TALL - 8)
    if figure.plot is not None:
        made = add_chart(shapes, box_of(box), figure.plot, Speaker(document.language), size=8)
        made._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        picture(shapes, figure, box)
    write(shapes, (left, CHARTS + TALL + 6, room, 40), [Said(text, 9.5, after=0) for text in section.text])


def _words(shapes: Any, section: Section, left: float, room: float) -> None:
    """Sentences under a title, in the largest letters that leave the sources free."""
    rule(shapes, left, WORDS, room, 1.5)
    tall = SOURCES - WORDS - 22
    size = next((size for size in SIZES if height(_said(section, size), room) <= tall), SIZES[-1])
    write(shapes, (left, WORDS + 5, room, 16), [Said(section.title, 11, FIGURES_BOLD, after=0)])
    write(shapes, (left, WORDS + 21, room, tall), _said(section, size))


def _said(section: Section, size: float) -> Sequence[Said]:
    return [Said(text, size, after=2.5) for text in section.text]


def _sources(shapes: Any, document: Document) -> None:
    size = next((size for size in (8.0, 7.5, 7.0, 6.5) if height([Said(in_words(document), size)], ROOM) < 30), 6.5)
    write(shapes, (LEFT, SOURCES, ROOM, 30), [Said(in_words(document), size, colour="muted", after=0)], PP_ALIGN.LEFT)
