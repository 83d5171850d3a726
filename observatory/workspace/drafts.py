"""Drafts: the report on a file on top of a vintage, and the effects of publishing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from observatory.catalogue.codec import (
    FORECAST_PREFIX,
    NAME_IN_FILE_KEY,
    apply_facts,
    diff_knowhow,
    encode_forecasts,
    encode_indicator,
)
from observatory.catalogue.indicator_input import build_indicator_facts, slugify
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import FREQUENCIES
from observatory.ingest.examine import examine_file
from observatory.ingest.report import Choices, Report
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook
from observatory.store.records import Vintage, VintageBatch
from observatory.store.uploads import UploadDraft
from observatory.timeseries import SeriesKey, find_value
from observatory.workspace.editions import PreparedEdition


@dataclass(frozen=True)
class DraftPreview:
    """The effects of publishing a draft on `base_outlook`; `prepared` is None if there is nothing to publish.

    `unchanged_count` counts figures (or know-how, or forecasts of others) of the file that are published already,
    `changed_count` those that are not; `duplicate` is a vintage made from the same file.
    """

    draft: UploadDraft
    report: Report
    base_outlook: Outlook
    prepared: PreparedEdition | None
    changes: OutlookDiff
    unchanged_count: int
    duplicate: Vintage | None

    @property
    def changed_count(self) -> int:
        """The number of figures (or know-how, or forecasts of others) that publishing would change."""
        if self.prepared is None:
            return 0
        batch = self.prepared.batch
        return len(batch.observations) or _count_forecasts(batch) or len(batch.facts)


def parse_choices(draft: UploadDraft) -> Choices:
    """The analyst's answers to questions on the file of a draft."""
    values = {name: draft.choices.get(name, "") for name in Choices.__dataclass_fields__}
    return Choices(**values)


def skips_faulty_rows(draft: UploadDraft) -> bool:
    """Whether the lines with errors are to be left out, the others published."""
    return bool(draft.choices.get("without_faults"))


def examine_upload(
    name: str, content: bytes, before: Outlook, choices: Choices, facts: Mapping[str, Any], today: date
) -> Report:
    """The report on a file as seen from an outlook on a day, new indicators described by `facts`."""
    new = {
        indicator: row
        | {"title_en": row.get(NAME_IN_FILE_KEY, row["title_en"])}  # needed only to match the name that the file uses
        for indicator, row in facts.items()
        if indicator not in before.catalogue.indicators
    }
    return examine_file(
        name,
        content,
        apply_facts(before.catalogue.with_candidates(), new),
        published=before.panel,
        choices=choices,
        today=today,
    )


def build_draft_batch(report: Report, before: Outlook, draft: UploadDraft, now: datetime) -> VintageBatch:
    """The batch of what a report adds to an outlook: figures and facts of new indicators, know-how, or forecasts.

    The first figures of a candidate bring its facts, those of data/, as taken on the day of `now`.
    """
    rows: list[tuple[SeriesKey, str, float | None]] = [
        (key, row.period, row.value)
        for row in report.observations
        if find_value(before.panel, key := (row.indicator, row.geo, row.item), row.period) != row.value
    ]
    touched = {key[0] for key, _period, _value in rows}
    new = touched - before.catalogue.indicators.keys()
    candidates = {
        name: encode_indicator(_start_candidate(row, [key for key, _period, _value in rows if key[0] == name], now))
        for name, row in before.catalogue.candidates.items()
        if name in new
    }
    knowhow_facts = diff_knowhow(before.catalogue.knowhow, report.knowhow) if report.knowhow else {}
    known = {row.identity for row in before.catalogue.external_forecasts.rows}
    forecast_facts = encode_forecasts((row for row in report.forecasts if row.identity not in known), report.publishers)
    return VintageBatch(
        now,
        draft.who,
        "",
        "",
        report.sha256,
        rows,
        {
            **{name: row for name, row in draft.about.items() if name in new},
            **candidates,
            **knowhow_facts,
            **forecast_facts,
        },
        draft=draft.id,
    )


def _start_candidate(candidate: Indicator, keys: Sequence[SeriesKey], now: datetime) -> Indicator:
    """A candidate as an indicator: shown by its headline series, or by the first one that has figures."""
    headline = (candidate.headline_geo, candidate.headline_item)
    shown = {key[1:] for key in keys}
    geo, item = headline if headline in shown else min(shown)
    return replace(candidate, accessed=now.date(), headline_geo=geo, headline_item=item)


def count_unchanged(report: Report, batch: VintageBatch) -> int:
    """The number of figures (or know-how, or forecasts of others) of a report that are published already."""
    if report.knowhow:
        return report.accepted_count - sum(facts is not None for facts in batch.facts.values())
    return report.accepted_count - (len(batch.observations) or _count_forecasts(batch))


def _count_forecasts(batch: VintageBatch) -> int:
    return sum(name.startswith(FORECAST_PREFIX) for name in batch.facts)


def infer_facts(
    name: str, content: bytes, before: Outlook, choices: Choices, stranger: str, today: date
) -> dict[str, Any]:
    """Facts inferred from a file on an unknown indicator: its frequency, its headline place and item.

    The frequency is the one under which most of its lines can be read, with the fewest gaps.
    """
    best: tuple[int, int, dict[str, Any]] = (0, 0, {})
    for frequency in FREQUENCIES:
        candidate, _faults = build_indicator_facts(
            slugify(stranger),
            {"title": stranger, "unit": "?", "segment": next(iter(before.catalogue.segments)), "role": "market"},
            before.catalogue,
            {"frequency": frequency, "headline_geo": "WORLD", "source": next(iter(before.catalogue.sources))},
            before.day,
            name,
        )
        assert candidate is not None
        report = examine_upload(name, content, before, choices, {slugify(stranger): candidate}, today)
        rows = [row for row in report.observations if row.indicator == slugify(stranger)]
        gaps = sum(row.code == "gap" for row in report.findings)
        if rows and (len(rows), -gaps) > best[:2]:
            keys = sorted({(row.geo, row.item) for row in rows}, key=lambda key: (key[1] != "", key[0] != "WORLD", key))
            facts = {"frequency": frequency, "headline_geo": keys[0][0], "headline_item": keys[0][1]}
            best = (len(rows), -gaps, facts)
    return best[2]
