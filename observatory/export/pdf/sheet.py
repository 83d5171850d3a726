"""A document on one page of a PDF: the answer, its charts, two columns of words, the sources; it always fits."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Frame, KeepInFrame, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from observatory.export.common import fonts
from observatory.export.common.sources import in_words
from observatory.export.document import Document, Section, drawn
from observatory.export.pdf.page import canvas_of, edge
from observatory.export.pdf.parts import Chart, Chip, Rule, linked, said
from observatory.language import Speaker

LEFT, TOP, BOTTOM = 16 * mm, 46.0, 52.0
ROOM = A4[0] - 2 * LEFT
GAP = 16.0
HALF = (ROOM - GAP) / 2
LARGE, SMALL = 170.0, 140.0  # points of height of the first chart, and of the others
LEAST = 0.6  # of these heights, where there is much to say


def sheet(document: Document, out: io.BytesIO) -> None:
    """Writes the page."""
    canvas = canvas_of(document, out)
    edge(canvas, document, LEFT, ROOM, numbered=False)
    canvas.bookmarkPage("opening")
    canvas.addOutlineEntry(fonts.drawable(document.title), "opening", 0)
    tall = A4[1] - TOP - BOTTOM
    frame = Frame(LEFT, BOTTOM, ROOM, tall, 0, 0, 0, 0)
    story = _story(document, 1.0)
    over = _tall(story) - tall
    if over > 0:
        charts = sum(drawn(row) for row in document.sections)
        given = LARGE * (charts > 0) + SMALL * (charts > 1)
        story = _story(document, max(1 - over / given, LEAST) if given else 1.0)
    frame.addFromList([KeepInFrame(ROOM, tall, story, mode="shrink")], canvas)
    canvas.showPage()
    canvas.save()


def _tall(story: list[Flowable]) -> float:
    """How tall a story is, rooms between its parts counted as if none were shared."""
    return float(sum(part.wrap(ROOM, A4[1])[1] + part.getSpaceAfter() for part in story))


def _story(document: Document, cut: float) -> list[Flowable]:
    """All that the page says, its charts as tall as `cut` leaves them."""
    story: list[Flowable] = [said(document.lead, "lead")]
    if document.call:
        story += [Chip(document.call, document.call_label), Spacer(1, 2), said(document.call_line, "strong")]
    story += [said(text, "note") for text in document.under]
    charts = [row for row in document.sections if drawn(row)]
    words = [row for row in document.sections if not drawn(row)]
    if charts:
        story += [Spacer(1, 4), *_chart(charts[0], ROOM, LARGE * cut)]
    story += _columns([_chart(row, HALF, SMALL * cut) for row in charts[1:3]])
    story += _columns([_words(row) for row in words])
    story += _sources(document)
    return story


def _chart(section: Section, room: float, tall: float) -> list[Flowable]:
    assert section.figure is not None
    assert section.figure.spec is not None
    return [
        Rule(1.2),
        said(section.title, "head"),
        said(section.subtitle, "source"),
        Chart(section.figure.spec, room, tall),
        *(said(text, "note") for text in section.text),
    ]


def _words(section: Section) -> list[Flowable]:
    return [Rule(1.2), said(section.title, "head"), *(said(text, "note") for text in section.text)]


def _columns(cells: Sequence[list[Flowable]]) -> list[Flowable]:
    """Two columns; one alone takes the left half."""
    if not cells:
        return []
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (0, -1), GAP),
            ("RIGHTPADDING", (1, 0), (1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return [Grid([[*cells, ""][:2]], colWidths=[HALF + GAP, HALF], style=style, hAlign="LEFT")]


def _sources(document: Document) -> list[Flowable]:
    """Every publisher with its licence, once; then the method and the dated link."""
    speaker = Speaker(document.language)
    return [
        Spacer(1, 4),
        Rule(1.2),
        said(in_words(document), "source"),
        said(" ".join(document.method[:1]), "source"),
        linked(f"{document.edition}. {speaker.say('export.link')}", document.link, "source"),
    ]
