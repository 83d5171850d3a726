"""The facts of an indicator or know-how as JSON values and back, for the store, which keeps them with each vintage."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from observatory.catalogue.nouns import Catalogue, Gap, Indicator, KnowHow, Source

OWN_SOURCE = "own_source"  # the key of a source that only this indicator brings
NAMED = "named"  # the key of what the file that brought it calls it


def facts_of(indicator: Indicator, source: Source | None = None) -> dict[str, Any]:
    """The facts of an indicator as JSON values, with its source if data/ does not have it."""
    facts = asdict(indicator) | {"accessed": indicator.accessed.isoformat()}
    return facts if source is None else facts | {OWN_SOURCE: asdict(source)}


def indicator_of(facts: Mapping[str, Any]) -> Indicator:
    """The inverse of `facts_of`."""
    values = {name: value for name, value in facts.items() if name not in (OWN_SOURCE, NAMED)}
    values["accessed"] = date.fromisoformat(values["accessed"])
    values["source_files"] = tuple(values["source_files"])
    values["gaps"] = tuple(Gap(**gap) for gap in values["gaps"])
    return Indicator(**values)


def with_facts(catalogue: Catalogue, facts: Mapping[str, Mapping[str, Any] | None]) -> Catalogue:
    """The catalogue with some indicators as a vintage says them; None takes one away."""
    found = {name: row for name, row in catalogue.indicators.items() if name not in facts}
    found |= {name: indicator_of(row) for name, row in facts.items() if row is not None}
    own = [Source(**row[OWN_SOURCE]) for row in facts.values() if row is not None and OWN_SOURCE in row]
    sources = {**catalogue.sources, **{row.id: row for row in own}}
    return replace(catalogue, indicators=dict(sorted(found.items())), sources=sources)


def without_indicators(catalogue: Catalogue) -> Catalogue:
    """The nouns that no vintage brings: segments, sources, places, items, events."""
    return replace(catalogue, indicators={})


def judged(knowhow: KnowHow) -> dict[str, Any]:
    """A know-how as JSON values."""
    return asdict(knowhow) | {"judged": knowhow.judged.isoformat()}


def knowhow_of(facts: Mapping[str, Any]) -> KnowHow:
    """The inverse of `judged`."""
    lists = {name: tuple(facts[name]) for name in ("core", "some")}
    return KnowHow(**{**facts, **lists, "judged": date.fromisoformat(facts["judged"])})
