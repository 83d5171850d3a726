"""Curated edition under data/: reports, findings, and the batch that publishes it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from observatory.catalogue import loader
from observatory.catalogue.codec import diff_knowhow, encode_indicator
from observatory.catalogue.models import Catalogue
from observatory.errors import CatalogueError, Finding
from observatory.ingest.examine import examine_curated
from observatory.ingest.report import Report
from observatory.outlook.outlook import Outlook
from observatory.settings import Settings
from observatory.store.records import VintageBatch
from observatory.timeseries import find_value


def build_curated_reports(catalogue: Catalogue, settings: Settings) -> list[Report]:
    """The report on every file of figures under data/."""
    return [_build_curated_report(catalogue, name, settings.data_dir / "observations") for name in catalogue.indicators]


def _build_curated_report(catalogue: Catalogue, name: str, folder: Path) -> Report:
    try:
        content = (folder / f"{name}.csv").read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        finding = Finding("error", "catalogue_unreadable", f"observations/{name}.csv", value=why)
        return Report(name, "", findings=(finding,))
    return examine_curated(name, content, catalogue)


def check_curated_data(settings: Settings) -> tuple[int, int, tuple[Finding, ...]]:
    """Checks the curated catalogue; returns the indicators read, the observations accepted, all findings."""
    reading = loader.read_catalogue(settings.data_dir)
    if reading.catalogue is None:
        return 0, 0, reading.findings
    reports = build_curated_reports(reading.catalogue, settings)
    findings = reading.findings + tuple(row for report in reports for row in report.findings)
    return len(reports), sum(len(report.observations) for report in reports), findings


def build_valid_reports(catalogue: Catalogue, settings: Settings) -> list[Report]:
    """The curated reports. Raises CatalogueError, with all the findings, if a file has errors."""
    reports = build_curated_reports(catalogue, settings)
    findings = tuple(row for report in reports for row in report.findings if row.level == "error")
    if findings:
        raise CatalogueError("error.catalogue", findings=findings, count=len(findings), folder=str(settings.data_dir))
    return reports


def build_curated_batch(
    catalogue: Catalogue, reports: Sequence[Report], sha256: str, before: Outlook | None, now: datetime
) -> VintageBatch:
    """The batch of what the curated edition adds to the newest outlook, dated `now` if there is an outlook."""
    published = before.panel if before is not None else {}
    rows = [
        ((row.indicator, row.geo, row.item), row.period, row.value) for report in reports for row in report.observations
    ]
    edition = catalogue.edition
    return VintageBatch(
        edition.at if before is None else max(edition.at, now),
        edition.who,
        edition.note_fr,
        edition.note_en,
        sha256,
        [row for row in rows if find_value(published, row[0], row[1]) != row[2]],
        {
            **{name: encode_indicator(row) for name, row in catalogue.indicators.items()},
            **diff_knowhow(before.catalogue.knowhow if before is not None else {}, catalogue.knowhow.values()),
        },
    )


def hash_edition(catalogue: Catalogue, reports: Sequence[Report]) -> str:
    """The sha256 of the figures, facts and know-how of an edition."""
    total = hashlib.sha256()
    for report in reports:
        total.update(report.sha256.encode())
    for row in (*catalogue.indicators.values(), *catalogue.knowhow.values()):
        total.update(repr(row).encode())
    return total.hexdigest()
