"""Editions: the outlook that publishing a batch leads to, computed before anything is written."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from observatory.catalogue.codec import (
    FORECAST_PREFIX,
    KNOWHOW_PREFIX,
    PUBLISHER_PREFIX,
    apply_facts,
    strip_facts,
)
from observatory.catalogue.models import Catalogue
from observatory.catalogue.real_vintages import RealVintage
from observatory.errors import StoreError
from observatory.outlook.build import Evidence, ProgressCallback, build_outlook, ignore_progress
from observatory.outlook.external.judging import judge_forecasts
from observatory.outlook.outlook import Outlook
from observatory.store.records import StoredCall, Vintage, VintageBatch
from observatory.store.store import Store
from observatory.timeseries import Forecast, SeriesKey, apply_changes, find_value


@dataclass(frozen=True)
class PreparedEdition:
    """A batch on top of a vintage (`parent`, None for the first), and the outlook as it would then be (number 0).

    `new_forecasts` are those to store: those that the parent does not show already.
    """

    parent: int | None
    batch: VintageBatch
    outlook: Outlook
    new_forecasts: tuple[Forecast, ...]
    calls: tuple[StoredCall, ...]


def prepare_edition(
    catalogue: Catalogue,
    batch: VintageBatch,
    before: Outlook | None,
    progress: ProgressCallback = ignore_progress,
    real_vintages: Sequence[RealVintage] = (),
) -> PreparedEdition:
    """The edition that a batch leads to; `catalogue` has the entities that no batch holds (segments, places).

    The record in real time stays that of the parent: real vintages come with a curated edition only.
    """
    parent = before.edition if before is not None else None
    catalogue = apply_facts(_take_facts(catalogue, before), batch.facts)
    at = batch.at if before is None else max(batch.at, before.published_at)
    if before is not None and _changes_no_forecast_of_ours(batch):
        outlook = replace(before, edition=0, published_at=at, catalogue=catalogue)
        if not all(name.startswith(KNOWHOW_PREFIX) for name in batch.facts):
            record = judge_forecasts(catalogue, before.panel, before.replayed_calls, real_vintages)
            outlook = replace(outlook, study=outlook.study.with_external_record(record))
        return PreparedEdition(parent, batch, outlook, (), _to_stored_calls(outlook))
    panel = apply_changes(before.panel if before is not None else {}, batch.observations)
    evidence = Evidence(catalogue, panel, real_vintages)
    outlook = build_outlook(evidence, edition=0, published_at=at, progress=progress)
    if before is not None and before.study.real_time.day:
        outlook = replace(outlook, study=outlook.study.with_real_time(before.study.real_time))
    old: Mapping[SeriesKey, Forecast] = before.forecasts if before is not None else {}
    new_forecasts = tuple(row for key, row in outlook.forecasts.items() if not is_same_forecast(row, old.get(key)))
    return PreparedEdition(parent, batch, outlook, new_forecasts, _to_stored_calls(outlook))


def _take_facts(catalogue: Catalogue, before: Outlook | None) -> Catalogue:
    """The entities of a catalogue with what editions brought to an outlook, and the sources of its indicators."""
    if before is None:
        return strip_facts(catalogue)
    known = before.catalogue
    sources = {**known.sources, **catalogue.sources}
    outlooks = catalogue.external_forecasts.with_added_of(known.external_forecasts)
    return replace(
        catalogue,
        indicators=known.indicators,
        knowhow=known.knowhow,
        sources=sources,
        external_forecasts=outlooks,
    )


def _changes_no_forecast_of_ours(batch: VintageBatch) -> bool:
    """Whether a batch holds only know-how and forecasts of others, of which we make no forecast and no call."""
    prefixes = (KNOWHOW_PREFIX, FORECAST_PREFIX, PUBLISHER_PREFIX)
    return not batch.observations and bool(batch.facts) and all(name.startswith(prefixes) for name in batch.facts)


def _to_stored_calls(outlook: Outlook) -> tuple[StoredCall, ...]:
    return tuple(StoredCall(row.segment, row.horizon, row.call, row.to_details()) for row in outlook.calls.values())


def is_same_forecast(one: Forecast, other: Forecast | None) -> bool:
    """Whether two forecasts show the same figures with the same record."""
    return other is not None and all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        if name in ("median", "low", "high")
        else getattr(one, name) == getattr(other, name)
        for name in (
            "status",
            "origin",
            "points",
            "reference",
            "median",
            "low",
            "high",
            "gain",
            "hits",
            "judged",
            "folds",
        )
    )


def build_revert_batch(store: Store, vintage: Vintage, before: Outlook, now: datetime) -> VintageBatch:
    """The batch that undoes a vintage: each of its values that is still current returns to the value before.

    Changes by later vintages stay. Raises StoreError if there is nothing to undo, or nothing before it.
    """
    parent = store.editions().by_number.get(vintage.parent or 0)
    if parent is None:
        raise StoreError("error.revert.first", id=vintage.id)
    older = {(row.indicator, row.geo, row.item, row.period): row.value for row in store.observations(parent)}
    rows: list[tuple[SeriesKey, str, float | None]] = []
    for key, period, value in store.changed_observations(vintage):
        current, former = find_value(before.panel, key, period), older.get((*key, period))
        if current == value and current != former:
            rows.append((key, period, former))
    facts = _find_facts_to_restore(store, vintage, parent, before.edition)
    if not rows and not facts:
        raise StoreError("error.revert.nothing", id=vintage.id)
    sha256 = hashlib.sha256(repr((vintage.id, rows)).encode()).hexdigest()
    return VintageBatch(now, "", "", "", sha256, rows, facts, reverts=vintage.id)


def _find_facts_to_restore(
    store: Store, vintage: Vintage, parent: Vintage, head: int
) -> dict[str, Mapping[str, Any] | None]:
    """The facts changed by a vintage and still current in the vintage of number `head`, as before the change."""
    newest, older = store.facts(store.editions().by_number[head]), store.facts(parent)
    restored = {
        name: older.get(name)
        for name, facts in store.changed_facts(vintage).items()
        if newest.get(name) == facts and older.get(name) != facts
    }
    return _settle_publishers({**newest, **restored}, restored)


def _settle_publishers(
    facts: Mapping[str, Mapping[str, Any] | None], restored: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, Mapping[str, Any] | None]:
    """What is restored, so that the publishers of forecasts of others are those that a forecast still has."""
    forecasts = [row for name, row in facts.items() if name.startswith(FORECAST_PREFIX) and row is not None]
    quoted = {PUBLISHER_PREFIX + row["publisher"] for row in forecasts}
    unused = {name: None for name in facts if name.startswith(PUBLISHER_PREFIX) and name not in quoted}
    if not any(name.startswith(FORECAST_PREFIX) for name in restored):
        return dict(restored)
    return {**{name: row for name, row in restored.items() if row is not None or name not in quoted}, **unused}
