"""Long titles and foreign letters in files: a title shrinks to its box, a small number keeps its digits in a format."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Pt

from observatory.briefs.common.model import Figure, PlotData, PlotSeries, TextTable
from observatory.charts.base import compute_round_ticks
from observatory.export.common.fonts import FIGURE_FONT_BOLD, measure_text, wrap_lines
from observatory.export.common.plot_format import build_axis_format, build_number_format
from observatory.export.document import Document, Section
from observatory.export.formats import EXPORTS
from observatory.export.pptx.parts import CONTENT_WIDTH

_LONG = "Satellites \U0001f6f0\ufe0f lancés : طيران الفضاء, " + "dont le titre dépasse de beaucoup la largeur " * 4
_WRITERS = {row.id: row.write for row in EXPORTS}


def make_document(title: str) -> Document:
    """A document of one section of text under a title and a subtitle."""
    section = Section("one", title, "Milliers d'unités \U0001f680 par an, France.", ("Une phrase.",))
    return Document(
        *("segment", "page", "fr", "file", title, "Essai", title, "", "", ""),
        ("Dessous.",),
        (section,),
        *("", ("Méthode.",), (), "Édition n° 1", "e1", 1, date(2026, 11, 22), "https://observatory.example/"),
    )


@pytest.mark.parametrize("title", ["Court", "Un titre de deux lignes " * 5, _LONG, _LONG * 3, "mot" * 120])
def test_a_title_ends_above_its_subtitle(title: str) -> None:
    """Whatever its length, in its size and at most 1.2 lines high, wrapped or cut; the notes have all of it."""
    deck = Presentation(io.BytesIO(_WRITERS["pptx"](make_document(title))))
    slide = deck.slides[1]
    shape = slide.shapes.title
    run = shape.text_frame.paragraphs[0].runs[0]
    size = run.font.size.pt
    lines = [
        line
        for part in wrap_lines(run.text, FIGURE_FONT_BOLD, size, CONTENT_WIDTH)
        for line in range(1 + int(measure_text(part, FIGURE_FONT_BOLD, size) // CONTENT_WIDTH))
    ]
    subtitle = next(row for row in slide.shapes if row.has_text_frame and "rocket" in row.text_frame.text)
    assert shape.top + Pt(len(lines) * size * 1.2) <= subtitle.top + Pt(3)
    assert size >= 9
    assert "\U0001f680" not in subtitle.text_frame.text
    assert title.split()[-1] in slide.notes_slide.notes_text_frame.text


def test_ordinary_titles_have_the_size_that_they_had() -> None:
    """One line at 20 points, two at 16."""
    for title, size in (("Indice du marché du spatial", 20.0), ("Un titre de deux lignes " * 5, 16.0)):
        deck = Presentation(io.BytesIO(_WRITERS["pptx"](make_document(title.strip()))))
        assert deck.slides[1].shapes.title.text_frame.paragraphs[0].runs[0].font.size.pt == size


@pytest.mark.parametrize("export", ["pptx", "pdf", "xlsx", "csv", "json"])
def test_any_title_can_be_written(export: str) -> None:
    """Emoji, flags, Arabic, Hebrew, Chinese, one endless word: every format is written."""
    title = _LONG + "\U0001f1eb\U0001f1f7 \u05d0\u05d1 (12) \u4e2d\u6587 " + "x" * 300
    assert len(_WRITERS[export](make_document(title))) > 90


def make_plot(values: tuple[float, ...], decimals: int, *, signed: bool = False) -> PlotData:
    """A plot of one observed line."""
    codes = tuple(str(2000 + index) for index in range(len(values)))
    return PlotData("line", codes, (PlotSeries("observed", "a", values),), "u", decimals, signed, codes)


def test_a_format_never_writes_a_value_as_zero() -> None:
    """Values that the decimals would hide get theirs; ordinary plots, zeros and noise have the format that they had."""
    assert build_number_format(make_plot((0.0, 12.0, 5000.0), 0)) == "#,##0"
    assert build_number_format(make_plot((1e-14, -4.0), 1, signed=True)).startswith("+#,##0.0;")
    assert build_number_format(make_plot((0.3, 12.0), 0)) == "[>=0.5]#,##0;General"
    assert build_number_format(make_plot((0.02, 4.0), 1, signed=True)) == "[>=0.05]+#,##0.0;General"
    assert build_axis_format(compute_round_ticks(1e-12, 5e-12), "#,##0", signed=False) == "General"
    assert build_axis_format([0, 2.5, 5], "#,##0", signed=False) == "#,##0.0"


def test_small_values_in_a_workbook_and_on_a_slide_are_themselves() -> None:
    """A chart of values from 3e-12 to 5000 is written, with the very numbers and a format that shows them."""
    plot = replace(make_plot((3e-12, 0.3, 5000.0), 0), origin="2002")
    table = TextTable("T", ("a",), (("1",),))
    figure = Figure(
        title="T",
        subtitle="S",
        spec={"layer": [], "height": 100},
        alt="alt",
        takeaway="",
        source_line="",
        table=table,
        plot_data=plot,
    )
    document = make_document("Court")
    document = replace(document, sections=(replace(document.sections[0], figure=figure),), cover_id="one")
    book = openpyxl.load_workbook(io.BytesIO(_WRITERS["xlsx"](document)))
    cells = {cell.value: cell.number_format for sheet in book for row in sheet.iter_rows() for cell in row}
    assert cells[3e-12] == cells[0.3] == "[$-40C][>=0.5]#,##0;General"
    deck = Presentation(io.BytesIO(_WRITERS["pptx"](document)))
    chart = next(shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    assert tuple(chart.plots[0].series[0].values) == (3e-12, 0.3, 5000.0)
