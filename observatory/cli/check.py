"""The command that checks: the whole catalogue, or files as an upload would see them."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from observatory import settings, workspace
from observatory.briefs.publish.findings import counts
from observatory.catalogue.codec import judged
from observatory.catalogue.indicator_input import read_about, slug
from observatory.cli.output import GOOD, WRONG_DATA, as_json, print_json, sentence
from observatory.errors import Finding, ObservatoryError
from observatory.ingest.examine import examine_path
from observatory.ingest.report import Choices, Report
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.workspace.drafts import inferred, seen_from


def check(asked: argparse.Namespace, speaker: Speaker) -> int:
    """The catalogue, or files as an upload would see them on top of what is published."""
    if not asked.files:
        return _catalogue(asked, speaker)
    before = workspace.standing(settings.read())
    answers, good = [], True
    for name in asked.files:
        report, faults, _about, _content = examined(Path(name), asked, before)
        good = good and report.ok and not faults
        if asked.format == "json":
            answers.append(report_json(report, faults, speaker))
        else:
            tell_report(report, faults, speaker, print)
    if asked.format == "json":
        print_json(answers[0] if len(answers) == 1 else answers)
    return GOOD if good else WRONG_DATA


def _catalogue(asked: argparse.Namespace, speaker: Speaker) -> int:
    indicators, accepted, findings = workspace.check(settings.read())
    errors = [row for row in findings if row.level == "error"]
    if asked.format == "json":
        print_json(
            {
                "ok": not errors,
                "indicators": indicators,
                "accepted": accepted,
                "findings": [as_json(row, speaker) for row in findings],
            }
        )
        return WRONG_DATA if errors else GOOD
    for row in findings:
        print(sentence(row, speaker))
    if errors:
        print(speaker.say("cli.check.bad", **counts(len(errors), len(findings) - len(errors), speaker)))
    else:
        print(speaker.say("cli.check.good", indicators=indicators, observations=speaker.number(accepted)))
    return WRONG_DATA if errors else GOOD


def choices_of(asked: argparse.Namespace) -> dict[str, str]:
    """What the call settles about a file."""
    chosen = {name: getattr(asked, name, "") or "" for name in ("decimal", "sheet", "indicator")}
    return {name: value for name, value in chosen.items() if value}


def examined(
    path: Path, asked: argparse.Namespace, before: Outlook
) -> tuple[Report, tuple[Finding, ...], dict[str, Any], bytes]:
    """The report on a file, faults and facts of --about, and the bytes of the file. Raises ObservatoryError."""
    choices = Choices(**choices_of(asked))
    today = datetime.now(UTC).date()
    try:
        report, content = examine_path(path, before.catalogue, known=before.panel, choices=choices, today=today)
        if not asked.about:
            return report, (), {}, content
        facts = Path(asked.about).read_bytes()
    except OSError as error:
        name = str(error.filename or path)
        raise ObservatoryError("error.file", path=name, why=error.strerror or str(error)) from error
    seen = {slug(name): inferred(path.name, content, before, choices, name) for name in report.unknown}
    about, faults = read_about(asked.about, facts, before.catalogue, seen, today)
    if not faults:
        report = seen_from(str(path), content, before, choices, about)
    return report, faults, about, content


def report_json(report: Report, faults: tuple[Finding, ...], speaker: Speaker) -> dict[str, Any]:
    """A report as JSON values, the faults of --about first."""
    return {
        "file": report.file,
        "ok": report.ok and not faults,
        "inferred": dict(report.inferred),
        "accepted": report.accepted,
        "observations": [vars(row) for row in report.observations],
        "knowhow": [judged(row) for row in report.knowhow],
        "findings": [as_json(row, speaker) for row in (*faults, *report.findings)],
    }


def tell_report(report: Report, faults: tuple[Finding, ...], speaker: Speaker, say: Callable[[str], None]) -> None:
    """A report as lines of text, and their count."""
    for row in (*faults, *report.findings):
        say(sentence(row, speaker))
    wrong = sum(row.level == "error" for row in report.findings) + len(faults)
    odd = len(report.findings) + len(faults) - wrong
    said = counts(wrong, odd, speaker)
    key = "cli.check.knowhow" if report.knowhow else "cli.check.file"
    say(speaker.say(key, file=report.file, accepted=report.accepted, **said))
