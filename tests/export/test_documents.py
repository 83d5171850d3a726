"""Documents: the texts of their pages, links that lead back to them, and files that hostile text cannot harm."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest
from PIL import Image, ImageChops
from pptx import Presentation

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.briefs.compare.page import build_compare
from observatory.briefs.countries.page import build_countries
from observatory.briefs.overview.page import build_overview
from observatory.briefs.segment.page import build_segment
from observatory.catalogue.models import Catalogue
from observatory.errors import ObservatoryError
from observatory.export import render
from observatory.export.document import Document, Section, clean_nested
from observatory.export.documents.registry import DOCUMENTS, build_document
from observatory.export.documents.sections import list_publishers
from observatory.export.formats import EXPORTS, ExportFormat
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Selection, parse_selection
from observatory.workspace import Workspace
from tests.support.documents import BASE, NAMES

DAY = date(2026, 11, 22)
EVIL = "=cmd|'/C calc'!A0\x00\x0b\ufffe <b>&\"'"
SHOWN = "=cmd|'/C calc'!A0 <b>&\"'"  # what is left of it: every sign that a file may hold
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_market_says_what_its_page_says(outlook: Outlook, language: str) -> None:
    """Lead, call, criterion, figures, scenarios, reasons and every indicator are those of the brief of the page."""
    row = next(row for row in DOCUMENTS if row.id == "segment")
    for name in outlook.catalogue.segments:
        chosen = Selection(segment=name, lang=language)
        document = build_document(row, outlook, chosen, BASE)
        brief = build_segment(Context(outlook, chosen, Localizer(chosen.lang), outlook.day))  # type: ignore[arg-type]
        assert (document.lead, document.call, document.call_line) == (brief.lead, brief.call, brief.call_line)
        shown = [section.figure for section in document.sections if section.figure is not None]
        assert shown == [
            figure
            for figure in (brief.index_figure, brief.main_figure, brief.others_figure, *brief.small_figures)
            if figure is not None
        ]
        tables = {table.caption: table for section in document.sections for table in section.tables}
        for table in (brief.scenarios, brief.market_scenarios, brief.reasons):
            assert table is None or tables[table.caption] == table
        assert len(document.sources) == len(brief.indicators)


def test_the_overview_says_what_its_page_says(outlook: Outlook, localizer: Localizer) -> None:
    """The ranking is the table of the page, and its chart has one bar a market with a range."""
    chosen = Selection(lang=localizer.language)
    document = build_document(DOCUMENTS[0], outlook, chosen, BASE)
    brief = build_overview(Context(outlook, chosen, localizer, outlook.day))
    assert document.lead == brief.lead
    assert document.sections[0].tables == (brief.table,)
    chart = next(section.figure for section in document.sections if section.id == "scatter")
    assert chart is not None
    assert chart.plot_data is not None
    assert chart.plot_data.series[1].values == tuple(round(row.bar.median, 1) for row in brief.rows if row.bar)


def test_a_source_says_its_last_period_by_its_frequency(outlook: Outlook, localizer: Localizer) -> None:
    """A year for yearly series, a quarter for quarterly ones; of two that end together, the finest."""
    rows = [row for row in outlook.catalogue.indicators.values() if outlook.headline_key(row) in outlook.panel]
    by_frequency = {"A": r"\d{4}", "Q": r"[TQ]\d\s\d{4}", "M": r"\D+\s\d{4}"}
    for frequency, form in by_frequency.items():
        own = [row for row in rows if outlook.panel[outlook.headline_key(row)].frequency == frequency]
        assert own
        for source in list_publishers(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day), own):
            assert re.fullmatch(form, source.origin), source.origin
    year = next(row for row in rows if outlook.panel[outlook.headline_key(row)].frequency == "A")
    month = next(row for row in rows if outlook.panel[outlook.headline_key(row)].frequency == "M")
    history = outlook.panel[outlook.headline_key(year)]
    ended = replace(outlook.panel[outlook.headline_key(month)], first=history.last * 12 + 11, values=np.array([1.0]))
    both = replace(outlook, panel={**outlook.panel, outlook.headline_key(month): ended})
    (source,) = list_publishers(
        Context(both, DEFAULT_SELECTION, localizer, both.day), [year, replace(month, source=year.source)]
    )
    assert source.origin == localizer.period(f"{history.last}-12")


@pytest.mark.parametrize("name", NAMES)
def test_the_link_leads_back(
    documents: dict[str, Document], catalogue: Catalogue, outlook: Outlook, workspace: Workspace, name: str
) -> None:
    """The link of a document names its edition, is read without a notice, and gives the same document."""
    document = documents[name]
    query = parse_qs(urlsplit(document.link).query)
    chosen, notices = parse_selection(query, catalogue)
    assert not notices
    assert chosen.asof == f"e{outlook.edition}"
    row = next(row for row in DOCUMENTS if row.id == document.page)
    again = build_document(row, outlook, chosen, BASE, workspace)
    assert replace(again, file_stem=document.file_stem) == document
    assert urlsplit(document.link).path.strip("/") == row.path


def hostile(document: Document, text: str = EVIL) -> Document:
    """A document whose every text would be a formula, and holds signs that XML cannot; its charts are as they were."""
    table = TextTable(text, (text, text), ((text, text), ("+1", "@x")))
    section = Section("evil", text, text, (text,), ((text, text),), (table,), source=text)
    charts = (replace(row, title=text, subtitle=text, paragraphs=(text,), source=text) for row in document.sections[:2])
    sources = tuple(replace(row, publisher=text) for row in document.sources[:2])
    written = replace(document, title=text, lead=text, under=(text,), sections=(section, *charts), sources=sources)
    return clean_nested(written)


@pytest.mark.parametrize("made", EXPORTS, ids=lambda made: made.id)
def test_hostile_text_stays_text(documents: dict[str, Document], made: ExportFormat) -> None:
    """Text that begins like a formula, or looks like a tag, is shown as it is; no control character is in any file."""
    document = documents["segment-space-en"]
    HOSTILE_CHECKS.get(made.id, _check_other)(made.write(hostile(document)), document, made)


def _check_other(content: bytes, _document: Document, _made: ExportFormat) -> None:
    assert content
    assert not CONTROL.search(content.decode("utf-8", "replace"))


def _check_csv(content: bytes, _document: Document, _made: ExportFormat) -> None:
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8"))) for cell in row]
    assert any(SHOWN in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))]
    assert not CONTROL.search("".join(cells))


def _check_json(content: bytes, _document: Document, _made: ExportFormat) -> None:
    parsed = json.loads(content)
    assert parsed["title"] == SHOWN
    assert not CONTROL.search(json.dumps(parsed, ensure_ascii=False))


def _check_xlsx(content: bytes, _document: Document, _made: ExportFormat) -> None:
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert SHOWN in {cell.value for cell in cells}


def _check_pptx(content: bytes, _document: Document, _made: ExportFormat) -> None:
    titles = [slide.shapes.title.text for slide in Presentation(io.BytesIO(content)).slides if slide.shapes.title]
    assert SHOWN in titles


def _check_svg(content: bytes, _document: Document, _made: ExportFormat) -> None:
    """The title is one element of text, sign for sign; no element runs or fetches anything."""
    elements = list(ElementTree.fromstring(content).iter())
    assert SHOWN in {row.text for row in elements if row.tag.endswith("}text")}
    names = {row.tag.rpartition("}")[2] for row in elements}
    assert not names & {"script", "foreignObject", "b", "image", "a"}
    assert not CONTROL.search(content.decode("utf-8"))


def _check_png(content: bytes, document: Document, made: ExportFormat) -> None:
    """The letters of a tag are drawn: without them the picture has the same size and other points."""
    drawn, without = (
        Image.open(io.BytesIO(one)) for one in (content, made.write(hostile(document, EVIL.replace("<b>", ""))))
    )
    assert drawn.size == without.size
    box = ImageChops.difference(drawn.convert("RGB"), without.convert("RGB")).getbbox()
    assert box is not None
    assert set(drawn.info) == {"dpi"}


def _check_pdf(content: bytes, document: Document, _made: ExportFormat) -> None:
    """The text is a title of the outline, sign for sign; nothing runs, and links lead to the observatory alone."""
    assert f"/Title ({SHOWN})".encode() in content
    assert not re.findall(rb"/(?:JS|JavaScript|Launch|OpenAction|AA|EmbeddedFile|SubmitForm)\b", content)
    links = set(re.findall(rb"/URI \((.*?)\)", content))
    assert links == {document.link.encode()}


HOSTILE_CHECKS = {
    "csv": _check_csv,
    "json": _check_json,
    "pdf": _check_pdf,
    "png": _check_png,
    "pptx": _check_pptx,
    "svg": _check_svg,
    "xlsx": _check_xlsx,
}


@pytest.mark.slow
def test_a_sheet_that_holds_too_much_still_fits(documents: dict[str, Document]) -> None:
    """However much there is to say, the note for a bank is one page."""
    document = documents["brief-space-fr"]
    longer = tuple(
        replace(section, paragraphs=section.paragraphs * 4) if section.figure is None else section
        for section in document.sections
    )
    content = next(made for made in EXPORTS if made.id == "pdf").write(replace(document, sections=longer))
    assert content.count(b"/Type /Page\n") == 1


@pytest.mark.slow
def test_links_and_pages_render_the_same_file(workspace: Workspace) -> None:
    """A link, mangled or not, and a page give the same file; an unknown page or format is an error."""
    link = "/Segment/?amp;segment=space.&lang=en&utm_source=list"
    from_link = render.render_link(workspace, f"{BASE}{link}", "json", one_pager=False, base_url="http://elsewhere")
    from_page = render.render_page(workspace, "segment", "json", {"segment": "space", "lang": "en"}, BASE)
    assert from_link.content == from_page.content
    assert from_link.name == from_page.name == f"segment-space-{date(2026, 11, 30)}-en.json"
    assert render.render_link(workspace, link, "pdf", one_pager=True, base_url=BASE).name.startswith("brief-space")
    for bad_link, export, brief, key in (
        ("/nowhere", "pdf", False, "error.export.page"),
        ("/", "pdf", True, "error.export.brief"),
        ("/", "docx", False, "error.export.format"),
        ("/segment", "csv", True, "error.export.format"),
        ("/segment?segment=drones&asof=2015-06", "png", False, "error.export.chart"),
        ("/segment?segment=spaec", "pdf", False, "error.link"),
        ("/segment?segment=space&horizon=4&x=1", "json", True, "error.export.format"),
        ("/segment?segment=space&horizon=4&x=1", "json", False, "error.link"),
        ("/segment?segment=space&asof=e99", "pdf", False, "error.link"),
        ("/segment?segment=space&asof=1900", "pdf", False, "error.link"),
        ("/whats-new?since=99", "pdf", False, "error.link"),
        ("https://bit.ly/abc", "pdf", False, "error.export.wrapped"),
        ("https://[bad", "pdf", False, "error.export.page"),
    ):
        with pytest.raises(ObservatoryError) as caught:
            render.render_link(workspace, bad_link, export, one_pager=brief, base_url=BASE)
        assert caught.value.key == key


def test_a_comparison_and_the_countries_say_what_their_pages_say(outlook: Outlook, localizer: Localizer) -> None:
    """Lead and tables are those of the briefs, and the links name the series and the country that were shown."""
    rows = {row.id: row for row in DOCUMENTS}
    chosen = Selection(lang=localizer.language)
    document, compared = (
        build_document(rows["compare"], outlook, chosen, BASE),
        build_compare(Context(outlook, chosen, localizer, DAY)),
    )
    assert document.lead == compared.lead
    assert next(row for row in document.sections if row.id == "growth").tables == (compared.growth_table,)
    assert parse_qs(urlsplit(document.link).query)["series"] == ["~".join(compared.codes)]
    document, abroad = (
        build_document(rows["countries"], outlook, chosen, BASE),
        build_countries(Context(outlook, chosen, localizer, DAY)),
    )
    assert document.lead == abroad.lead
    assert next(row for row in document.sections if row.id == "ranking").tables == (abroad.ranking_table,)
    assert parse_qs(urlsplit(document.link).query)["geo"] == [abroad.geo]


@pytest.mark.slow
def test_eight_compared_series_have_lines_of_their_own_in_offices(outlook: Outlook, workspace: Workspace) -> None:
    """On slides and in workbooks each of eight series has other dashes, also those that share their grey."""
    places = ("FRA", "DEU", "GBR", "ITA", "USA", "CAN", "CHN", "BRA")
    series = "~".join(f"military_expenditure_usd.{geo}" for geo in places)
    row = next(row for row in DOCUMENTS if row.id == "compare")
    document = build_document(row, outlook, Selection(series=series), BASE, workspace)
    for export, folder in (("pptx", "ppt/charts/"), ("xlsx", "xl/charts/")):
        content = next(one for one in EXPORTS if one.id == export).write(document)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith(f"{folder}chart")]
        dashes = {dash for text in charts for dash in re.findall(r'prstDash val="(\w+)"', text)}
        assert dashes - {"solid"} == {"lgDash", "sysDot", "lgDashDot", "sysDash", "lgDashDotDot", "dashDot", "dash"}


@pytest.mark.slow
def test_a_long_link_is_no_reason_for_no_slides(outlook: Outlook, workspace: Workspace) -> None:
    """A property of an Office file has 255 characters at most: a longer link stands in the notes alone, not halved."""
    row = next(row for row in DOCUMENTS if row.id == "compare")
    document = build_document(row, outlook, Selection(), BASE, workspace)
    long = replace(document, link=f"{document.link}&{'x' * 300}", lead=document.lead * 9, title=document.title * 99)
    deck = Presentation(io.BytesIO(next(one for one in EXPORTS if one.id == "pptx").write(long)))
    assert deck.core_properties.keywords == ""
    assert len(deck.core_properties.subject) == 255
    assert long.link in deck.slides[0].notes_slide.notes_text_frame.text
