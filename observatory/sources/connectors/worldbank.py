"""World Bank API v2: one request an indicator and all countries; its errors come with the status 200."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, parse_json
from observatory.sources.figures import (
    ValuesByKey,
    ValuesByPeriod,
    add_value,
    build_figures,
    parse_period,
    parse_value,
)
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_PAGE_SIZE = "20000"  # rows; sixty years of every country are 16,000


def build_requests(recipes: Sequence[RefreshRecipe], window: Window) -> list[Request]:
    """The first page of each indicator of a recipe."""
    return merge_requests(
        Request(
            recipe.host,
            f"/v2/country/{';'.join(series.key for series in recipe.series)}/indicator/{name}",
            (("format", "json"), ("per_page", _PAGE_SIZE), ("date", f"1960:{window.today.year}")),
            "application/json",
            serves=(recipe.indicator,),
        )
        for recipe in recipes
        for name in recipe.dataset.split("+")
    )


def follow_pages(_recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[Request]:
    """The further pages that first pages announce."""
    further = []
    for answer in answers:
        pages = min(_read_head(answer, "pages"), 50)
        if "page" not in dict(answer.request.params):
            params = answer.request.params
            further += [replace(answer.request, params=(*params, ("page", str(k)))) for k in range(2, pages + 1)]
    return further


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The values of all countries; a share of GDP is turned into an amount."""
    names = recipe.dataset.split("+")
    tables: dict[str, ValuesByKey] = {name: {series.key: {} for series in recipe.series} for name in names}
    for name in names:
        pages = [answer for answer in answers if answer.request.path.endswith(f"/{name}")]
        seen = {_read_head(answer, "page") for answer in pages}
        total = _read_head(pages[0], "pages") if pages else 1
        if seen != set(range(1, total + 1)):
            raise SourceError("error.source.incomplete", seen=len(seen), wanted=total)
        for answer in pages:
            _read_page(name, recipe, answer, tables[name])
    if recipe.rule == "share_of_gdp":
        share, gdp = (tables[name] for name in names)
        return build_figures(recipe, {key: _multiply(share[key], gdp[key]) for key in share})
    return build_figures(recipe, tables[names[0]])


def _parse_page(answer: Answer) -> tuple[dict[str, Any], list[Any]]:
    body = parse_json(decode_text(answer))
    match body:
        case [dict() as head, list() as rows]:
            return head, rows
    raise SourceError("error.source.layout", seen=type(body).__name__)


def _read_head(answer: Answer, key: str) -> int:
    number = _parse_page(answer)[0].get(key)
    if not isinstance(number, Decimal) or not 0 < number < 100_000:
        raise SourceError("error.source.attribute", name=key, wanted="1", seen=str(number)[:60])
    return int(number)


def _read_page(name: str, recipe: RefreshRecipe, answer: Answer, values: ValuesByKey) -> None:
    for row in _parse_page(answer)[1]:
        match row:
            case {"indicator": {"id": str() as seen}, "country": {"id": str() as country}, "date": str() as year}:
                if seen != name:
                    raise SourceError("error.source.attribute", name="indicator", wanted=name, seen=seen[:60])
            case _:
                raise SourceError("error.source.layout", seen=str(row)[:180])
        for key in {row.get("countryiso3code", ""), country} & values.keys():
            add_value(values, key, parse_period(year, recipe.frequency), parse_value(row.get("value")))


def _multiply(share: ValuesByPeriod, gdp: ValuesByPeriod) -> ValuesByPeriod:
    return {period: share[period] / 100 * gdp[period] / 1_000_000 for period in share.keys() & gdp.keys()}
