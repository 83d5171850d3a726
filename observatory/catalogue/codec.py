"""JSON encoding of the facts of indicators and know-how, which the store keeps with each vintage."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from observatory.catalogue.models import Catalogue, DataSource, Gap, Indicator, KnowHow

_OWN_SOURCE_KEY = "own_source"  # the key of a source that only this indicator brings
NAME_IN_FILE_KEY = "named"  # the key of what the file that brought it calls it
KNOWHOW_PREFIX = "knowhow/"  # begins the name of the facts of a know-how; no indicator has such an id

FactsById = Mapping[str, Mapping[str, Any] | None]  # by the id of an indicator, or KNOWHOW and that of a know-how


def encode_indicator(indicator: Indicator, source: DataSource | None = None) -> dict[str, Any]:
    """The facts of an indicator as JSON values, with its source if data/ does not have it."""
    facts = asdict(indicator) | {"accessed": indicator.accessed.isoformat()}
    return facts if source is None else facts | {_OWN_SOURCE_KEY: asdict(source)}


def decode_indicator(facts: Mapping[str, Any]) -> Indicator:
    """The inverse of `encode_indicator`."""
    values = {name: value for name, value in facts.items() if name not in (_OWN_SOURCE_KEY, NAME_IN_FILE_KEY)}
    values["accessed"] = date.fromisoformat(values["accessed"])
    values["source_files"] = tuple(values["source_files"])
    values["gaps"] = tuple(Gap(**gap) for gap in values["gaps"])
    return Indicator(**values)


def apply_facts(catalogue: Catalogue, facts: FactsById) -> Catalogue:
    """The catalogue with the indicators and know-how of a vintage; None removes one.

    A candidate that is one of the indicators is no candidate any more.
    """
    present = {name: row for name, row in facts.items() if row is not None}
    indicators = {name: row for name, row in catalogue.indicators.items() if name not in facts}
    indicators |= {name: decode_indicator(row) for name, row in present.items() if not name.startswith(KNOWHOW_PREFIX)}
    knowhow = {name: row for name, row in catalogue.knowhow.items() if KNOWHOW_PREFIX + name not in facts}
    knowhow |= {row["id"]: decode_knowhow(row) for name, row in present.items() if name.startswith(KNOWHOW_PREFIX)}
    own_sources = [DataSource(**row[_OWN_SOURCE_KEY]) for row in present.values() if _OWN_SOURCE_KEY in row]
    return replace(
        catalogue,
        indicators=dict(sorted(indicators.items())),
        sources={**catalogue.sources, **{row.id: row for row in own_sources}},
        knowhow=dict(sorted(knowhow.items(), key=lambda pair: (pair[1].rank, pair[0]))),
        candidates={name: row for name, row in catalogue.candidates.items() if name not in indicators},
    )


def strip_facts(catalogue: Catalogue) -> Catalogue:
    """The catalogue without what vintages bring: segments, sources, geographies, items, events."""
    return replace(catalogue, indicators={}, knowhow={})


def diff_knowhow(before: Mapping[str, KnowHow], after: Iterable[KnowHow]) -> dict[str, dict[str, Any] | None]:
    """The facts that differ between two sets of know-how; None for those removed."""
    rows = {row.id: row for row in after}
    removed: dict[str, dict[str, Any] | None] = {KNOWHOW_PREFIX + name: None for name in before if name not in rows}
    return removed | {
        KNOWHOW_PREFIX + name: encode_knowhow(row) for name, row in rows.items() if before.get(name) != row
    }


def encode_knowhow(knowhow: KnowHow) -> dict[str, Any]:
    """A know-how as JSON values."""
    lists = {"core": list(knowhow.core), "some": list(knowhow.some)}
    return asdict(knowhow) | lists | {"judged": knowhow.judged.isoformat()}


def decode_knowhow(facts: Mapping[str, Any]) -> KnowHow:
    """The inverse of `encode_knowhow`."""
    lists = {name: tuple(facts[name]) for name in ("core", "some")}
    return KnowHow(**{**facts, **lists, "judged": date.fromisoformat(facts["judged"])})
