"""What publishing a batch leads to, computed before a line of it is written: panel, forecasts, calls, studies."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from observatory.catalogue.codec import KNOWHOW_PREFIX, apply_facts, strip_facts
from observatory.catalogue.models import Catalogue
from observatory.errors import StoreError
from observatory.forecast import panel as forecasting
from observatory.forecast.cross_validation import build_tasks
from observatory.outlook import time_machine
from observatory.outlook.calls.calls import Call, compute_calls, fit_rule
from observatory.outlook.outlook import Outlook
from observatory.store.records import StoredCall, Vintage, VintageBatch
from observatory.store.store import Store
from observatory.timeseries import Forecast, SeriesKey, apply_changes, find_value

ProgressCallback = Callable[[str, float], None]  # a step's message key and the part done, 0 to 1


def ignore_progress(_step: str, _done: float) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True)
class PreparedEdition:
    """A batch on top of a vintage (`parent`, None for the first), and the outlook as it would then be (number 0).

    `expected` are the forecasts to store: those that are not what the parent shows already.
    """

    parent: int | None
    batch: VintageBatch
    outlook: Outlook
    new_forecasts: tuple[Forecast, ...]
    calls: tuple[StoredCall, ...]


def prepare_edition(
    catalogue: Catalogue, batch: VintageBatch, before: Outlook | None, progress: ProgressCallback = ignore_progress
) -> PreparedEdition:
    """Everything that a batch leads to; `catalogue` gives the nouns that no batch brings (segments, places, items)."""
    known = apply_facts(before.catalogue if before is not None else strip_facts(catalogue), batch.facts)
    at = batch.at if before is None else max(batch.at, before.published_at)
    if before is not None and _has_only_knowhow(batch):
        after = replace(before, edition=0, published_at=at, catalogue=known)
        return PreparedEdition(
            before.edition, batch, after, (), tuple(_to_stored_call(row) for row in before.calls.values())
        )
    progress("progress.forecasting", 0.0)
    panel = apply_changes(before.panel if before is not None else {}, batch.observations)
    expected = forecasting.forecast_tasks(
        build_tasks(known, panel), at.date(), lambda done: progress("progress.forecasting", 0.5 * done)
    )
    progress("progress.calling", 0.5)
    seen = fit_rule(known, panel, at.date(), lambda done: progress("progress.calling", 0.5 + 0.1 * done))
    said = compute_calls(seen, at.date())
    study = time_machine.build_study(known, panel, at.date(), seen, expected, said)
    progress("progress.calling", 0.95)
    old: Mapping[SeriesKey, Forecast] = before.forecasts if before is not None else {}
    after = Outlook(
        edition=0,
        published_at=at,
        catalogue=known,
        panel=panel,
        forecasts={row.key: row for row in expected},
        calls={(row.segment, row.horizon): row for row in said},
        study=study,
    )
    return PreparedEdition(
        before.edition if before is not None else None,
        batch,
        after,
        tuple(row for row in expected if not is_same_forecast(row, old.get(row.key))),
        tuple(_to_stored_call(row) for row in said),
    )


def _has_only_knowhow(batch: VintageBatch) -> bool:
    """Whether a batch says nothing that a forecast or a call is made of: know-how alone."""
    return not batch.observations and bool(batch.facts) and all(name.startswith(KNOWHOW_PREFIX) for name in batch.facts)


def _to_stored_call(call: Call) -> StoredCall:
    return StoredCall(call.segment, call.horizon, call.call, call.to_details())


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


def build_revert_batch(store: Store, vintage: Vintage, before: Outlook) -> VintageBatch:
    """What undoes a vintage: each value that it brought and that still stands goes back to what it was before.

    What a later vintage has said since stays. Raises StoreError if there is nothing to undo, or nothing before it.
    """
    parent = next((row for row in store.vintages() if row.id == vintage.parent), None)
    if parent is None:
        raise StoreError("error.revert.first", id=vintage.id)
    older = {(row.indicator, row.geo, row.item, row.period): row.value for row in store.observations(parent)}
    rows: list[tuple[SeriesKey, str, float | None]] = []
    for key, period, value in store.changed_observations(vintage):
        now, then = find_value(before.panel, key, period), older.get((*key, period))
        if now == value and now != then:
            rows.append((key, period, then))
    facts = _find_facts_to_restore(store, vintage, parent, before.edition)
    if not rows and not facts:
        raise StoreError("error.revert.nothing", id=vintage.id)
    sha256 = hashlib.sha256(repr((vintage.id, rows)).encode()).hexdigest()
    return VintageBatch(datetime.now(UTC), "", "", "", sha256, rows, facts, reverts=vintage.id)


def _find_facts_to_restore(
    store: Store, vintage: Vintage, parent: Vintage, head: int
) -> dict[str, Mapping[str, Any] | None]:
    """The facts that a vintage changed and that still stand in the vintage of number `head`, as they were before it."""
    newest, older = store.facts(next(row for row in store.vintages() if row.id == head)), store.facts(parent)
    return {
        name: older.get(name)
        for name, facts in store.changed_facts(vintage).items()
        if newest.get(name) == facts and older.get(name) != facts
    }
