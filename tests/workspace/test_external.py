"""Forecasts of others from edition to edition: judged when their figure comes, never in editions from before it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from observatory.briefs.common.context import Context
from observatory.catalogue.external_forecasts import ExternalForecasts
from observatory.export.documents.whats_new import draft_whats_new
from observatory.language import Localizer
from observatory.selection import DEFAULT_SELECTION
from observatory.workspace import Workspace
from tests.support.outlooks import PUBLISHER, build_forecasts
from tests.workspace.test_publishing import lines, publish


def find_outcome(workspace: Workspace, edition: int) -> tuple[float | None, bool]:
    """The outcome of the only forecast as an edition stores it, and whether it is scored there."""
    (row,) = workspace.get_outlook_by_number(edition).study.external_record.rows
    return row.outcome, row.is_scored


def test_a_forecast_is_judged_by_the_edition_that_brings_its_figure(small: Workspace, tmp_path: Path) -> None:
    """It has no outcome until the figure of its target is published, then it is scored; undoing takes that back."""
    told = {"statement": "a", "published": "2026-06", "target": "2026", "value": "820"}
    level = {"kind": "guidance", "measure": "level", "unit": "aircraft", "series": "airbus_deliveries.WORLD"}
    rows = build_forecasts(tmp_path, {**told, **level})
    small.catalogue = replace(small.catalogue, external_forecasts=ExternalForecasts({"toy": PUBLISHER}, rows))
    small.clock = lambda: datetime(2027, 5, 3, 12, tzinfo=UTC)
    by = small.access.open_operator_session("analyste")
    assert small.get_outlook_by_number(1).study.external_record.rows == ()
    before = publish(small, lines(y2025=794), by)
    after = publish(small, lines(y2026=800), by)
    assert find_outcome(small, before.id) == (None, False)
    assert find_outcome(small, after.id) == (800.0, True)
    (group,) = small.get_outlook_by_number(after.id).study.external_groups
    assert group.scores.mean_error == pytest.approx(2.5)
    undone = small.revert(after.id, "", by)
    assert find_outcome(small, undone.id) == (None, False)
    assert find_outcome(small, after.id) == (800.0, True)


def test_a_row_more_is_an_edition_of_its_own(small: Workspace, tmp_path: Path) -> None:
    """`publish --curated` brings rows that were added to a store that has the figures; once, and without a figure."""
    told = {"statement": "a", "published": "2024-06", "target": "2025", "value": "820"}
    level = {"kind": "guidance", "measure": "level", "unit": "aircraft", "series": "airbus_deliveries.WORLD"}
    assert small.publish_curated() is None
    moment = small.get_vintage().at + timedelta(hours=1)  # of another month, calls would be others
    small.clock = lambda: moment
    rows = build_forecasts(tmp_path, {**told, **level})
    small.catalogue = replace(small.catalogue, external_forecasts=ExternalForecasts({"toy": PUBLISHER}, rows))
    vintage = small.publish_curated()
    assert vintage is not None
    assert vintage.note_en == "Forecasts of others: 1 in the file, 1 in a new announcement."
    assert small.store.changed_observations(vintage) == []
    assert find_outcome(small, vintage.id) == (793.0, True)
    first, second = small.get_outlook_by_number(1), small.get_outlook_by_number(vintage.id)
    assert first.calls == second.calls
    assert first.study.external_record.rows == ()
    assert small.publish_curated() is None
    context = Context(second, DEFAULT_SELECTION, Localizer("en"), second.day)
    assert draft_whats_new(context, small).lead
