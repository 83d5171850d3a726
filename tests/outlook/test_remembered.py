"""An outlook that remembers what it computed before is the one that is computed from nothing, to the last bit."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from observatory.catalogue.models import Catalogue
from observatory.memo import forget_all
from observatory.outlook.build import Evidence, build_outlook
from observatory.outlook.outlook import Outlook
from observatory.timeseries import SeriesKey, TimeSeries

_SEGMENTS = ("space", "helicopters", "purchasing")  # monthly, quarterly and annual series, and inputs
_MOMENT = datetime(2026, 12, 1, tzinfo=UTC)
Panel = Mapping[SeriesKey, TimeSeries]


def revise(panel: Panel, indicator: str, *, extra: int = 0, back: int = 0) -> Panel:
    """A panel in which a figure of an indicator, `back` before its newest, is another, or has `extra` more or fewer."""
    key = next(key for key in panel if key[0] == indicator)
    row = panel[key]
    values = row.values[: len(row.values) + min(extra, 0)].copy()
    values[-1 - back] *= 1.01
    values = np.append(values, np.full(max(extra, 0), values[-1]))
    return {**panel, key: replace(row, values=values)}


def describe(outlook: Outlook) -> dict[str, Any]:
    """All that is computed, as plain values with all their bits."""
    forecasts = {
        key: [value.tobytes() if isinstance(value, np.ndarray) else repr(value) for value in _list_values(row)]
        for key, row in outlook.forecasts.items()
    }
    calls = {key: repr(row.to_details()) for key, row in outlook.calls.items()}
    return {"forecasts": forecasts, "calls": calls, "study": repr(outlook.study.as_json())}


def _list_values(row: Any) -> list[Any]:
    values = [getattr(row, part.name) for part in fields(row) if part.name != "past_forecasts"]
    return [*values, *row.past_forecasts]


@pytest.mark.slow
def test_a_changed_figure_gives_what_a_computation_from_nothing_gives(outlook: Outlook) -> None:
    """A revised year, a revised month, a new month, a figure that was taken back, an input: bit for bit the same."""
    catalogue = outlook.catalogue
    panel = {key: row for key, row in outlook.panel.items() if catalogue.indicators[key[0]].segment in _SEGMENTS}
    assert {row.frequency for row in panel.values()} >= {"A", "M"}
    changes = {
        "year": revise(panel, "esa_budget"),
        "month": revise(panel, "orbital_launches"),
        "new month": revise(panel, "orbital_launches", extra=1),
        "taken back": revise(panel, "payloads_launched", extra=-1),
        "input": revise(panel, "aluminium_price"),
    }

    _compare(catalogue, panel, {name: Evidence(catalogue, changed) for name, changed in changes.items()})


@pytest.mark.slow
def test_other_facts_and_old_figures_give_what_a_computation_from_nothing_gives(outlook: Outlook) -> None:
    """Figures of a currency and of ten years ago, a series that is gone, a lag and a kind: bit for bit the same."""
    catalogue = outlook.catalogue
    panel = {key: row for key, row in outlook.panel.items() if catalogue.indicators[key[0]].segment in _SEGMENTS}
    launches, budget = catalogue.indicators["orbital_launches"], catalogue.indicators["esa_budget"]
    late = replace(launches, publication_lag_months=launches.publication_lag_months + 3)
    stock = replace(budget, kind="stock" if budget.kind == "flow" else "flow")
    changes = {
        "currency": Evidence(catalogue, revise(panel, "eur_usd")),
        "ten years ago": Evidence(catalogue, revise(panel, "copper_price", back=120)),
        "gone": Evidence(catalogue, {key: row for key, row in panel.items() if key[0] != "aluminium_price"}),
        "lag": Evidence(replace(catalogue, indicators={**catalogue.indicators, late.id: late}), panel),
        "kind": Evidence(replace(catalogue, indicators={**catalogue.indicators, stock.id: stock}), panel),
    }
    _compare(catalogue, panel, changes)


def _compare(catalogue: Catalogue, panel: Panel, changes: Mapping[str, Evidence]) -> None:
    """Builds what is known, then each change after it with what is remembered, then each from nothing."""

    def build(evidence: Evidence) -> dict[str, Any]:
        return describe(build_outlook(evidence, edition=3, published_at=_MOMENT))

    build(Evidence(catalogue, panel))
    remembered = {name: build(evidence) for name, evidence in changes.items()}
    for name, evidence in changes.items():
        forget_all()
        assert build(evidence) == remembered[name], name
    assert len({repr(row) for row in remembered.values()}) == len(changes)
