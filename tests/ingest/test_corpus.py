"""Every file of the corpus gets the report that was written down for it, from Python and from the command line."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from observatory import settings
from observatory.briefs.publish.findings import build_findings_table, build_inferred_terms
from observatory.catalogue.models import Catalogue
from observatory.cli.parser import main
from observatory.ingest.examine import examine_file, examine_path
from observatory.ingest.messages import hint_text, message_text
from observatory.ingest.report import Choices
from observatory.language import LANGUAGES, Localizer
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.workspace import Workspace, load_reference_outlook
from tests.ingest.corpus import CASES, Case, report_on
from tests.ingest.make_corpus import BUILT, FILES, WRITTEN
from tests.support.clock import one_day_clock
from tests.support.stores import StoreMaker


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_file_gets_its_report(case: Case, catalogue: Catalogue, known: dict[SeriesKey, TimeSeries]) -> None:
    """Nothing more and nothing less is found, line by line; what is accepted is exact."""
    report = report_on(case, catalogue, known)
    report_wanted = case.expected
    assert [[row.level, row.code, row.line, row.column] for row in report.findings] == report_wanted["findings"]
    assert (report.is_publishable, report.accepted_count) == (report_wanted["ok"], report_wanted["accepted"])
    assert {name: report.inferred.get(name) for name in report_wanted["inferred"]} == report_wanted["inferred"]
    found = [[row.indicator, row.geo, row.item, row.period, row.value] for row in report.observations]
    assert [row for row in report_wanted.get("observations", []) if row not in found] == []
    assert [row.name for row in report.questions] == report_wanted.get("questions", [])
    assert list(report.unknown_indicators) == report_wanted.get("unknown", [])
    for finding in report.findings:
        for localizer in map(Localizer, LANGUAGES):
            sentences = message_text(finding, localizer), hint_text(finding, localizer)
            assert all(sentence.endswith((".", "?")) for sentence in sentences)


def test_the_corpus_is_complete() -> None:
    """Every file that is kept has at least one expected report, is small, and is what its recipe writes."""
    assert len(CASES) >= 90
    names = {path.name for path in FILES.iterdir()}
    assert names | set(BUILT) == {case.file for case in CASES}
    assert all(path.stat().st_size < 50_000 for path in FILES.iterdir())
    texts = {name: content for name, content in WRITTEN.items() if not content.startswith(b"PK")}
    assert {name: (FILES / name).read_bytes() for name in texts} == texts


def _option(choice: str) -> str:
    return f"--{choice.replace('_', '-')}"


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What `observatory check` says as JSON."""
    capsys.readouterr()
    main(["check", *words, "--format", "json"], clock=one_day_clock)
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_the_command_line_says_the_same(
    catalogue: Catalogue,
    known: dict[SeriesKey, TimeSeries],
    seeded_address: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`observatory check FILE --format json` gives the report of Python, on top of what the store has published."""
    monkeypatch.setenv("OBSERVATORY_STORE", seeded_address)
    by_choices: dict[Choices, list[Case]] = {Choices(): []}
    for case in CASES:
        by_choices.setdefault(case.choices, []).append(case)
    asked, answers = list[Case](), list[Any]()
    # The store is read at the first call and remembered for those after it: it takes seconds, and says the same.
    monkeypatch.setattr("observatory.workspace.load_reference_outlook", cache(load_reference_outlook))
    for choices, cases in by_choices.items():
        words = [word for name, value in asdict(choices).items() if value for word in (_option(name), value)]
        shown = answer(capsys, *(str(case.path(tmp_path)) for case in cases), *words)
        asked += cases
        answers += shown if len(cases) > 1 else [shown]
    today = one_day_clock().date()
    for case, shown in zip(asked, answers, strict=True):
        path = case.path(tmp_path)
        report, _content = examine_path(path, catalogue, published=known, choices=case.choices, today=today)
        assert shown["file"] == str(path)
        assert (shown["ok"], shown["inferred"]) == (report.is_publishable, dict(report.inferred))
        assert shown["observations"] == [asdict(row) for row in report.observations]
        assert [row["id"] for row in shown["knowhow"]] == [row.id for row in report.knowhow]
        report_wanted = [(row.level, row.code, row.line, row.column, row.value) for row in report.findings]
        names = ("level", "code", "line", "column", "value")
        assert [tuple(row[name] for name in names) for row in shown["findings"]] == report_wanted


@pytest.mark.slow
def test_the_page_says_the_same(
    catalogue: Catalogue,
    known: dict[SeriesKey, TimeSeries],
    seeded_address: str,
    stores: StoreMaker,
    tmp_path: Path,
) -> None:
    """Received as the page receives it, kept and read back from the store, each file gets the report of Python.

    What the page says of it has a row for each kind of fault and a term for everything that was inferred.
    """
    store = stores.copy(seeded_address, tmp_path)
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": store}), one_day_clock)
    by, today = opened.access.open_operator_session("analyste"), opened.today()
    for case in CASES:
        chosen = {name: value for name, value in asdict(case.choices).items() if value}
        draft = opened.receive(case.file, case.content, by, chosen)
        found = opened.build_report(draft)
        report = examine_file(
            case.file, case.content, catalogue.with_candidates(), published=known, choices=case.choices, today=today
        )
        assert found == report
        for localizer in map(Localizer, LANGUAGES):
            rows = build_findings_table(found.findings, localizer).rows
            assert len(rows) <= len(found.findings)
            assert bool(rows) == bool(found.findings)
            assert all(cell for row in rows for cell in row)
            build_inferred_terms(found.inferred, localizer)
    opened.close()
