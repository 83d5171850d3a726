"""Workbooks: World Bank commodity prices (Pink Sheet), Airbus orders and deliveries, surveys of DG ECFIN."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.archive import read_member, read_sheet
from observatory.sources.content import refuse_error_document
from observatory.sources.figures import MONTHS, ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_OLE_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AIRBUS_PAGE = "/en/products-services/commercial-aircraft/orders-and-deliveries"
_WORKBOOK_LINK = re.compile(r"href=[\"']([^\"']+\.xlsx)(?:\?[^\"']*)?[\"']", re.IGNORECASE)
_MONTH_AND_YEAR = re.compile(r"-(?P<month>[a-z]+)-(?P<year>[12]\d{3})\.xlsx", re.IGNORECASE)
_MIN_YEARS = 3  # cells of a row that are years, for it to be the header


def build_file_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """The file that the recipe names."""
    return merge_requests(Request(recipe.host, f"/{recipe.dataset}", serves=(recipe.indicator,)) for recipe in recipes)


def read_pink_sheet(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The column of each key, found by its label, with the unit below it; periods as 1960M01."""
    rows = _read_rows(answers[0].content, recipe.expect["sheet"])
    keys = [series.key for series in recipe.series]
    top = _find_header(rows, keys)
    values: ValuesByKey = {}
    for key in keys:
        place = [_clean(cell) for cell in rows[top]].index(key)
        unit = _clean(rows[top + 1][place]) if top + 1 < len(rows) else ""
        if unit != recipe.expect.get("unit", unit):
            raise SourceError("error.source.attribute", name="unit", wanted=recipe.expect["unit"], seen=unit[:60])
        for row in rows[top + 2 :]:
            if row and row[0] is not None:
                add_value(values, key, parse_period(_clean(row[0]), recipe.frequency), parse_value(row[place]))
    return build_figures(recipe, values, has_parts=False)


def build_survey_requests(recipes: Sequence[RefreshRecipe], window: Window) -> list[Request]:
    """The release of the month before; its folder holds year and month."""
    year, month = divmod(window.today.year * 12 + window.today.month - 2, 12)
    folder = f"/economy_finance/db_indicators/surveys/documents/series/nace2_ecfin_{year % 100:02d}{month + 1:02d}"
    return merge_requests(
        Request(recipe.host, f"{folder}/{recipe.dataset}", serves=(recipe.indicator,)) for recipe in recipes
    )


def read_survey(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The columns of the workbook inside the archive, by the labels of its header; dates in the first column."""
    refuse_error_document(answers[0].content)
    rows = _read_rows(read_member(answers[0].content, ".xlsx"), recipe.expect["sheet"])
    keys = [series.key for series in recipe.series]
    top = _find_header(rows, keys)
    header = [_clean(cell) for cell in rows[top]]
    values: ValuesByKey = {}
    for row in rows[top + 1 :]:
        if row and row[0] is not None:
            for key in keys:
                add_value(
                    values, key, parse_period(_clean(row[0]), recipe.frequency), parse_value(row[header.index(key)])
                )
    return build_figures(recipe, values)


def build_page_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """The page that links to the workbook of the month."""
    return merge_requests(
        Request(recipe.host, _AIRBUS_PAGE, accept="text/html", serves=(recipe.indicator,)) for recipe in recipes
    )


def follow_workbook(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[Request]:
    """The only workbook that the page links to."""
    links = dict.fromkeys(_WORKBOOK_LINK.findall(answers[0].content.decode("utf-8", "replace")))
    if len(links) != 1:
        raise SourceError("error.source.member", wanted=".xlsx", count=len(links))
    return [Request(recipe.host, urljoin(_AIRBUS_PAGE, next(iter(links))), serves=(recipe.indicator,))]


def read_airbus(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The rows whose first text is a key, by the years of the header; a year before its December is left out."""
    workbook = answers[-1]
    name = _MONTH_AND_YEAR.search(workbook.request.path)
    month = MONTHS.get(name["month"][:3].lower(), 0) if name else 0
    if name is None or not month:
        raise SourceError("error.source.layout", seen=workbook.request.path[-60:])
    last = int(name["year"]) - (month < 12)
    rows = _read_rows(workbook.content, recipe.expect["sheet"])
    top = next((k for k, row in enumerate(rows) if len(_find_years(row)) >= _MIN_YEARS), None)
    if top is None:
        raise SourceError("error.source.column", wanted=str(last), seen=recipe.expect["sheet"])
    years = _find_years(rows[top])
    values: ValuesByKey = {}
    for row in rows[top + 1 :]:
        label = next((_clean(cell) for cell in row if isinstance(cell, str) and cell.strip()), "")
        for place, year in years.items() if label else ():
            if year <= last and place < len(row):
                add_value(values, label, str(year), parse_value(row[place]))
    return build_figures(recipe, values)


def _read_rows(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    refuse_error_document(content)
    if content.startswith(_OLE_WORKBOOK):
        raise SourceError("error.source.old_workbook")
    return list(read_sheet(content, sheet))


def _find_header(rows: Sequence[tuple[Any, ...]], keys: Sequence[str]) -> int:
    """The first row with all labels."""
    for number, row in enumerate(rows):
        labels = {_clean(cell) for cell in row}
        if labels >= set(keys):
            return number
    labels = {_clean(cell) for row in rows[:20] for cell in row if isinstance(cell, str)}
    missing = next((key for key in keys if key not in labels), keys[0])
    raise SourceError("error.source.column", wanted=missing[:60], seen=", ".join(sorted(labels - {""}))[:180])


def _find_years(row: tuple[Any, ...]) -> dict[int, int]:
    """The years of a header by their place."""
    words = {place: _clean(cell).removesuffix(".0") for place, cell in enumerate(row)}
    return {
        place: int(word)
        for place, word in words.items()
        if word.isascii() and word.isdigit() and 1950 < int(word) < 2200
    }


def _clean(cell: object) -> str:
    """A cell as text, without footnote stars and padding."""
    if isinstance(cell, (datetime, date)):
        return cell.strftime("%Y-%m-%d")
    return " ".join(str("" if cell is None else cell).replace("*", " ").split())
