"""Every file of the corpus gets the report that was written down for it, from Python and from the command line."""

import json
import os
from pathlib import Path

import pytest

from observatory.catalogue.nouns import Catalogue
from observatory.cli import main
from observatory.cli.words import as_json
from observatory.ingest.reading import examine, examine_path
from observatory.ingest.report import Choices, Report
from observatory.ingest.rules import RULES
from observatory.ingest.sentences import hint, message
from observatory.language import LANGUAGES, Speaker
from observatory.outlook.outlook import Outlook
from observatory.tables import History, Key
from tests.ingest.corpus import CASES, FILES, Case
from tests.ingest.make_corpus import BUILT, WRITTEN


def report_on(case: Case, catalogue: Catalogue, known: dict[Key, History]) -> Report:
    return examine(case.file, case.content, catalogue, known=known, choices=case.choices, today=TODAY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_file_gets_its_report(case: Case, catalogue: Catalogue, known: dict[Key, History]) -> None:
    """Nothing more and nothing less is found, line by line; what is accepted is exact."""
    report = report_on(case, catalogue, known)
    told = case.expected
    assert [[row.level, row.code, row.line, row.column] for row in report.findings] == told["findings"]
    assert (report.ok, len(report.observations)) == (told["ok"], told["accepted"])
    assert {name: report.inferred.get(name) for name in told["inferred"]} == told["inferred"]
    found = [[row.indicator, row.geo, row.item, row.period, row.value] for row in report.observations]
    assert [row for row in told.get("observations", []) if row not in found] == []
    assert [row.name for row in report.questions if row.name != "sheet" or not report.ok] == told.get("questions", [])
    assert list(report.unknown) == told.get("unknown", [])
