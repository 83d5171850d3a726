"""data.gouv.fr: the description of a dataset names the archive whose CSV files hold the figures."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.archive import read_members
from observatory.sources.content import (
    decode_text,
    detect_delimiter,
    parse_json,
    read_table,
    refuse_error_document,
    require_columns,
)
from observatory.sources.figures import ValuesByKey, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_PERIOD = "ANMOIS"


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """The description of each dataset."""
    return merge_requests(
        Request(
            recipe.host, f"/api/1/datasets/{recipe.dataset}/", accept="application/json", serves=(recipe.indicator,)
        )
        for recipe in recipes
    )


def follow_resource(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[Request]:
    """The archive whose title has the word that the recipe expects."""
    resource = _find_resource(recipe, answers[0])
    return [Request(recipe.host, str(resource["url"]), serves=(recipe.indicator,))]


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The columns of each row added up, over the rows that a key selects (COLUMN=VALUE+VALUE), by period."""
    checksum = _find_resource(recipe, answers[0]).get("checksum") or {}
    content = answers[1].content
    refuse_error_document(content)
    kind = str(checksum.get("type", ""))
    if kind in ("sha1", "sha256", "md5"):
        digest = hashlib.new(kind, content, usedforsecurity=False).hexdigest()
        if digest != checksum.get("value"):
            raise SourceError("error.source.cut")
    parts: dict[str, tuple[str, list[str]]] = {}
    for series in recipe.series:
        column, _, values = series.key.partition("=")
        parts[series.key] = column, values.split("+")
    sums: dict[tuple[str, str], dict[str, Decimal]] = {}
    for name, member in read_members(content, ".csv").items():
        _add_file(recipe, Answer(Request(recipe.host, name), member), {column for column, _ in parts.values()}, sums)
    totals: ValuesByKey = {}
    for key, (column, cells) in parts.items():
        rows = [sums.get((column, cell), {}) for cell in cells]
        shared = set.intersection(*(set(row) for row in rows))
        totals[key] = {period: sum((row[period] for row in rows), Decimal(0)) for period in shared}
    return build_figures(recipe, totals, has_parts=False)


def _find_resource(recipe: RefreshRecipe, answer: Answer) -> dict[str, Any]:
    body = parse_json(decode_text(answer))
    rows = body.get("resources") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError("error.source.column", wanted="resources", seen=type(body).__name__)
    word = recipe.expect.get("resource", "")
    matches: list[dict[str, Any]] = [
        row for row in rows if word in str(row.get("title", "")) and str(row.get("url", "")).endswith(".zip")
    ]
    if len(matches) != 1:
        raise SourceError("error.source.member", wanted=word, count=len(matches))
    return matches[0]


def _add_file(
    recipe: RefreshRecipe, answer: Answer, columns: set[str], sums: dict[tuple[str, str], dict[str, Decimal]]
) -> None:
    text = decode_text(answer, ("utf-8-sig", "cp1252"))
    delimiter = detect_delimiter(text)
    header, rows = read_table(text, delimiter=delimiter)
    require_columns(header, [_PERIOD, *columns, *recipe.columns])
    for row in rows:
        cells = [parse_value(row[name], has_decimal_comma=delimiter == ";") for name in recipe.columns]
        value = sum((cell for cell in cells if cell is not None), Decimal(0))
        period = parse_period(row[_PERIOD], recipe.frequency)
        for column in columns:
            periods = sums.setdefault((column, row[column]), {})
            periods[period] = periods.get(period, Decimal(0)) + value
