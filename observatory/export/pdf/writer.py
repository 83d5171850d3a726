"""A document as a PDF of several pages: the answer first, bookmarks, charts in lines, text that can be searched."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from observatory.export.common import fonts
from observatory.export.common.sources import sources_table
from observatory.export.document import Document, Section, drawn, figures
from observatory.export.pdf.page import TotalPages, edge, metadata
from observatory.export.pdf.parts import Chart, Chip, Rule, grid, linked, roomy, said
from observatory.export.pdf.sheet import sheet
from observatory.language import Speaker

LEFT, TOP, BOTTOM = 18 * mm, 21 * mm, 20 * mm
ROOM = A4[0] - 2 * LEFT
GAP = 16.0
HALF = (ROOM - GAP) / 2
TALL = A4[1] - TOP - BOTTOM
NEWEST = 40  # rows of the figures of a chart that are printed
SHORT = 16  # rows and terms of a section that stays together
BEGINNING, HEADING = 120.0, 40.0  # points that a long section wants where it begins; of its head alone


def pdf(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    fonts.registered()
    out = io.BytesIO()
    if document.form == "sheet":
        sheet(document, out)
        return out.getvalue()
    template = BaseDocTemplate(out, pagesize=A4, invariant=1, **metadata(document))
    frame = Frame(LEFT, BOTTOM, ROOM, TALL, 0, 0, 0, 0)

    def around(canvas: Canvas, _template: Any) -> None:
        edge(canvas, document, LEFT, ROOM)

    template.addPageTemplates(PageTemplate(frames=[frame], onPage=around))
    template.build([*_story(document), TotalPages()])
    return out.getvalue()


def _story(document: Document) -> Iterator[Flowable]:
    """All that the pages say, in order."""
    speaker = Speaker(document.language)
    yield from _opening(document)
    sections = list(document.sections)
    for small, group in groupby(sections, key=lambda row: row.small and drawn(row)):
        rows = list(group)
        if small:
            yield from _pairs(rows)
        else:
            for section in rows:
                yield from _section(section, document)
    yield from _figures(document, speaker)
    yield from _closing(document, speaker)


def _opening(document: Document) -> Iterator[Flowable]:
    yield Rule(0.01, bookmark=document.title, name="opening")
    yield said(document.kicker, "kicker")
    yield said(document.lead, "lead")
    if document.call:
        yield Chip(document.call, document.call_label)
        yield Spacer(1, 3)
        yield said(document.call_line, "strong")
    for text in document.under:
        yield said(text, "text")
    yield linked(Speaker(document.language).say("export.link"), document.link, "source")
    yield Spacer(1, 10)


def _head(section: Section, level: int = 0) -> list[Flowable]:
    """Rule, title and the line below it; the bookmark leads to the rule."""
    head: list[Flowable] = [
        Rule(1.5, bookmark=fonts.drawable(section.title), name=section.id, level=level),
        said(section.title, "title"),
    ]
    if section.subtitle:
        head.append(said(section.subtitle, "unit"))
    return head


def _section(section: Section, document: Document) -> Iterator[Flowable]:
    """A section over the whole width; title and chart stay together, tables may run on."""
    start = _head(section)
    if drawn(section):
        assert section.figure is not None
        assert section.figure.spec is not None
        start.append(Chart(section.figure.spec, ROOM))
        yield KeepTogether([*start, *_words(section)])
    else:
        yield from _tables(start, section, document)
    yield Spacer(1, 12)


def _words(section: Section) -> list[Flowable]:
    """What closes a figure: takeaway, honest sentences and notes, source."""
    parts: list[Flowable] = [Spacer(1, 4)]
    usual = "source" if section.small else "small"
    for place, text in enumerate(section.text):
        parts.append(said(text, usual if place else "small" if section.small else "strong"))
    if section.source:
        parts.append(said(section.source, "source"))
    return parts


def _tables(start: list[Flowable], section: Section, document: Document) -> Iterator[Flowable]:
    """A section without a chart: a short one stays together, a long one begins where there is room for some of it."""
    body = [said(text, "source") for text in section.text]
    for term, text in section.terms:
        body += [said(term, "term"), said(text, "small")]
    for table in section.tables:
        if table.caption not in (section.title, section.subtitle):
            body += [Spacer(1, 3), said(table.caption, "head")]
        body.append(grid(table, document.language, ROOM))
    if section.source:
        body.append(said(section.source, "source"))
    if len(section.terms) * 2 + sum(len(table.rows) for table in section.tables) < SHORT:
        yield KeepTogether([*start, *body])
    else:
        yield CondPageBreak(BEGINNING)
        yield from (*start, *body)


def _pairs(rows: Sequence[Section]) -> Iterator[Flowable]:
    """Small figures side by side."""
    cells = []
    for section in rows:
        assert section.figure is not None
        assert section.figure.spec is not None
        cells.append([*_head(section), Chart(section.figure.spec, HALF), *_words(section)])
    yield from _beside(cells)


def _beside(cells: list[list[Flowable]]) -> Iterator[Flowable]:
    """Columns side by side, two by two; a row of them stays on one page."""
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (0, -1), GAP),
            ("RIGHTPADDING", (1, 0), (1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
        ]
    )
    for place in range(0, len(cells), 2):
        pair = cells[place : place + 2]
        made = Grid([[*pair, ""][:2]], colWidths=[HALF + GAP, HALF], style=style, hAlign="LEFT")
        if made.wrap(ROOM, A4[1])[1] <= TALL:
            yield made
        else:  # longer than a page: one below the other, where they can be torn
            yield from (part for cell in pair for part in cell)


def _figures(document: Document, speaker: Speaker) -> Iterator[Flowable]:
    """The figures behind the charts, the newest first; older ones are in the workbook."""
    rows = [(section, table) for section, _figure in figures(document) for table in section.tables if drawn(section)]
    if not rows:
        return
    cells = []
    for section, table in rows:
        shown = replace(table, rows=table.rows[:NEWEST])
        more = len(table.rows) > NEWEST
        note = [said(speaker.say("export.figures.newest", n=NEWEST), "source")] if more else []
        cells.append([said(section.title, "head"), grid(shown, document.language, HALF, fine=True), *note])
    narrow = [roomy(table, HALF) for _section, table in rows]
    side = list(_beside([cell for cell, fits in zip(cells, narrow, strict=True) if fits]))
    yield CondPageBreak(min(side[0].wrap(ROOM, A4[1])[1] + HEADING if side else BEGINNING, TALL))
    yield from (*_head(Section("figures", speaker.say("export.figures"))), *side)
    for cell, (_section, table), fits in zip(cells, rows, narrow, strict=True):
        if not fits:
            shown = grid(replace(table, rows=table.rows[:NEWEST]), document.language, ROOM, fine=True)
            yield KeepTogether([cell[0], shown, *cell[2:], Spacer(1, 8)])


def _closing(document: Document, speaker: Speaker) -> Iterator[Flowable]:
    """How it is computed, and where every figure comes from."""
    method = Section("how", speaker.say("export.method"))
    yield KeepTogether([*_head(method), *(said(text, "small") for text in document.method), Spacer(1, 10)])
    sources = Section("sources", speaker.say("export.sources"), speaker.say("export.sources.subtitle"))
    table = sources_table(document.sources, speaker)
    head = _head(sources)
    yield CondPageBreak(BEGINNING)
    yield from (*head, grid(table, document.language, ROOM))
    yield linked(f"{document.edition}. {speaker.say('export.link')}", document.link, "source")
