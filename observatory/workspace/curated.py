"""Curated edition under data/: reports, findings, and the batch that publishes it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from observatory.catalogue import loader
from observatory.catalogue.codec import diff_knowhow, encode_indicator
from observatory.catalogue.files import EditionFiles
from observatory.catalogue.models import Catalogue
from observatory.catalogue.real_vintages import load_real_vintages
from observatory.errors import CatalogueError, Finding
from observatory.ingest.curated import examine_curated
from observatory.ingest.report import Report
from observatory.outlook.outlook import Outlook
from observatory.settings import Settings
from observatory.store.records import VintageBatch
from observatory.timeseries import find_value


def build_curated_reports(catalogue: Catalogue, files: EditionFiles) -> list[Report]:
    """The report on every file of figures of an edition."""
    return [_build_curated_report(catalogue, name, files) for name in catalogue.indicators]


def _build_curated_report(catalogue: Catalogue, name: str, files: EditionFiles) -> Report:
    try:
        content = files.locate(f"observations/{name}.csv").read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        finding = Finding("error", "catalogue_unreadable", f"observations/{name}.csv", value=why)
        return Report(name, "", findings=(finding,))
    return examine_curated(name, content, catalogue)


def check_curated_data(settings: Settings) -> tuple[int, int, tuple[Finding, ...]]:
    """Checks the curated catalogue; returns the indicators read, the observations accepted, all findings.

    Former editions and real vintages are checked too and their findings added; they count nothing.
    """
    reading = loader.read_catalogue(settings.data_dir)
    if reading.catalogue is None:
        return 0, 0, reading.findings
    reports = build_curated_reports(reading.catalogue, EditionFiles(settings.data_dir))
    try:
        former = loader.read_former_editions(settings.data_dir)
        load_real_vintages(settings.data_dir, reading.catalogue)
    except CatalogueError as error:
        return 0, 0, reading.findings + error.findings
    former_reports = [report for row in former for report in build_curated_reports(row.catalogue, row.files)]
    findings = reading.findings + tuple(row for report in (*reports, *former_reports) for row in report.findings)
    return len(reports), sum(len(report.observations) for report in reports), findings


def build_valid_reports(catalogue: Catalogue, files: EditionFiles) -> list[Report]:
    """The curated reports of an edition. Raises CatalogueError, with all the findings, if a file has errors."""
    reports = build_curated_reports(catalogue, files)
    findings = tuple(row for report in reports for row in report.findings if row.level == "error")
    if findings:
        raise CatalogueError("error.catalogue", findings=findings, count=len(findings), folder=str(files.folder))
    return reports


def build_curated_batch(
    catalogue: Catalogue, reports: Sequence[Report], sha256: str, before: Outlook | None, at: datetime
) -> VintageBatch:
    """The batch of what a curated edition adds to an outlook, dated `at`."""
    published = before.panel if before is not None else {}
    known = before.catalogue.indicators if before is not None else {}
    rows = [
        ((row.indicator, row.geo, row.item), row.period, row.value) for report in reports for row in report.observations
    ]
    edition = catalogue.edition
    return VintageBatch(
        at,
        edition.who,
        edition.note_fr,
        edition.note_en,
        sha256,
        [row for row in rows if find_value(published, row[0], row[1]) != row[2]],
        {
            **{name: encode_indicator(row) for name, row in catalogue.indicators.items() if known.get(name) != row},
            **diff_knowhow(before.catalogue.knowhow if before is not None else {}, catalogue.knowhow.values()),
        },
    )


def build_external_batch(catalogue: Catalogue, edition: str, before: Outlook, at: datetime) -> VintageBatch:
    """The batch of an edition that brings no figure, only other forecasts of others than the outlook before it had."""
    rows = catalogue.external_forecasts.rows
    known = {row.statement for row in before.study.external_record.forecasts}
    added = sum(row.statement not in known for row in rows)
    return VintageBatch(
        at,
        catalogue.edition.who,
        f"Prévisions d'autres auteurs : {len(rows)} au fichier, dont {added} dans une annonce nouvelle.",
        f"Forecasts of others: {len(rows)} in the file, {added} in a new announcement.",
        hashlib.sha256(f"{edition}{rows!r}".encode()).hexdigest(),
        [],
        {},
    )


def hash_edition(catalogue: Catalogue, reports: Sequence[Report]) -> str:
    """The sha256 of the figures, facts and know-how of an edition."""
    total = hashlib.sha256()
    for report in reports:
        total.update(report.sha256.encode())
    for row in (*catalogue.indicators.values(), *catalogue.knowhow.values()):
        total.update(repr(row).encode())
    return total.hexdigest()
