"""Slides and files as a reader lays them out where the fonts are missing: nothing overlaps, nothing is cut."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Pt

from observatory.briefs.deck.model import RecordSlide
from observatory.export.common.fonts import FALLBACK_FONT, measure_text, wrap_lines
from observatory.export.document import Document
from observatory.export.documents.firm_note import write_firm_note
from observatory.export.documents.portfolio import build_portfolio_document
from observatory.export.formats import EXPORTS
from observatory.language import Language
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from tests.support.documents import NAMES, PAGES, Written

_LINE_HEIGHT = 1.18  # of DejaVu
_HEAVY = 1.12  # how much wider its bold and its serif are than the regular face, which is in the package
_TOLERANCE = 2.5  # points by which the white round the letters of two texts may share a place
_MIX = Mix({"commercial_aircraft": 70, "space": 20, "helicopters": 10}, 6_000_000)
_WRITERS = {row.id: row.write for row in EXPORTS}


class Place(NamedTuple):
    """Where a text stands, in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def measure_paragraph(paragraph: Any, width: float) -> tuple[float, float]:
    """The width and the height of a paragraph, in the letters of DejaVu."""
    runs = [run for run in paragraph.runs if run.text]
    if not runs:
        return 0.0, 0.0
    first = runs[0].font
    size = first.size.pt * (_HEAVY if first.bold else 1.0)
    lines = wrap_lines("".join(run.text for run in runs[:1]), FALLBACK_FONT, size, width)
    broken = sum(max(1, -(-measure_text(line, FALLBACK_FONT, size) // width)) for line in lines)
    widest = max(measure_text(line, FALLBACK_FONT, size) for line in lines)
    tail = sum(measure_text(run.text, FALLBACK_FONT, run.font.size.pt) for run in runs[1:])
    return min(widest, width) + tail, broken * first.size.pt * _LINE_HEIGHT


def list_places(slide: Any) -> Iterator[Place]:
    """The places of all texts of a slide, and of its tables."""
    for shape in slide.shapes:
        left, top, width, height = (side.pt for side in (shape.left, shape.top, shape.width, shape.height))
        if shape.has_text_frame and shape.text_frame.text.strip():
            sizes = [measure_paragraph(row, width) for row in shape.text_frame.paragraphs]
            gaps = sum(row.space_after.pt for row in shape.text_frame.paragraphs[:-1] if row.space_after is not None)
            wide, tall = max(row[0] for row in sizes), sum(row[1] for row in sizes) + gaps
            alignment = str(shape.text_frame.paragraphs[0].alignment)
            shift = width - wide if "RIGHT" in alignment else (width - wide) / 2 if "CENTER" in alignment else 0.0
            anchor = str(shape.text_frame.vertical_anchor)
            drop = height - tall if "BOTTOM" in anchor else (height - tall) / 2 if "MIDDLE" in anchor else 0.0
            text = shape.text_frame.text
            yield Place(text, left + shift, top + drop, left + shift + wide, top + drop + tall)
        elif shape.has_table:
            rows = sum(row.height.pt for row in shape.table.rows)
            yield Place(shape.table.cell(0, 0).text, left, top, left + width, top + rows)


def list_faults(slide: Any, width: float, height: float) -> list[str]:
    """The texts that leave a slide, and those that stand on another."""
    places = list(list_places(slide))
    faults = [
        f"outside: {row.text[:50]!r} ends at {row.right:.0f}, {row.bottom:.0f}"
        for row in places
        if row.left < 0 or row.right > width + _TOLERANCE or row.bottom > height
    ]
    return faults + [
        f"{one.text[:40]!r} on {two.text[:40]!r}"
        for one, two in combinations(places, 2)
        if min(one.right, two.right) - max(one.left, two.left) > _TOLERANCE
        and min(one.bottom, two.bottom) - max(one.top, two.top) > _TOLERANCE
    ]


def find_faults(content: bytes) -> list[str]:
    """The faults of all slides of a file, each with the number of its slide."""
    deck = Presentation(io.BytesIO(content))
    size = ((deck.slide_width or 0) / Pt(1), (deck.slide_height or 0) / Pt(1))
    return [f"{number}: {text}" for number, slide in enumerate(deck.slides, 1) for text in list_faults(slide, *size)]


def test_the_measure_sees_what_is_too_much() -> None:
    """Two texts at one place, and one that is longer than its slide, are found."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for words in ("un", "deux " * 900):
        frame = slide.shapes.add_textbox(0, 0, 1_000_000, 10_000).text_frame
        frame.word_wrap = True
        frame.paragraphs[0].add_run().text = words
        frame.paragraphs[0].runs[0].font.size = 127_000
    faults = list_faults(slide, 720.0, 540.0)
    assert [row[:7] for row in faults] == ["outside", "'un' on"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_text_stands_on_another(written: Written, name: str) -> None:
    """In the widest letters that may draw it, each text of a slide stays on it and clear of the others."""
    assert find_faults(written(name, "pptx")) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_slides_of_a_firm_hold_their_texts(outlook: Outlook, lang: Language) -> None:
    """The deck of a mix and the note for its bank, the latter with its places to fill."""
    link = "https://observatory.example/portfolio?asof=e1#mix=space:100"
    document = build_portfolio_document(outlook, Selection(lang=lang), _MIX, link)
    assert find_faults(_WRITERS["pptx"](document)) == []
    assert find_faults(write_firm_note(outlook, Selection(lang=lang), _MIX, link, "pptx")) == []


@pytest.mark.parametrize(
    "name",
    [name for name in NAMES if name.startswith(("overview", "segment", "track", "purch", "countries", "compare"))],
)
def test_titles_of_the_first_slides_are_answers(documents: dict[str, Document], name: str) -> None:
    """A title of a first slide gives a figure, asks nothing, and is a sentence rather than a label."""
    for slide in documents[name].deck:
        assert re.search(r"\d", slide.title), slide.title
        assert len(slide.title.split()) >= 6
        assert slide.title[-1] not in "?.:"
        assert not (isinstance(slide, RecordSlide) and slide.title in slide.lead)


@pytest.mark.readers
@pytest.mark.parametrize("name", NAMES)
def test_every_font_of_a_pdf_is_in_it(written: Written, tmp_path: Path, name: str) -> None:
    """A PDF looks the same on every computer: it holds each font that it names, and heads are in Newsreader."""
    program = shutil.which("pdffonts")
    if program is None:
        pytest.skip("no pdffonts: install poppler-utils")
    path = tmp_path / "file.pdf"
    path.write_bytes(written(name, "pdf"))
    lines = subprocess.run([program, str(path)], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert any("Newsreader" in line for line in lines)
    assert [line for line in lines if line.split()[-5] != "yes"] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("segment-space", "data", "whats_new"))])
def test_a_deck_is_no_dump_of_its_page(written: Written, name: str) -> None:
    """At most thirty slides, each with something on it below its title; sources on one slide, where there are any."""
    deck = Presentation(io.BytesIO(written(name, "pptx")))
    assert len(deck.slides) <= 30
    for slide in deck.slides:
        bodies = [shape for shape in slide.shapes if 80 < shape.top.pt < 480]
        assert bodies, slide.shapes.title.text


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith(("overview", "segment-space", "data"))])
def test_a_workbook_has_an_index_and_figures_in_its_language(written: Written, name: str) -> None:
    """The cover links to each sheet; columns are as wide as their heads; formats carry the language of the reader."""
    book = openpyxl.load_workbook(io.BytesIO(written(name, "xlsx")))
    cover, *others = book.worksheets
    links = [cell.hyperlink.location for row in cover.iter_rows() for cell in row if cell.hyperlink is not None]
    assert [link for link in links if link] == [f"'{sheet.title}'!A1" for sheet in others]
    code = "[$-40C]" if name.endswith("fr") else "[$-409]"
    formats = {cell.number_format for sheet in others for row in sheet.iter_rows() for cell in row if cell.value}
    assert any(code in text for text in formats) or name.startswith("data")
    assert not [text for text in formats if "[$-" in text and code not in text]
    for sheet in others:
        assert sheet.column_dimensions["A"].width >= 9
