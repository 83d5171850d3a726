"""Every format of every page opens in a real reader, in both languages, and shows the figures of the page's brief."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from PIL import Image
from pptx import Presentation

from observatory.briefs.common.model import PlotData
from observatory.briefs.deck.model import ChartSlide, RankingSlide
from observatory.export.common.cell_values import parse_cell
from observatory.export.csv.document import COLUMNS
from observatory.export.document import Document, has_chart, list_figures
from observatory.export.formats import ExportFormat
from observatory.export.render import list_formats
from observatory.language import Localizer
from tests.support.documents import CASES, NAMES, OPENED, PAGES, Written, plain, text_of

SHEETS = [name for name in NAMES if name.startswith("brief")]
DECKS = ("overview", "segment-space", "track", "countries", "compare")  # pages with first slides of their own
_FIRST_ROWS = 6  # of a table, that any slide has
Documents = dict[str, Document]
Office = Callable[[str, str], Path]


def expected_texts(document: Document, *, is_slides: bool = False) -> list[str]:
    """The answer, the call, each takeaway, and each cell of each table that stands on the page as a table.

    Slides have the first rows of long tables, and in place of a chart that a first slide has, that slide.
    """
    expected = [document.lead, "" if is_slides and document.deck else document.call_line]
    drawn = [slide.figure.table.rows for slide in document.deck if isinstance(slide, ChartSlide)]
    for section in document.sections:
        if is_slides and any(table.rows in drawn for table in section.tables):
            continue
        expected += [section.title, *section.paragraphs[:1]]
        if not has_chart(section):
            last = _FIRST_ROWS if is_slides else None
            expected += [cell for table in section.tables for row in table.rows[:last] for cell in row]
    return [plain(text) for text in expected if text]


@pytest.mark.readers
@pytest.mark.parametrize("name", NAMES)
def test_pdf(documents: Documents, written: Written, tmp_path: Path, name: str) -> None:
    """Its text can be searched: the answer, every takeaway, every table, labels inside charts, sources, the link."""
    document = documents[name]
    content = written(name, "pdf")
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    text = text_of(path)
    missing = [expected for expected in expected_texts(document) if expected not in text]
    assert not missing[:5]
    assert plain(document.edition_text) in text
    assert plain(document.link) in text
    for row in document.sources:
        assert plain(row.publisher) in text
        assert plain(row.licence) in text
    assert b"/Outlines" in content
    pages, least = content.count(b"/Type /Page\n"), 2 if document.cover_id else 1  # a page without a chart may be short
    assert pages == 1 if document.layout == "sheet" else pages >= least


@pytest.mark.readers
@pytest.mark.parametrize("name", ["segment-space-fr", "segment-space-en"])
def test_words_in_the_charts_of_a_pdf(documents: Documents, written: Written, tmp_path: Path, name: str) -> None:
    """Charts are drawn in lines: their labels are words that a reader finds."""
    path = tmp_path / "file.pdf"
    path.write_bytes(written(name, "pdf"))
    text = text_of(path)
    expected = "330 en 2025" if name.endswith("fr") else "330 in 2025"
    assert plain(expected) in text
    assert "Covid-19" in text


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_pptx(documents: Documents, written: Written, name: str) -> None:
    """python-pptx reads it: charts with the very numbers of the brief, tables, alternative texts, speaker notes."""
    document = documents[name]
    deck = Presentation(io.BytesIO(written(name, "pptx")))
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    plots = [
        figure.plot_data
        for section, figure in list_figures(document)
        if has_chart(section) and figure.plot_data is not None
    ]
    assert plots or not document.cover_id or document.title == "Drones"
    for shape in charts:
        assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
        assert shape.chart.part.chart_workbook.xlsx_part.blob
    drawn = [{series.name: series.values for part in shape.chart.plots for series in part.series} for shape in charts]
    for plot in plots:
        assert any(_draws(runs, plot) for runs in drawn)
    text = plain(" ".join(_words(slide) for slide in deck.slides))
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    everything = text + plain(" ".join(notes))
    assert not [expected for expected in expected_texts(document, is_slides=True) if expected not in everything][:5]
    for slide_notes in notes:
        assert document.link in slide_notes
        assert document.method[0] in slide_notes
        assert document.edition_text in slide_notes
    assert len(deck.slides) == 1 if document.layout == "sheet" else len(deck.slides) > 2


def _draws(runs: dict[str, Sequence[float | None]], plot: PlotData) -> bool:
    """Whether a chart has the runs of a plot; of points, the first run lies across."""
    for run in plot.series[plot.kind == "point" :]:
        shown = runs.get(run.name)
        if shown is None or len(shown) < len(run.values):
            return False
        if any(value is not None and shown[index] != pytest.approx(value) for index, value in enumerate(run.values)):
            return False
    return True


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(DECKS)])
def test_a_deck_begins_with_the_answer(documents: Documents, written: Written, name: str) -> None:
    """Two to four slides, one of sources, then the appendix; live texts only in fonts that each computer has."""
    document = documents[name]
    content = written(name, "pptx")
    deck = Presentation(io.BytesIO(content))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles[: len(document.deck)] == [slide.title for slide in document.deck]
    assert 2 <= len(document.deck) <= 4
    localizer = Localizer(document.language)
    after = titles[len(document.deck) :]
    assert after[:2] == [localizer.text("export.sources"), localizer.text("export.deck.appendix")]
    assert titles.count(localizer.text("export.sources")) == 1
    fonts: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            if part.startswith(("ppt/slides/slide", "ppt/charts/chart")) and part.endswith(".xml"):
                fonts |= set(re.findall(r'latin typeface="([^"]*)"', archive.read(part).decode("utf-8")))
    assert fonts == {"Georgia", "Arial"}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_bars_of_the_ranking_are_a_native_chart(documents: Documents, written: Written, lang: str) -> None:
    """Each market has its range in the sheet of the chart: parts below and above zero, and what is left unseen."""
    document = documents[f"overview-{lang}"]
    ranking = next(slide for slide in document.deck if isinstance(slide, RankingSlide))
    deck = Presentation(io.BytesIO(written(f"overview-{lang}", "pptx")))
    slide = deck.slides[document.deck.index(ranking)]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    unseen, below, above = (series.values for series in chart.plots[0].series)
    bars = [row.bar for row in ranking.rows]
    assert sum(bar is not None for bar in bars) >= 5
    for index, bar in enumerate(bars):
        if bar is None:
            assert unseen[index] is None
        else:
            ends = (
                (below[index], above[index])
                if bar.low < 0 < bar.high
                else (unseen[index], unseen[index] + above[index])
            )
            assert ends == (pytest.approx(bar.low, abs=0.01), pytest.approx(bar.high, abs=0.02))
    words = plain(_words(slide))
    for row in ranking.rows:
        assert all(plain(part) in words for part in (row.title, row.odds, row.low, row.middle, row.high))


def test_subtitles_describe_no_bar_where_a_table_is_alone(documents: Documents, written: Written) -> None:
    """The ranking of slides and PDF is a table: nothing is said of a pink bar there."""
    deck = Presentation(io.BytesIO(written("overview-fr", "pptx")))
    assert "barrerose" not in plain(" ".join(_words(slide) for slide in deck.slides))
    ranking = next(row for row in documents["overview-fr"].sections if row.id == "ranking")
    assert "barre" in ranking.subtitle
    assert "barre" not in ranking.table_subtitle


def _words(slide: object) -> str:
    expected = []
    for shape in slide.shapes:  # type: ignore[attr-defined]
        if shape.has_text_frame:
            expected.append(shape.text_frame.text)
        elif shape.has_table:
            expected += [cell.text for row in shape.table.rows for cell in row.cells]
    return " ".join(expected)


@pytest.mark.readers
@pytest.mark.parametrize("name", OPENED["pptx"])
def test_pptx_in_libreoffice(documents: Documents, office: Office, written: Written, name: str) -> None:
    """LibreOffice opens the slides: the answer, every table, the last value of each line, nothing lost."""
    document = documents[name]
    text = text_of(office(name, "pptx"))
    deck = Presentation(io.BytesIO(written(name, "pptx")))
    on_slides = plain(" ".join(_words(slide) for slide in deck.slides))  # what is not there is in the notes
    expected = [part for part in expected_texts(document, is_slides=True) if part in on_slides]
    assert len(expected) >= len(document.sections)
    assert not [part for part in (*expected, *(plain(slide.title) for slide in document.deck)) if part not in text][:5]
    for section, figure in list_figures(document):
        if has_chart(section) and figure.plot_data is not None and figure.plot_data.kind == "line":
            last = next(value for value in reversed(figure.plot_data.series[0].values) if value is not None)
            whole = f"{last:,.{figure.plot_data.decimals}f}".split(".")[0]
            assert plain(whole.replace(",", "" if document.language == "fr" else ",")) in text.replace("+", "")


@pytest.mark.parametrize("name", PAGES)
def test_xlsx(documents: Documents, written: Written, name: str) -> None:
    """Openpyxl reads it: typed cells, frozen heads, a chart beside the figures of each chart, a sheet of sources."""
    document = documents[name]
    book = openpyxl.load_workbook(io.BytesIO(written(name, "xlsx")))
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    assert len(sheets) == len(book.sheetnames)
    assert not [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    values = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert {document.lead, document.link, document.edition_text} <= values
    for section in document.sections:
        if section.figure is not None and has_chart(section):
            assert section.figure.plot_data is not None
            assert {v for run in section.figure.plot_data.series for v in run.values if v is not None} <= values
            continue
        for table in section.tables:
            for cell in (cell for row in table.rows for cell in row if cell):
                number = parse_cell(cell, document.language)
                assert (number.value if number else cell) in values
    charted = [sheet for sheet in book.worksheets if sheet._charts]
    assert len(charted) == sum(has_chart(section) for section in document.sections)
    assert all(sheet.freeze_panes for sheet in book.worksheets[1:])
    assert {row.licence for row in document.sources} <= {
        str(cell.value) for row in book.worksheets[-1].iter_rows() for cell in row
    }


@pytest.mark.readers
@pytest.mark.parametrize("name", OPENED["xlsx"])
def test_xlsx_in_libreoffice(documents: Documents, office: Office, name: str) -> None:
    """LibreOffice opens the workbook, and shows the answer in it."""
    assert plain(documents[name].lead) in text_of(office(name, "xlsx"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith(("whats_new", "data", "collection"))])
def test_svg_and_png(documents: Documents, written: Written, name: str) -> None:
    """An XML parser reads the drawing: title, unit, source, edition, link; the pixels are twice as many."""
    document = documents[name]
    section = document.cover_section
    assert section is not None
    assert section.figure is not None
    root = ElementTree.fromstring(written(name, "svg"))
    text = plain(" ".join(root.itertext()))
    for expected in (
        section.title,
        section.subtitle,
        section.source,
        document.edition_text,
        document.link,
        section.figure.alt,
    ):
        assert plain(expected) in text
    assert "var(--" not in written(name, "svg").decode()
    image = Image.open(io.BytesIO(written(name, "png")))
    assert image.size == (int(root.get("width", "0")) * 2, int(root.get("height", "0")) * 2)
    assert image.convert("RGB").getpixel((2, 2)) == (0xFB, 0xFA, 0xF7)


@pytest.mark.parametrize("name", PAGES)
def test_json(documents: Documents, written: Written, name: str) -> None:
    """The plain data hold the words of the brief, its numbers as numbers, source, licence, edition, origin, link."""
    document = documents[name]
    data = json.loads(written(name, "json"))
    assert (data["lead"], data["link"]) == (document.lead, document.link)
    assert data["edition"]["number"] == document.edition_number
    assert [row["id"] for row in data["sections"]] == [row.id for row in document.sections]
    for row, section in zip(data["sections"], document.sections, strict=True):
        if section.figure is not None and section.figure.plot_data is not None:
            assert [tuple(run["values"]) for run in row["figure"]["plot"]["runs"]] == [
                run.values for run in section.figure.plot_data.series
            ]
        assert [table["rows"] for table in row["tables"]] == [[list(r) for r in table.rows] for table in section.tables]
    assert all(row["licence"] and row["publisher"] and row["origin"] for row in data["sources"])


@pytest.mark.parametrize("page", sorted({name[:-3] for name in PAGES if f"{name[:-3]}-en" in PAGES}))
def test_csv(documents: Documents, written: Written, page: str) -> None:
    """French (`;`, comma, BOM) and international (`,`, point) files hold the same figures, each with its link."""
    french = written(f"{page}-fr", "csv").decode("utf-8")
    assert french.startswith("\ufeff")
    one = list(csv.DictReader(io.StringIO(french.removeprefix("\ufeff")), delimiter=";"))
    two = list(csv.DictReader(io.StringIO(written(f"{page}-en", "csv").decode("utf-8"))))
    assert tuple(one[0]) == tuple(two[0]) == COLUMNS
    plotted = [[row for row in rows if not row["text"]] for rows in (one, two)]
    numbers = [sorted(float(row["value"].replace(",", ".")) for row in rows) for rows in plotted]
    if page not in ("method", "compare"):  # texts round frequencies; a trillion is mille milliards
        assert numbers[0] == numbers[1]
    assert all(row["link"] == documents[f"{page}-fr"].link and row["edition"] for row in one)
    figures_of = [
        value
        for _section, figure in list_figures(documents[f"{page}-en"])
        if figure.plot_data is not None
        for run in figure.plot_data.series
        if run.nature not in ("low", "high")
        for value in run.values
        if value is not None
    ]
    assert numbers[1] == sorted(figures_of)


FILES = {
    f"{name}-{made.id}": (name, made)
    for name, (page, _segment, _lang) in zip(NAMES, CASES, strict=True)
    for made in list_formats(page)
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "made"), FILES.values(), ids=FILES)
def test_every_document_is_written_twice_alike(
    documents: Documents, written: Written, name: str, made: ExportFormat
) -> None:
    """Each document in each of its formats is a file, not empty; no clock and no chance: again the same bytes."""
    assert written(name, made.id)
    assert made.write(documents[name]) == written(name, made.id)
