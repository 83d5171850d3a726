"""The corpus: files as analysts send them, good, odd and hostile, each with the report that it must get."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from observatory.catalogue.models import Catalogue
from observatory.ingest.curated import examine_curated
from observatory.ingest.examine import examine_file
from observatory.ingest.report import Choices, Report
from observatory.timeseries import SeriesKey, StoredObservation, TimeSeries, build_panel
from tests.ingest.make_corpus import BUILT, FILES
from tests.support.paths import ROOT

TODAY = date(2026, 11, 23)  # the day on which the expected reports are true, one after that of the curated edition
EXPECTED = FILES.parent / "expected"


@dataclass(frozen=True)
class Case:
    """A file, what a person chose about it, and its report as `expected/NAME.json` says it.

    ok, accepted (how many), findings ([level, code, line, column], all of them, in order); `inferred`, `observations`
    where they matter; `questions` (names) and `unknown`, empty where they are not told.
    """

    name: str
    file: str
    choices: Choices
    expected: dict[str, Any] = field(hash=False)

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file; one too large to keep is made."""
        return BUILT[self.file]() if self.file in BUILT else (FILES / self.file).read_bytes()

    def path(self, folder: Path) -> Path:
        """Where the file is; one that is made is written to a folder."""
        if self.file not in BUILT:
            return FILES / self.file
        made = folder / self.file
        if not made.exists():
            made.write_bytes(self.content)
        return made


def _case(path: Path) -> Case:
    expected = json.loads(path.read_text(encoding="utf-8"))
    return Case(path.stem, expected["file"], Choices(**expected.get("choices", {})), expected)


CASES: tuple[Case, ...] = tuple(_case(path) for path in sorted(EXPECTED.glob("*.json")))


def published(catalogue: Catalogue) -> dict[SeriesKey, TimeSeries]:
    """The figures under data/, as the first vintage holds them."""
    folder = ROOT / "data" / "observations"
    reports = [examine_curated(name, (folder / f"{name}.csv").read_bytes(), catalogue) for name in catalogue.indicators]
    return build_panel(
        StoredObservation(row.indicator, row.geo, row.item, row.period, row.value)
        for each in reports
        for row in each.observations
    )


def report_on(case: Case, catalogue: Catalogue, known: dict[SeriesKey, TimeSeries]) -> Report:
    """The report of a case on top of what is published, on the day for which it is told."""
    return examine_file(case.file, case.content, catalogue, published=known, choices=case.choices, today=TODAY)


def case_of(code: str) -> Case:
    """A case in which a rule finds something."""
    return next(case for case in CASES if any(row[1] == code for row in case.expected["findings"]))
