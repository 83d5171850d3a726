"""A document as slides: charts and tables that can be edited in PowerPoint, method and sources in the notes."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt

from observatory.briefs.common.model import Table
from observatory.export.common.fonts import FIGURES_BOLD, TEXT, TEXT_BOLD, wrapped
from observatory.export.common.reproducible_zip import dated
from observatory.export.common.sources import sources_table
from observatory.export.document import Document, Section, drawn
from observatory.export.pptx.chart import add_chart
from observatory.export.pptx.deck import empty_deck
from observatory.export.pptx.frame import FOOT, noted, picture, slide_of
from observatory.export.pptx.parts import (
    LEFT,
    ROOM,
    WIDE,
    Said,
    add_table,
    box_of,
    chip,
    height,
    rows_that_fit,
    table_height,
    write,
)
from observatory.export.pptx.sheet import sheet
from observatory.language import Speaker

BODY = 118.0  # points: where the body of a slide begins
MAIN, GAP = 610.0, 26.0  # width of a chart, and between it and its words
SIDE = ROOM - MAIN - GAP
UNDER = 26.0  # points: what the foot of a slide holds of the words under a table
BESIDE = 2  # terms that have room beside a table
SIZES = (16.0, 14.0, 12.5, 11.0, 10.0)  # of the letters of a table: the largest at which it fits


def pptx(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    deck = empty_deck(document)
    if document.form == "sheet":
        sheet(deck, document)
    else:
        _opening(deck, document)
        for section in document.sections:
            _section(deck, section, document)
        _closing(deck, document)
    out = io.BytesIO()
    deck.save(out)
    return dated(out.getvalue(), document.day)


def _opening(deck: Any, document: Document) -> None:
    """The answer on the first slide: lead, call, what it rests on, the link."""
    speaker = Speaker(document.language)
    slide = slide_of(deck, document, document.lead)
    size = 30 if len(wrapped(document.lead, FIGURES_BOLD, 30, ROOM)) <= 3 else 24
    tall = height([Said(document.lead, size, FIGURES_BOLD)], ROOM)
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = box_of((LEFT, 70, ROOM, tall))
    title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    top = 70 + tall + 26
    if document.call:
        chip(slide.shapes, document.call, LEFT, top, 22)
        write(slide.shapes, (LEFT + 32, top + 1, 300, 22), [Said(document.call_label, 16, TEXT_BOLD)])
        said = [Said(document.call_line, 15, TEXT_BOLD)]
        write(slide.shapes, (LEFT, top + 34, ROOM, 40), said)
        top += 34 + height(said, ROOM) + 8
    under = [Said(text, 14, after=7) for text in document.under]
    write(slide.shapes, (LEFT, top, ROOM - 120, FOOT - top - 30), under)
    link = [Said(speaker.say("export.link"), 10, colour="muted", after=1), Said(document.link, 10, link=document.link)]
    write(slide.shapes, (LEFT, 476, ROOM, 40), link)
    noted(slide, document, [document.lead, document.call_line, *document.under])


def _section(deck: Any, section: Section, document: Document) -> None:
    if drawn(section):
        _chart(deck, section, document)
        return
    if len(section.tables) == 1 and 0 < len(section.terms) <= BESIDE:
        _table_beside(deck, section, document)
        return
    if section.terms or (section.text and not section.tables) or not section.tables:
        _terms(deck, section, document)
    for table in section.tables:
        _table(deck, section, table, document)


def _chart(deck: Any, section: Section, document: Document) -> None:
    """A chart with its words beside it; what has no numbers of its own comes as a picture."""
    figure = section.figure
    assert figure is not None
    assert figure.spec is not None
    own = figure.plot.subtitle if figure.plot is not None else ""
    slide = slide_of(deck, document, section.title, own or section.subtitle, section.source)
    box = (LEFT, BODY, MAIN, FOOT - BODY - 4)
    if figure.plot is not None:
        made = add_chart(slide.shapes, box_of(box), figure.plot, Speaker(document.language))
        made._element.nvGraphicFramePr.cNvPr.set("descr", figure.alt)
    else:
        picture(slide.shapes, figure, box)
    words = [
        Said(text, 14 if not place else 11.5, TEXT_BOLD if not place else TEXT, after=8)
        for place, text in enumerate(section.text)
    ]
    while len(words) > 1 and height(words, SIDE) > FOOT - BODY:
        words.pop()  # it stays in the notes
    write(slide.shapes, (LEFT + MAIN + GAP, BODY + 6, SIDE, FOOT - BODY), words)
    noted(slide, document, [section.title, section.subtitle, *section.text, section.source], figure)


def _size(table: Table, room: float, tall: float) -> float:
    """The largest letters at which a table stands on one slide; the smallest but one if it must run on."""
    for size in SIZES:
        wide, counts = rows_that_fit(table, WIDE * 2, tall, size)
        if sum(wide) <= room and len(counts) == 1:
            return size
    return next((size for size in SIZES if len(rows_that_fit(table, room, tall, size)[1]) == 1), SIZES[-2])


def _table_beside(deck: Any, section: Section, document: Document) -> None:
    """A table with its terms beside it."""
    slide = slide_of(deck, document, section.title, section.subtitle, section.source)
    table = section.tables[0]
    size = _size(table, MAIN, FOOT - BODY - 14)
    wide, counts = rows_that_fit(table, MAIN, FOOT - BODY, size)
    first = replace(table, rows=table.rows[: counts[0]])
    add_table(slide.shapes, LEFT, BODY + 8, first, wide, document.language, size)
    said: list[Said] = []
    for term, text in section.terms:
        said += [Said(term, 12, TEXT_BOLD, after=2), Said(text, 11.5, after=8)]
    write(slide.shapes, (LEFT + MAIN + GAP, BODY + 8, SIDE, FOOT - BODY), said)
    noted(slide, document, [section.title, section.subtitle, *(f"{term} : {text}" for term, text in section.terms)])
    if len(counts) > 1:
        _table(deck, section, replace(table, rows=table.rows[counts[0] :]), document)


def _table(deck: Any, section: Section, table: Table, document: Document) -> None:
    """A table over the whole width, on as many slides as its rows need."""
    speaker = Speaker(document.language)
    size = _size(table, ROOM, FOOT - BODY - 14)
    under = " ".join(section.text) if not section.terms else ""
    wide, counts = rows_that_fit(table, ROOM, FOOT - BODY - 14, size)
    told: list[Said] = []
    if under and not section.source and height([Said(under, 8)], ROOM) > UNDER:
        told, under = [Said(text, 11.5, after=5) for text in section.text], ""
    at = 0
    named = table.caption if table.caption not in (section.subtitle, "") and section.terms else section.title
    for place, count in enumerate(counts):
        title = named if not place else speaker.say("export.continued", title=named)
        slide = slide_of(
            deck, document, title, section.subtitle if named == section.title else "", section.source or under
        )
        part = replace(table, rows=table.rows[at : at + count])
        add_table(slide.shapes, LEFT, BODY + 4, part, wide, document.language, size)
        noted(slide, document, [title, section.subtitle, *section.text])
        at += count
    if told:
        _told(deck, section, replace(table, rows=table.rows[at - counts[-1] :]), (wide, size), told, document)


def _told(
    deck: Any,
    section: Section,
    last: Table,
    measure: tuple[Sequence[float], float],
    told: list[Said],
    document: Document,
) -> None:
    """What is too long for the foot: under the last rows of a table where it fits, else on a slide of its own."""
    top = BODY + 4 + table_height(last, *measure) + 14
    if height(told, ROOM) <= FOOT - top:
        # At the foot of the room: letters that stand in for ours may make the table taller than it was measured.
        write(deck.slides[-1].shapes, (LEFT, top, ROOM, FOOT - top), told, anchor=MSO_ANCHOR.BOTTOM)
        return
    _terms(deck, replace(section, tables=(), text=tuple(row.text for row in told)), document)


def _terms(deck: Any, section: Section, document: Document) -> None:
    """Words alone, in two columns, on as many slides as they need."""
    speaker = Speaker(document.language)
    room = (ROOM - GAP) / 2
    size = 14 if section.terms else 20
    blocks = [[Said(text, size, after=8)] for text in section.text]
    blocks += [[Said(term, 13, TEXT_BOLD, after=2), Said(text, 12.5, after=10)] for term, text in section.terms]
    for place, columns in enumerate(_columns(blocks, room)):
        title = section.title if not place else speaker.say("export.continued", title=section.title)
        slide = slide_of(deck, document, title, section.subtitle if not place else "", section.source)
        for side, said in enumerate(columns):
            write(slide.shapes, (LEFT + side * (room + GAP), BODY + 6, room, FOOT - BODY), said)
        noted(slide, document, [title, section.subtitle, *(row.text for said in columns for row in said)])


def _columns(blocks: Sequence[list[Said]], room: float) -> Iterator[list[list[Said]]]:
    """Blocks of paragraphs in pairs of columns; a block is never torn."""
    columns: list[list[Said]] = [[]]
    used = 0.0
    for block in blocks:
        needed = height(block, room)
        if columns[-1] and used + needed > FOOT - BODY - 10:
            columns.append([])
            used = 0.0
        columns[-1] += block
        used += needed
    for place in range(0, len(columns), 2):
        yield columns[place : place + 2]


def _closing(deck: Any, document: Document) -> None:
    """Where every figure comes from."""
    speaker = Speaker(document.language)
    section = Section("sources", speaker.say("export.sources"), speaker.say("export.sources.subtitle"))
    _table(deck, section, sources_table(document.sources, speaker), document)
