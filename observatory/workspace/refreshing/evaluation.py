"""Evaluation of what a run collected: by indicator published, unchanged, held back or failed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from observatory.catalogue.codec import encode_indicator
from observatory.catalogue.models import Catalogue
from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.ingest.report import Choices
from observatory.outlook.outlook import Outlook
from observatory.sources.collection import Collected
from observatory.store.refreshes import Reason, RefreshState
from observatory.timeseries import SeriesKey, TimeSeries, apply_changes
from observatory.workspace.drafts import examine_upload
from observatory.workspace.refreshing.comparison import Comparison, compare_figures
from observatory.workspace.refreshing.derived import compute_derived
from observatory.workspace.refreshing.guards import find_hold_reason

CHOICES: Mapping[str, str] = {"decimal": "."}  # what the files written here need not leave open
_HEADER = "indicator,geo,item,period,value\n"
_MAX_PERCENT_NOTED = 0.05  # revisions above are named in the result, though published


@dataclass(frozen=True)
class Evaluated:
    """What becomes of an indicator. `comparison` is None where nothing was read."""

    recipe: RefreshRecipe
    state: RefreshState
    comparison: Comparison | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Evaluation:
    """What becomes of all indicators that were asked for, on top of an outlook.

    `about` has the facts of those that the outlook does not know yet, `panel` the figures as they would be.
    """

    rows: tuple[Evaluated, ...]
    panel: Mapping[SeriesKey, TimeSeries]
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def list_changes(self) -> list[tuple[SeriesKey, str, float]]:
        """The figures to publish."""
        return _list_changes(self.rows)

    def select_facts(self, changes: Sequence[tuple[SeriesKey, str, float]]) -> dict[str, Mapping[str, Any]]:
        """The facts of new indicators that these figures are of."""
        touched = {key[0] for key, _period, _value in changes}
        return {name: facts for name, facts in self.about.items() if name in touched}


def evaluate(
    collected: Iterable[Collected],
    derived: Iterable[RefreshRecipe],
    catalogue: Catalogue,
    outlook: Outlook,
    today: date,
) -> Evaluation:
    """What becomes of each indicator: compared with an outlook, held where a guard or a rule of uploads says so."""
    about = {
        name: encode_indicator(facts)
        for name, facts in catalogue.indicators.items()
        if name not in outlook.catalogue.indicators and name in catalogue.recipes
    }
    rows = [_evaluate_one(row, outlook.panel, today) for row in collected]
    rows = _hold_refused(rows, outlook, about, today)
    panel = apply_changes(outlook.panel, _list_changes(rows))
    computed = [_evaluate_one(_collect_derived(recipe, panel), outlook.panel, today) for recipe in derived]
    if any(row.state == "fresh" for row in computed):
        computed = _hold_refused(computed, outlook, about, today)
        panel = apply_changes(panel, _list_changes(computed))
    return Evaluation((*rows, *computed), panel, about)


def write_csv(changes: Iterable[tuple[SeriesKey, str, float]]) -> bytes:
    """Figures as a long file of the house, as an analyst would upload it."""
    lines = (f"{','.join(key)},{period},{Decimal(repr(value)):f}\n" for key, period, value in changes)
    return (_HEADER + "".join(lines)).encode()


def _collect_derived(recipe: RefreshRecipe, panel: Mapping[SeriesKey, TimeSeries]) -> Collected:
    try:
        return Collected(recipe, figures=tuple(compute_derived(recipe, panel)))
    except SourceError as fault:
        return Collected(recipe, fault=fault)


def _evaluate_one(row: Collected, panel: Mapping[SeriesKey, TimeSeries], today: date) -> Evaluated:
    if row.fault is not None:
        return Evaluated(row.recipe, "failed", reason=Reason(row.fault.key, row.fault.values))
    if row.is_unchanged:
        return Evaluated(row.recipe, "unchanged")
    comparison = compare_figures(row.recipe, row.figures, panel, today)
    reason = find_hold_reason(comparison, row.recipe)
    if reason is not None:
        return Evaluated(row.recipe, "held", comparison, reason)
    if not comparison.has_changes:
        return Evaluated(row.recipe, "unchanged", comparison)
    return Evaluated(row.recipe, "fresh", comparison, _note_revision(comparison))


def _note_revision(comparison: Comparison) -> Reason | None:
    """The largest revision, if it is worth a note."""
    changes = [
        abs(value / row.published[place] - 1)
        for row in comparison.series
        for place, value in row.revised.items()
        if row.published[place]
    ]
    largest = max(changes, default=0.0)
    if largest <= _MAX_PERCENT_NOTED:
        return None
    return Reason("refresh.note.revision", {"count": comparison.revised_count, "percent": round(100 * largest, 1)})


def _list_changes(rows: Iterable[Evaluated]) -> list[tuple[SeriesKey, str, float]]:
    return [
        change
        for row in rows
        if row.state == "fresh" and row.comparison is not None
        for change in row.comparison.list_changes()
    ]


def _hold_refused(
    rows: Sequence[Evaluated], outlook: Outlook, about: Mapping[str, Mapping[str, Any]], today: date
) -> list[Evaluated]:
    """The rows with those held whose figures an upload would refuse: the rules of uploads hold for everybody."""
    changes = _list_changes(rows)
    if not changes:
        return list(rows)
    touched = {key[0] for key, _period, _value in changes}
    facts = {name: row for name, row in about.items() if name in touched}
    report = examine_upload("collected.csv", write_csv(changes), outlook, Choices(**CHOICES), facts, today)
    refused: dict[str, Reason] = {}
    for finding in report.findings:
        if finding.level == "error":
            reason = Reason("refresh.held.rule", {"rule": finding.code, "value": finding.value})
            names = touched if finding.line is None else {changes[finding.line - 2][0][0]}
            refused = {**dict.fromkeys(names, reason), **refused}
    return [
        Evaluated(row.recipe, "held", row.comparison, refused[row.recipe.indicator])
        if row.state == "fresh" and row.recipe.indicator in refused
        else row
        for row in rows
    ]
