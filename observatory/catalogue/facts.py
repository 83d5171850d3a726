"""The facts of an indicator as JSON values and back, for the store, which keeps them with each vintage."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from observatory.catalogue.nouns import Catalogue, Gap, Indicator


def facts_of(indicator: Indicator) -> dict[str, Any]:
    """The facts of an indicator as JSON values."""
    return asdict(indicator) | {"accessed": indicator.accessed.isoformat()}


def indicator_of(facts: Mapping[str, Any]) -> Indicator:
    """The inverse of `facts_of`."""
    values = dict(facts)
    values["accessed"] = date.fromisoformat(values["accessed"])
    values["source_files"] = tuple(values["source_files"])
    values["gaps"] = tuple(Gap(**gap) for gap in values["gaps"])
    return Indicator(**values)


def with_facts(catalogue: Catalogue, facts: Mapping[str, Mapping[str, Any]]) -> Catalogue:
    """The catalogue with its indicators as a vintage knew them."""
    return replace(catalogue, indicators={name: indicator_of(row) for name, row in sorted(facts.items())})
