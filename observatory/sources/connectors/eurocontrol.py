"""EUROCONTROL, daily flights by State: a CSV file a year, of which complete months are added up."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, read_table, require_columns
from observatory.sources.figures import ValuesByKey, build_figures, parse_value, sum_complete_months
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_DAY, _STATE = "entry_date", "country_icao_code"


def build_requests(recipes: Sequence[RefreshRecipe], window: Window) -> list[Request]:
    """The files of the years in the window; that of the running year may not be there yet."""
    return merge_requests(
        Request(
            recipe.host,
            "/" + recipe.dataset.replace("{year}", str(year)),
            accept="text/csv",
            is_optional=year == window.today.year,
            serves=(recipe.indicator,),
        )
        for recipe in recipes
        for year in range(window.first_year, window.today.year + 1)
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """Monthly sums of the recipe's columns by State; months in which a State lacks a day are left out."""
    states = {part for series in recipe.series for part in series.key.split("+")}
    days: dict[str, dict[date, Decimal]] = {state: {} for state in states}
    for answer in answers:
        header, rows = read_table(decode_text(answer), is_framed=answer.is_framed)
        require_columns(header, [_DAY, _STATE, *recipe.columns])
        for row in rows:
            state = row[_STATE]
            if state not in states:
                continue
            day = parse_day(row[_DAY])
            cells = [parse_value(row[name]) for name in recipe.columns]
            value = sum((cell for cell in cells if cell is not None), Decimal(0))
            if None not in cells and days[state].setdefault(day, value) != value:
                raise SourceError("error.source.twice", series=state, period=day.isoformat())
    values: ValuesByKey = {state: sum_complete_months(rows) for state, rows in days.items() if rows}
    return build_figures(recipe, values)


def parse_day(text: str) -> date:
    """A day as 2026-01-31, with or without a time."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise SourceError("error.source.period", value=text[:60], frequency="D") from error
