"""A file that somebody means to publish: its report on top of a vintage, and what publishing it would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from observatory.catalogue.codec import NAMED, rejudged, with_facts
from observatory.catalogue.indicator_input import about, slug
from observatory.catalogue.periods import FREQUENCIES
from observatory.ingest.examine import examine
from observatory.ingest.report import Choices, Report
from observatory.outlook.analysis.diff import Changes
from observatory.outlook.outlook import Outlook
from observatory.store.records import Batch, Vintage
from observatory.store.uploads import Draft
from observatory.timeseries import Key, value_at
from observatory.workspace.editions import Prepared


@dataclass(frozen=True)
class Preview:
    """What publishing a draft would do to `before`; `prepared` is None where there is nothing to publish.

    `unchanged` counts figures (or know-how) of the file that are published already, `ready` those that are not,
    `twin` is a vintage made from the same file.
    """

    draft: Draft
    report: Report
    before: Outlook
    prepared: Prepared | None
    changes: Changes
    unchanged: int
    twin: Vintage | None

    @property
    def ready(self) -> int:
        """How many figures, or else how much know-how, publishing would change; 0 if there is nothing to publish."""
        batch = self.prepared.batch if self.prepared is not None else None
        return len(batch.observations) or len(batch.facts) if batch is not None else 0


def choices_of(draft: Draft) -> Choices:
    """What a person settled about the file of a draft."""
    known = {name: draft.choices.get(name, "") for name in Choices.__dataclass_fields__}
    return Choices(**known)


def without_faults(draft: Draft) -> bool:
    """Whether the lines with errors are to be left out, the others published."""
    return bool(draft.choices.get("without_faults"))


def seen_from(name: str, content: bytes, before: Outlook, choices: Choices, facts: Mapping[str, Any]) -> Report:
    """The report on a file as seen from an outlook, new indicators described by `facts`."""
    new = {
        indicator: row | {"title_en": row.get(NAMED, row["title_en"])}  # only to find it by the name that the file uses
        for indicator, row in facts.items()
        if indicator not in before.catalogue.indicators
    }
    return examine(
        name,
        content,
        with_facts(before.catalogue, new),
        known=before.panel,
        choices=choices,
        today=datetime.now(UTC).date(),
    )


def batch_of(
    report: Report, before: Outlook, facts: Mapping[str, Any], who: str, note: str, draft: int | None
) -> Batch:
    """What a report says that an outlook does not: figures and the facts of their new indicators, or know-how."""
    rows: list[tuple[Key, str, float | None]] = [
        (key, row.period, row.value)
        for row in report.observations
        if value_at(before.panel, key := (row.indicator, row.geo, row.item), row.period) != row.value
    ]
    touched = {key[0] for key, _period, _value in rows}
    new = {name: row for name, row in facts.items() if name in touched and name not in before.catalogue.indicators}
    judged = rejudged(before.catalogue.knowhow, report.knowhow) if report.knowhow else {}
    return Batch(datetime.now(UTC), who, note, note, report.sha256, rows, {**new, **judged}, draft=draft)


def unchanged_in(report: Report, batch: Batch) -> int:
    """How many figures, or how much know-how, of a report its batch leaves as they are published."""
    told = sum(facts is not None for facts in batch.facts.values()) if report.knowhow else len(batch.observations)
    return report.accepted - told


def inferred(name: str, content: bytes, before: Outlook, choices: Choices, stranger: str) -> dict[str, Any]:
    """What a file says of an indicator that nobody watches yet: its frequency, its first place and item.

    The frequency is the one under which most of its lines can be read, with the fewest gaps.
    """
    best: tuple[int, int, dict[str, Any]] = (0, 0, {})
    for frequency in FREQUENCIES:
        made, _faults = about(
            slug(stranger),
            {"title": stranger, "unit": "?", "segment": next(iter(before.catalogue.segments)), "role": "market"},
            before.catalogue,
            {"frequency": frequency, "headline_geo": "WORLD", "source": next(iter(before.catalogue.sources))},
            before.day,
            name,
        )
        assert made is not None
        report = seen_from(name, content, before, choices, {slug(stranger): made})
        rows = [row for row in report.observations if row.indicator == slug(stranger)]
        gaps = sum(row.code == "gap" for row in report.findings)
        if rows and (len(rows), -gaps) > best[:2]:
            keys = sorted({(row.geo, row.item) for row in rows}, key=lambda key: (key[1] != "", key[0] != "WORLD", key))
            facts = {"frequency": frequency, "headline_geo": keys[0][0], "headline_item": keys[0][1]}
            best = (len(rows), -gaps, facts)
    return best[2]
