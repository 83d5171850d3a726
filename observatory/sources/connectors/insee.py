"""INSEE, databank of macroeconomic series: structure-specific SDMX-ML, several series a request."""

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import iterate_elements, parse_xml, require_attributes
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window

_ACCEPT = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
_MAX_SERIES = 400  # of one request
_MISSING_STATUSES = ("O", "M", "L")


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """One request for all keys of a dataflow that differ in one place, which then lists its codes (30-30+33-16)."""
    rows = sorted({(recipe.host, recipe.dataset, series.key) for recipe in recipes for series in recipe.series})
    requests = []
    for (host, dataset), group in groupby(rows, lambda row: row[:2]):
        for merged, keys in _merge_keys([key for _host, _dataset, key in group]):
            serves = (
                recipe.indicator
                for recipe in recipes
                if (recipe.host, recipe.dataset) == (host, dataset) and keys & {series.key for series in recipe.series}
            )
            path = f"/series/sdmx/data/{dataset}/{merged}"
            requests.append(Request(host, path, accept=_ACCEPT, serves=tuple(serves)))
    return requests


def _merge_keys(keys: list[str]) -> list[tuple[str, set[str]]]:
    """Keys that differ in at most one dimension as one, each with the keys that it stands for."""
    merged: list[tuple[list[list[str]], set[str]]] = []
    for key in keys:
        parts = key.split(".")
        for dimensions, served in merged:
            places = [k for k, codes in enumerate(dimensions) if k < len(parts) and parts[k] not in codes]
            varied = [k for k, codes in enumerate(dimensions) if len(codes) > 1]
            if len(dimensions) == len(parts) and len({*places, *varied}) <= 1 and len(served) < _MAX_SERIES:
                for place in places:
                    dimensions[place].append(parts[place])
                served.add(key)
                break
        else:
            merged.append(([[part] for part in parts], {key}))
    return [(".".join("+".join(codes) for codes in dimensions), served) for dimensions, served in merged]


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The one series whose attributes are those that the recipe expects. A series that has been stopped is refused."""
    rows = [row for answer in answers for row in iterate_elements(parse_xml(answer), "Series")]
    if not rows:
        raise SourceError("error.source.no_figures", series=recipe.dataset[:60])
    matches = [row for row in rows if all(row.get(name) == wanted for name, wanted in recipe.expect.items())]
    if not matches:
        closest = max(rows, key=lambda row: sum(row.get(name) == wanted for name, wanted in recipe.expect.items()))
        require_attributes(closest, recipe.expect.items())
    if len(matches) > 1:
        titles = ", ".join(row.get("IDBANK", "") for row in matches)
        raise SourceError("error.source.ambiguous", count=len(matches), seen=titles[:180])
    (row,) = matches
    if row.get("SERIE_ARRETEE", "FALSE").upper() == "TRUE":
        raise SourceError("error.source.stopped", series=row.get("IDBANK", "")[:60])
    return build_figures(recipe, _read_observations(row, recipe), has_parts=False)


def _read_observations(row: Element, recipe: RefreshRecipe) -> ValuesByKey:
    values: ValuesByKey = {recipe.series[0].key: {}}
    for observation in iterate_elements(row, "Obs"):
        if observation.get("OBS_STATUS") in _MISSING_STATUSES:
            continue
        if observation.get("OBS_VALUE") is None:
            raise SourceError("error.source.column", wanted="OBS_VALUE", seen=", ".join(observation.keys())[:180])
        period = parse_period(observation.get("TIME_PERIOD", ""), recipe.frequency)
        add_value(values, recipe.series[0].key, period, parse_value(observation.get("OBS_VALUE")))
    return values
