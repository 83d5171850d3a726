"""The numbers of a page, of its files and of the interface are the same: compare, countries, purchasing, radar, mix.

That each format holds the numbers of its document is told in tests/export/test_readers.py for the pages that have an
address; here documents are held against the briefs that the pages show, row by row, and briefs against the interface.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation
from starlette.testclient import TestClient

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, LinkTable, TextTable
from observatory.briefs.common.units import choose_unit
from observatory.briefs.compare.page import build_compare
from observatory.briefs.countries.page import build_countries
from observatory.briefs.portfolio.model import BarTable, NeighbourTable, PortfolioBrief
from observatory.briefs.portfolio.page import build_portfolio
from observatory.briefs.purchasing.page import build_purchasing
from observatory.briefs.radar.page import build_radar
from observatory.export.common.cell_values import parse_cell
from observatory.export.document import Document, has_chart
from observatory.export.documents.portfolio import build_portfolio_document
from observatory.export.documents.registry import DOCUMENTS, build_document
from observatory.export.formats import EXPORTS
from observatory.language import NO_VALUE, Localizer, round_significant
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Selection
from tests.support.clients import application
from tests.support.documents import BASE, plain, text_of

MIX = Mix({"commercial_aircraft": 45, "helicopters": 25, "space": 30}, 4_000_000, {"space": 8.5}, "2007-12")
PAGES = ("compare", "countries", "purchasing", "radar", "portfolio")
LINKED = PAGES[:-1]  # the mix has no address: it is private, and its files are made in the session
Rows = list[tuple[str, ...]]


def brief_of(page: str, outlook: Outlook, localizer: Localizer) -> Any:
    """What a page shows; prices as they are published, which is how the interface gives them."""
    chosen = Selection(lang=localizer.language, currency="quoted" if page == "purchasing" else "")
    if page == "portfolio":
        return build_portfolio(Context(outlook, chosen, localizer, outlook.day), MIX)
    if page == "radar":
        return build_radar(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
    made = {"compare": build_compare, "countries": build_countries, "purchasing": build_purchasing}[page]
    return made(Context(outlook, chosen, localizer, outlook.day))


def made_of(page: str, outlook: Outlook, localizer: Localizer) -> Document:
    """What its files are made of."""
    chosen = Selection(lang=localizer.language, currency="quoted" if page == "purchasing" else "")
    if page == "portfolio":
        return build_portfolio_document(outlook, chosen, MIX, f"{BASE}/portfolio#mix=space:30")
    return build_document(next(row for row in DOCUMENTS if row.id == page), outlook, chosen, BASE)


def parts(value: Any) -> Iterator[Any]:
    """Every noun of a brief, however deep."""
    if is_dataclass(value) and not isinstance(value, type | Selection):
        yield value
        for row in fields(value):
            yield from parts(getattr(value, row.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from parts(part)


def rows_of(part: Any) -> Rows:
    """The cells of a table that a page shows, without the name of each row."""
    if isinstance(part, TextTable):
        return [row[1:] for row in part.rows]
    if isinstance(part, LinkTable):
        return [entry.cells for entry in part.entries]
    if isinstance(part, BarTable):
        return [line.cells for line in part.rows]
    if isinstance(part, NeighbourTable):
        return [
            (" \u00b7 ".join(filter(None, (row.call_label, row.odds_text))), row.closeness, row.track_record)
            for row in part.rows
        ]
    return []


def shown(brief: Any) -> list[Rows]:
    """Every table of a page; the judgement on know-how is words alone, and stands in no file."""
    matrix = brief.neighbours.knowhow_matrix if isinstance(brief, PortfolioBrief) and brief.neighbours else None
    return [found for part in parts(brief) if part is not matrix and (found := rows_of(part))]


def file_of(document: Document, name: str) -> bytes:
    return next(row for row in EXPORTS if row.id == name).write(document)


@pytest.mark.parametrize("page", PAGES)
def test_a_document_says_every_number_of_its_page(outlook: Outlook, localizer: Localizer, page: str) -> None:
    """Every table row for row, every chart with its numbers, and every sentence above them."""
    brief, document = brief_of(page, outlook, localizer), made_of(page, outlook, localizer)
    tables = [[row[1:] for row in table.rows] for section in document.sections for table in section.tables]
    assert len(shown(brief)) > 1 or page == "radar"
    assert not [rows for rows in shown(brief) if rows not in tables]
    charts = [section.figure for section in document.sections if section.figure is not None]
    assert not [row.title for row in parts(brief) if isinstance(row, Figure) and row not in charts]
    assert document.lead == brief.lead
    assert set(brief.under) <= set(document.under)
    if page == "radar":
        terms = {text for section in document.sections for _name, text in section.terms}
        assert {row.seen for row in brief.signals} | {row.criterion for row in brief.signals} <= terms
        paces = next(row.plot_data for row in charts if row.plot_data is not None).series[0]
        assert paces.values == tuple(row.growth_5y for row in brief.signals)


@pytest.mark.parametrize("page", PAGES)
def test_what_is_drawn_is_what_is_told(outlook: Outlook, localizer: Localizer, page: str) -> None:
    """The numbers behind the chart of a series are those of the table beside it, to the last digit that it shows."""
    for figure in (part for part in parts(brief_of(page, outlook, localizer)) if isinstance(part, Figure)):
        if figure.plot_data is None or figure.plot_data.kind != "line" or figure.plot_data.has_several_series:
            continue
        runs = {run.nature: run.values for run in figure.plot_data.series}
        lines = list(reversed(figure.table.rows))
        assert len(lines) == len(figure.plot_data.period_codes)
        for place, line in enumerate(lines):
            for nature, cell in zip(("expected", "low", "high"), line[2:], strict=True):
                value = runs[nature][place] if nature in runs else None
                value = runs["observed"][place] if nature == "expected" and value is None else value
                assert value is None if not cell else agrees(cell, value, localizer), (figure.title, line)


def agrees(cell: str, value: float | None, localizer: Localizer) -> bool:
    """Whether a cell is a value as it is written: the same to the last digit of the cell."""
    found = parse_cell(cell, localizer.language)
    if found is None or value is None:
        return value is None
    decimals = len(found.format.partition(".")[2].split("%")[0].split(";")[0])
    share = 100 if "%" in found.format else 1
    return abs(found.value * share - value) <= 0.5 * 10.0**-decimals + 1e-9 * abs(value)


@pytest.mark.parametrize("page", PAGES)
def test_a_workbook_holds_them_as_numbers(outlook: Outlook, localizer: Localizer, page: str) -> None:
    """Each row of a table is a row of typed cells: a figure is the number that its words say, in the same order."""
    document = made_of(page, outlook, localizer)
    book = openpyxl.load_workbook(io.BytesIO(file_of(document, "xlsx")))
    lines = {row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)}
    trimmed = {tuple(cell for cell in line if cell is not None) for line in lines}
    charted = [
        row
        for row in document.sections
        if row.figure is not None and row.figure.plot_data is not None and has_chart(row)
    ]
    for section in (row for row in document.sections if row not in charted):
        for row in (row for table in section.tables for row in table.rows):
            typed = [parse_cell(cell, document.language) for cell in row]
            wanted = tuple(found.value if found else cell for found, cell in zip(typed, row, strict=True) if cell)
            assert wanted in trimmed, (section.title, row)
    for section in charted:
        assert section.figure is not None
        plot = section.figure.plot_data
        assert plot is not None
        for place in range(len(plot.labels)):
            wanted = tuple(value for run in plot.series if (value := run.values[place]) is not None)
            assert any(tuple(x for x in line if x in wanted) == wanted for line in trimmed), (section.title, place)


@pytest.mark.parametrize("page", LINKED)
def test_csv_and_json_hold_them_as_numbers(outlook: Outlook, localizer: Localizer, page: str) -> None:
    """Each cell of a table, each point of a chart is a row of the CSV; in the JSON numbers stand beside their words."""
    document = made_of(page, outlook, localizer)
    text, french = file_of(document, "csv").decode("utf-8-sig"), localizer.language == "fr"
    written_values: dict[tuple[str, str, str], set[float]] = {}
    for row in csv.DictReader(io.StringIO(text), delimiter=";" if french else ","):
        if row["value"]:
            value = float(row["value"].replace(",", ".") if french else row["value"])
            written_values.setdefault((row["section"], row["series"].lstrip("'"), row["label"]), set()).add(value)
    data = {row["id"]: row for row in json.loads(file_of(document, "json"))["sections"]}
    for section in document.sections:
        plot = section.figure.plot_data if section.figure is not None else None
        for run in plot.series if plot is not None else ():
            for place, value in enumerate(run.values):
                if value is not None and run.nature not in ("low", "high"):
                    label = (plot.period_codes or plot.labels)[place] if plot is not None else ""
                    assert value in written_values[section.id, run.name, label]
        for place, table in enumerate(section.tables):
            assert data[section.id]["tables"][place]["rows"] == [list(row) for row in table.rows]
            for row, numbers in zip(table.rows, data[section.id]["tables"][place]["values"], strict=True):
                typed = [parse_cell(cell, document.language) for cell in row]
                assert numbers == [found.value if found else None for found in typed]
                for head, found in list(zip(table.headers, typed, strict=True))[1:] if plot is None else ():
                    assert found is None or found.value in written_values[section.id, row[0], head]


@pytest.mark.readers
def test_the_files_of_a_mix_say_what_its_page_says(outlook: Outlook, localizer: Localizer, tmp_path: Path) -> None:
    """Slides with their notes, and the PDF: the answer, every sentence and every row of every table."""
    brief, document = brief_of("portfolio", outlook, localizer), made_of("portfolio", outlook, localizer)
    deck = Presentation(io.BytesIO(file_of(document, "pptx")))
    written = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    written += [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    written_values = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    written += [cell.text for table in written_values for row in table.rows for cell in row.cells]
    (tmp_path / "mix.pdf").write_bytes(file_of(document, "pdf"))
    undrawn = [table for section in document.sections if not has_chart(section) for table in section.tables]
    shock = brief.shock.text  # its slide has the parts of the sentence in the title and in the text
    wanted = [brief.lead, *brief.under, shock.condition, *shock.effect.rstrip(".").split(". "), shock.caveat]
    wanted += [brief.change.sentence, *(cell for table in undrawn for row in table.rows for cell in row)]
    for text in (plain(" ".join(written)), text_of(tmp_path / "mix.pdf")):
        assert not [part for part in wanted if plain(part) not in text][:3]
    assert plain(brief.shock.sentence) in text_of(tmp_path / "mix.pdf")


@pytest.fixture(scope="module")
def client(workspace: Any) -> TestClient:
    return TestClient(application(workspace))


def data_of(client: TestClient, table: str, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{table}.json", params={name: value for name, value in query.items() if value})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return [row for row in found if "item" not in row or row["item"] == query.get("item", "")]


@pytest.mark.parametrize("page", ["compare", "countries", "purchasing"])
def test_the_interface_gives_the_series_of_a_page(
    outlook: Outlook, client: TestClient, localizer: Localizer, page: str
) -> None:
    """Observed and expected values in the chart of a series, and in its table, are those of the interface."""
    seen = 0
    for figure in (part for part in parts(brief_of(page, outlook, localizer)) if isinstance(part, Figure)):
        if not figure.provenance.publisher or figure.plot_data is None:
            continue
        series = {"indicator": figure.indicator, "geo": figure.geo, "item": figure.item}
        key = (figure.indicator, figure.geo, figure.item)
        unit = choose_unit(outlook.catalogue.indicators[key[0]], outlook.panel[key].values, localizer)
        factor = unit.factor
        known = {row["period"]: row["value"] for row in data_of(client, "observations", **series)}
        ahead = {row["period"]: row for row in data_of(client, "forecasts", **series)}
        lines = list(reversed(figure.table.rows))
        for code, line in zip(figure.plot_data.period_codes, lines, strict=True):
            if code in known:
                assert agrees(line[2], known[code] * factor, localizer), (code, line)
            elif code in ahead:
                values = [ahead[code][name] * factor for name in ("median", "low_80", "high_80")]
                for cell, value in zip(line[2:], values, strict=True):
                    assert agrees_rounded(cell, value, localizer, is_whole=unit.whole), (code, line)
            seen += code in known or code in ahead
        runs = {run.nature: run.values for run in figure.plot_data.series}
        observed = dict(zip(figure.plot_data.period_codes, runs["observed"], strict=True))
        for code, value in ((code, value) for code, value in observed.items() if value is not None):
            assert value == pytest.approx(known[code] * factor, rel=1e-9)
    assert seen > 20


def agrees_rounded(cell: str, value: float, localizer: Localizer, *, is_whole: bool) -> bool:
    """Whether a cell is a value to three or four significant digits, as expected ones are written; few counts whole."""
    found = parse_cell(cell, localizer.language)
    if found is None:
        return False
    if is_whole and abs(value) < 1000 and abs(found.value - value) <= 0.5:
        return True
    return any(found.value == pytest.approx(round_significant(value, digits), rel=1e-9) for digits in (3, 4))


def yearly_pace(known: dict[str, float], years: int) -> float | None:
    last = int(max(known))
    then = known.get(str(last - years))
    return (known[str(last)] / then) ** (1 / years) - 1 if then else None


def test_growth_by_country_follows_from_the_interface(
    outlook: Outlook, client: TestClient, localizer: Localizer
) -> None:
    """Level, growth over one and five years of every country in the ranking: those of its observations."""
    brief = build_countries(Context(outlook, Selection(lang=localizer.language), localizer, outlook.day))
    unit = choose_unit(
        outlook.catalogue.indicators[brief.indicator], outlook.panel[brief.indicator, "USA", ""].values, localizer
    )
    for row in brief.ranking_rows:
        rows = data_of(client, "observations", indicator=brief.indicator, geo=row.geo)
        known = {one["period"]: one["value"] for one in rows}
        level, *growths = row.cells[:3]
        assert agrees(level.split(" (")[0], known[max(known)] * unit.factor, localizer), row.title
        for cell, years in zip(growths, (1, 5), strict=True):
            found = yearly_pace(known, years)
            has_rate = found is not None and found > -1  # a level of zero has none
            assert cell == (localizer.growth(found) if has_rate else NO_VALUE), row.title


def test_growth_of_compared_and_watched_series_follows_from_the_interface(
    outlook: Outlook, client: TestClient, localizer: Localizer
) -> None:
    """Growth of every yearly series on the pages compare and radar: that of its observations."""
    chosen = Selection(lang=localizer.language, horizon=2)
    seen = 0
    for member in build_compare(Context(outlook, chosen, localizer, outlook.day)).series:
        where = {"indicator": member.target.indicator, "geo": member.target.geo, "item": member.target.item}
        known = {row["period"]: row["value"] for row in data_of(client, "observations", **where)}
        if all(len(code) == 4 for code in known):
            for cell, years in zip(member.cells[1:5], (1, 3, 5, 10), strict=True):
                found = yearly_pace(known, years)
                assert cell == ("\u2013" if found is None else localizer.growth(found)), (member.title, years)
                seen += 1
    for signal in build_radar(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day)).signals:
        where = {"indicator": signal.target.indicator, "geo": signal.target.geo, "item": signal.target.item}
        known = {row["period"]: row["value"] for row in data_of(client, "observations", **where)}
        if all(len(code) == 4 for code in known) and (found := yearly_pace(known, 5)) is not None:
            assert signal.growth_5y == round(found * 100, 1)
            assert localizer.growth(found) in signal.seen
            seen += 1
    assert seen > 8


def test_a_mix_of_one_market_reads_the_call_of_the_interface(
    outlook: Outlook, client: TestClient, localizer: Localizer
) -> None:
    """Pace and range at each horizon, pace of each market, odds of each neighbour: those that the interface gives."""
    calls = {(row["segment"], row["horizon"]): row for row in data_of(client, "calls")}
    known = [name for name in outlook.catalogue.markets if outlook.joint_draws.has_draws(name, 2)]
    for name in known:
        brief = build_portfolio(
            Context(outlook, Selection(lang=localizer.language), localizer, outlook.day), Mix({name: 100})
        )
        assert brief.growth is not None
        called = [calls[name, horizon] for horizon in (1, 2, 3, 5) if outlook.joint_draws.has_draws(name, horizon)]
        for line, call in zip(brief.growth.rows, called, strict=True):
            assert line.cells[0] == localizer.growth(call["growth"])
            for side in ("low", "high"):
                assert localizer.growth(call[side]).removesuffix(localizer.percent_sign) in line.cells[1]
    shares = dict.fromkeys(known, 10)
    mixed = build_portfolio(Context(outlook, Selection(lang=localizer.language), localizer, outlook.day), Mix(shares))
    assert mixed.contributions is not None
    paces = {line.label: line.cells[2] for line in mixed.contributions.rows}
    for name in known:
        title = localizer.field_text(outlook.catalogue.segments[name], "title")
        assert paces[title] == localizer.growth(calls[name, 2]["growth"])
    mixed = build_portfolio(
        Context(outlook, Selection(lang=localizer.language), localizer, outlook.day),
        Mix({"space": 40, "helicopters": 60}),
    )
    assert mixed.neighbours is not None
    for row in mixed.neighbours.rows:
        call = calls[row.target.segment, 2]
        assert row.call == call["call"]
        assert not row.odds_text or f"({localizer.percent_text(call['probability_clear'])})" in row.odds_text


def test_one_chance_is_said_in_one_way(outlook: Outlook, localizer: Localizer) -> None:
    """A threshold that stands in the sentence and in the table of thresholds has the same chance in both."""
    brief = brief_of("purchasing", outlook, localizer)
    assert brief.threshold_ladder is not None
    name = localizer.number(float(brief.threshold))
    row = next(row for row in brief.threshold_ladder.rows if row[0].startswith(f"{name} "))
    chances = row[1].removesuffix("%").rstrip("\u00a0")
    assert f": {chances} chances" in brief.threshold_text.replace("\u00a0", " ")
    assert brief.price_table.entries[0].cells[4] == row[1]
