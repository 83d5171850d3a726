"""US Census Bureau, bulk file of an economic survey: one ZIP archive with one CSV in sections, for all indicators."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.archive import read_member
from observatory.sources.content import Row, refuse_error_document, require_columns, split_lines
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_SECTIONS = (
    "CATEGORIES",
    "DATA TYPES",
    "ERROR TYPES",
    "GEO LEVELS",
    "TIME PERIODS",
    "NOTES",
    "DATA UPDATED ON",
    "DATA",
)
_COLUMNS = ("per_idx", "cat_idx", "dt_idx", "et_idx", "geo_idx", "is_adj", "val")


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """One archive a survey."""
    return merge_requests(
        Request(recipe.host, "/econ_getzippedfile/", (("programCode", recipe.dataset),), serves=(recipe.indicator,))
        for recipe in recipes
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The estimates of one category and type (CATEGORY.TYPE), adjusted and placed as the recipe expects."""
    (answer,) = answers
    refuse_error_document(answer.content)
    estimates = _read_estimates(answer.content, f"{recipe.dataset}-mf.csv")
    values: ValuesByKey = {}
    for series in recipe.series:
        for name, text in estimates.get(
            (series.key, recipe.expect.get("geo", ""), recipe.expect.get("is_adj", "")), ()
        ):
            add_value(values, series.key, parse_period(name, recipe.frequency), parse_value(text))
    return build_figures(recipe, values)


@lru_cache(maxsize=1)  # the same file serves all indicators of a survey, one after another
def _read_estimates(content: bytes, member: str) -> Mapping[tuple[str, str, str], Sequence[tuple[str, str]]]:
    """Period and value of all estimates, by CATEGORY.TYPE, place and adjustment."""
    sections = _read_sections(read_member(content, member))
    categories = _index_codes(sections, "CATEGORIES", "cat_idx", "cat_code")
    types = _index_codes(sections, "DATA TYPES", "dt_idx", "dt_code")
    places = _index_codes(sections, "GEO LEVELS", "geo_idx", "geo_code")
    periods = _index_codes(sections, "TIME PERIODS", "per_idx", "per_name")
    estimates: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for row in sections["DATA"]:
        if row["et_idx"] == "0":
            name = f"{categories.get(row['cat_idx'])}.{types.get(row['dt_idx'])}"
            key = (name, places.get(row["geo_idx"], ""), row["is_adj"])
            estimates.setdefault(key, []).append((periods.get(row["per_idx"], row["per_idx"]), row["val"]))
    return estimates


def _read_sections(content: bytes) -> dict[str, list[Row]]:
    """The tables of the file by the line that opens each."""
    lines: dict[str, list[list[str]]] = {}
    current = ""
    for line in split_lines(content.decode("latin-1")):
        cells = [cell.strip() for cell in line]
        title = cells[0].upper() if cells and not any(cells[1:]) else ""
        if title in _SECTIONS:
            current = title
            lines[current] = []
        elif any(cells) and current:
            lines[current].append(cells)
    for title in _SECTIONS:
        if title not in lines and title not in ("NOTES", "DATA UPDATED ON", "ERROR TYPES"):
            raise SourceError("error.source.column", wanted=title, seen=", ".join(lines)[:180])
    tables = {title: _build_rows(rows) for title, rows in lines.items() if title not in ("NOTES", "DATA UPDATED ON")}
    require_columns(tables["DATA"][0] if tables["DATA"] else (), _COLUMNS)
    return tables


def _build_rows(lines: list[list[str]]) -> list[Row]:
    if not lines:
        raise SourceError("error.source.empty")
    header = lines[0]
    for line in lines[1:]:
        if len(line) < len(header):
            raise SourceError("error.source.cut")
    return [dict(zip(header, line, strict=False)) for line in lines[1:]]


def _index_codes(sections: dict[str, list[Row]], title: str, index: str, code: str) -> dict[str, str]:
    rows = sections[title]
    require_columns(rows[0] if rows else (), (index, code))
    return {row[index]: row[code] for row in rows}
