"""Checks of refresh recipes: the connector gets what it needs, places and items exist, periods fit the frequency."""

import difflib
from collections.abc import Iterable
from dataclasses import fields, replace

from observatory.catalogue.files import CANDIDATES_FOLDER, EditionFiles
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import parse_frequency
from observatory.catalogue.recipes import CONNECTORS, DERIVED, RefreshRecipe
from observatory.errors import Finding, MessageValue

_HOSTS_FILE = "refresh.toml"
_MEANINGFUL = {
    "first",
    "last",
    "decimals",
    "indicator",
    "frequency",
    "connector",
    "every",
    "state",
    "rule",
    "certainty",
}


def check_recipes(catalogue: Catalogue, _files: EditionFiles) -> list[Finding]:
    """All errors of all recipes and hosts."""
    findings = [
        _build_error("catalogue_bad_link", _HOSTS_FILE, f"{host.id}.{key}", address)
        for host in catalogue.refresh_hosts.values()
        for key, address in (("base", host.base), *(("also", address) for address in host.also))
        if not address.startswith("https://") or address.endswith("/")
    ]
    findings += [
        _build_error("catalogue_missing_key", _HOSTS_FILE, f"{host.id}.key_parameter", wanted="text")
        for host in catalogue.refresh_hosts.values()
        if host.key_variable and not host.key_parameter
    ]
    findings += [
        _build_error("catalogue_missing_key", f"{CANDIDATES_FOLDER}/{name}.toml", "refresh", wanted="table")
        for name in catalogue.candidates
        if name not in catalogue.recipes
    ]
    for recipe in catalogue.recipes.values():
        folder = "indicators" if recipe.indicator in catalogue.indicators else CANDIDATES_FOLDER
        errors = _check_keys(recipe) + _check_references(recipe, catalogue) + _check_periods(recipe)
        findings += [replace(error, file=f"{folder}/{error.file}") for error in errors]
    return findings


def _build_error(code: str, file: str, key: str, value: object = "", **values: MessageValue) -> Finding:
    return Finding("error", code, file, column=key, value=str(value)[:200], values=values)


def _recipe_error(code: str, recipe: RefreshRecipe, key: str, value: object = "", **values: MessageValue) -> Finding:
    return _build_error(code, f"{recipe.indicator}.toml", f"refresh.{key}", value, **values)


def _check_keys(recipe: RefreshRecipe) -> list[Finding]:
    """The rule is one of the connector's, what the connector needs is there, and nothing that it ignores."""
    traits = CONNECTORS[recipe.connector]
    findings = [
        _recipe_error("catalogue_missing_key", recipe, key, wanted=key)
        for key in traits.required
        if not getattr(recipe, key)
    ]
    if recipe.rule not in traits.rules:
        findings.append(
            _recipe_error("catalogue_not_allowed", recipe, "rule", recipe.rule, allowed=", ".join(traits.rules))
        )
    findings += [
        _recipe_error("catalogue_missing_key", recipe, f"expect.{name}", wanted="text")
        for name in traits.expected
        if recipe.expect and name not in recipe.expect
    ]
    findings += [
        _recipe_error("recipe_several", recipe, name, len(getattr(recipe, name)), connector=recipe.connector)
        for name in traits.single
        if len(getattr(recipe, name)) > 1
    ]
    if recipe.rule == "sum_of_rows" and len(recipe.columns) != 1:
        findings.append(_recipe_error("catalogue_missing_key", recipe, "columns", wanted="list"))
    if recipe.rule == "share_of_gdp" and recipe.dataset.count("+") != 1:
        findings.append(_recipe_error("recipe_two_datasets", recipe, "dataset", recipe.dataset))
    optional = _MEANINGFUL | ({"columns", "expect", "dataset"} if recipe.is_machine_readable else set())
    return findings + [
        _recipe_error("recipe_superfluous", recipe, row.name, connector=recipe.connector)
        for row in fields(RefreshRecipe)
        if getattr(recipe, row.name) and row.name not in {*optional, *traits.required}
    ]


def _check_references(recipe: RefreshRecipe, catalogue: Catalogue) -> list[Finding]:
    references: list[tuple[str, str, Iterable[str]]] = [
        ("series.geo", row.geo, catalogue.geographies) for row in recipe.series
    ]
    references += [("series.item", row.item, catalogue.items) for row in recipe.series if row.item]
    if recipe.host:
        references.append(("host", recipe.host, catalogue.refresh_hosts))
    if recipe.connector == DERIVED:
        references += [("series.key", key, catalogue.indicators) for row in recipe.series for key in row.key.split("+")]
    findings = [
        _recipe_error("catalogue_unknown_reference", recipe, key, value, near=_find_closest(value, defined))
        for key, value, defined in references
        if value not in defined
    ]
    places = [f"{row.geo} {row.item}".strip() for row in recipe.series]
    findings += [
        _recipe_error("recipe_series_twice", recipe, "series", place)
        for place in sorted({place for place in places if places.count(place) > 1})
    ]
    return findings


def _check_periods(recipe: RefreshRecipe) -> list[Finding]:
    frequency = recipe.frequency
    findings = [
        _recipe_error("recipe_bad_period", recipe, key, period, frequency=frequency)
        for key, period in (
            ("first", recipe.first),
            ("last", recipe.last),
            *(("series.skip", period) for row in recipe.series if row.skip for period in row.skip.split("/", 1)),
        )
        if period and parse_frequency(period) != frequency
    ]
    if recipe.decimals is not None and not 0 <= recipe.decimals <= 12:
        findings.append(_recipe_error("catalogue_not_allowed", recipe, "decimals", recipe.decimals, allowed="0-12"))
    return findings


def _find_closest(word: str, words: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)), "") or ", ".join(sorted(words))
