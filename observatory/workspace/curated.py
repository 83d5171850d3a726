"""The curated edition under data/: its reports, what is wrong with it, and the batch that publishes it."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from observatory.catalogue import loader
from observatory.catalogue.codec import facts_of, rejudged
from observatory.catalogue.models import Catalogue
from observatory.errors import CatalogueError, Finding
from observatory.ingest.examine import examine_curated
from observatory.ingest.report import Report
from observatory.outlook.outlook import Outlook
from observatory.settings import Settings
from observatory.store.records import Batch
from observatory.timeseries import value_at


def curated_reports(catalogue: Catalogue, settings: Settings) -> list[Report]:
    """The report on every file of figures under data/."""
    return [_curated_report(catalogue, name, settings.data / "observations") for name in catalogue.indicators]


def _curated_report(catalogue: Catalogue, name: str, folder: Path) -> Report:
    try:
        content = (folder / f"{name}.csv").read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        found = Finding("error", "catalogue_unreadable", f"observations/{name}.csv", value=why)
        return Report(name, "", findings=(found,))
    return examine_curated(name, content, catalogue)


def check(settings: Settings) -> tuple[int, int, tuple[Finding, ...]]:
    """Everything wrong with the curated catalogue: indicators read, observations accepted, findings."""
    found = loader.read(settings.data)
    if found.catalogue is None:
        return 0, 0, found.findings
    reports = curated_reports(found.catalogue, settings)
    findings = found.findings + tuple(row for report in reports for row in report.findings)
    return len(reports), sum(len(report.observations) for report in reports), findings


def sound_reports(catalogue: Catalogue, settings: Settings) -> list[Report]:
    """The curated reports. Raises CatalogueError, with all the findings, if a file is not as it should be."""
    reports = curated_reports(catalogue, settings)
    findings = tuple(row for report in reports for row in report.findings if row.level == "error")
    if findings:
        raise CatalogueError("error.catalogue", findings=findings, count=len(findings), folder=str(settings.data))
    return reports


def curated_batch(catalogue: Catalogue, reports: Sequence[Report], sha256: str, before: Outlook | None) -> Batch:
    """What the curated edition brings that the newest outlook does not have."""
    known = before.panel if before is not None else {}
    rows = [
        ((row.indicator, row.geo, row.item), row.period, row.value) for report in reports for row in report.observations
    ]
    edition = catalogue.edition
    return Batch(
        edition.at if before is None else max(edition.at, datetime.now(UTC)),
        edition.who,
        edition.note_fr,
        edition.note_en,
        sha256,
        [row for row in rows if value_at(known, row[0], row[1]) != row[2]],
        {
            **{name: facts_of(row) for name, row in catalogue.indicators.items()},
            **rejudged(before.catalogue.knowhow if before is not None else {}, catalogue.knowhow.values()),
        },
    )


def digest(catalogue: Catalogue, reports: Sequence[Report]) -> str:
    """The sha256 of an edition: of its figures, of its facts and of what was judged."""
    total = hashlib.sha256()
    for report in reports:
        total.update(report.sha256.encode())
    for row in (*catalogue.indicators.values(), *catalogue.knowhow.values()):
        total.update(repr(row).encode())
    return total.hexdigest()
