"""CSV of the forecasts of others with what came, ours and the naive ones, and their scores as sentences."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from observatory.catalogue.periods import ordinal_to_period
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.export.csv.dialect import escape_formula, round_significant
from observatory.language import Localizer
from observatory.outlook.external.judging import ExternalRecord, JudgedForecast
from observatory.outlook.external.scores import ExternalScores, PairedErrors, find_lead, group_forecasts

COLUMNS = (
    *("publisher", "published", "target", "lead", "theirs", "ours", "naive", "outcome"),
    *("kind", "measure", "unit", "low", "high", "ours_low", "ours_high", "ours_known"),
    *("no_change", "last_growth", "mean_growth", "outcome_origin", "scored", "same_months", "call", "call_probability"),
    *("statement", "quantity", "series", "basis", "found", "outcome_source", "licence", "page", "quote", "note"),
)


def build_outlook_rows(record: ExternalRecord) -> list[dict[str, Any]]:
    """A row per forecast, in its own unit; None where something is not known.

    `naive` is the mean growth of ten years for a growth, no change for the rest. `scored` rows count in scores, in
    those of `same_months` ours knew as much.
    """
    return [_build_row(row, record) for row in record.rows]


def _build_row(row: JudgedForecast, record: ExternalRecord) -> dict[str, Any]:
    facts, publisher = row.forecast, record.publishers.get(row.forecast.publisher)
    is_growth = facts.measure in ("growth", "yearly_growth") and row.mean_growth is not None
    naive = row.mean_growth if is_growth else row.no_change
    values = {
        **{name: getattr(facts, name) for name in COLUMNS if hasattr(facts, name)},
        "publisher": publisher.title if publisher else facts.publisher,
        "lead": find_lead(row),
        "theirs": facts.value,
        "ours": row.own,
        "naive": naive,
        "outcome": row.outcome,
        "ours_low": row.own_low,
        "ours_high": row.own_high,
        "ours_known": None if row.own_known is None else ordinal_to_period(row.own_known, "M"),
        **{name: getattr(row, name) for name in ("no_change", "last_growth", "mean_growth", "outcome_origin", "call")},
        "scored": int(row.is_scored),
        "same_months": int(row.knows_same_months),
        "call_probability": row.call_chance,
        "series": SERIES_SEPARATOR.join(format_series_code(key) for key in facts.series),
        "licence": publisher.licence_en if publisher else "",
    }
    return {name: round_significant(value) if isinstance(value := values[name], float) else value for name in COLUMNS}


def write_outlooks_csv(record: ExternalRecord) -> bytes:
    """The CSV; unknown values are empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in build_outlook_rows(record):
        writer.writerow(
            {name: escape_formula(value) if isinstance(value, str) else value for name, value in row.items()}
        )
    return out.getvalue().encode()


def describe_outlook_scores(record: ExternalRecord, localizer: Localizer) -> Iterator[str]:
    """What was selected first, then lines by publisher and kind of figure, by lead time below each."""
    yield localizer.text("cli.outlooks.selection", n=len(record.rows), publishers=len(record.publishers))
    for group in group_forecasts(record.rows):
        title = record.publishers[group.publisher].title if group.publisher in record.publishers else group.publisher
        name = " ".join(part for part in (title, group.measure, group.subject) if part)
        yield _describe(name, group.scores, localizer)
        yield from (f"  {_describe(lead, scores, localizer)}" for lead, scores in group.lead_scores.items())
        if group.without_crisis is not None:
            yield f"  {_describe('without_2020', group.without_crisis, localizer)}"
        if group.told_then is not None:
            yield f"  {_describe('told_then', group.told_then, localizer)}"


def _describe(name: str, scores: ExternalScores, localizer: Localizer) -> str:
    others: Iterable[tuple[str, PairedErrors | None]] = (
        *scores.naive.items(),
        ("ours", scores.own),
        ("ours_with_less", scores.own_less),
    )
    figures = {
        label: localizer.number(value, 1)
        for label, value in (
            ("mean", scores.mean_error),
            ("absolute", scores.mean_absolute),
            ("median", scores.median_absolute),
        )
    }
    parts = [
        localizer.text("cli.outlooks.scores", name=name, n=scores.n, targets=scores.targets, **figures),
        *([localizer.text("cli.outlooks.held", held=scores.held, n=scores.ranges)] if scores.ranges else []),
        *(_describe_pair(label, pair, localizer) for label, pair in others if pair is not None),
    ]
    return "; ".join(parts)


def _describe_pair(label: str, pair: PairedErrors, localizer: Localizer) -> str:
    numbers = {name: localizer.number(getattr(pair, name), 1) for name in ("theirs", "other", "gain")}
    text = localizer.text("cli.outlooks.pair", name=label, n=pair.n, **numbers)
    if pair.low is None or pair.high is None:
        return text
    span = {name: localizer.number(getattr(pair, name), 1) for name in ("low", "high")}
    return f"{text} {localizer.text('cli.outlooks.range', **span, better=pair.better_years, years=pair.years)}"
