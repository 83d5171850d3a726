"""Command `check`: findings on the curated catalogue, or on files by the rules of uploads."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from observatory import settings, workspace
from observatory.briefs.publish.findings import build_count_texts
from observatory.catalogue.codec import encode_forecast, encode_knowhow
from observatory.catalogue.indicator_input import parse_indicator_input, slugify
from observatory.cli.operations import check_store
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, encode_finding, finding_text, print_json
from observatory.errors import Finding, ObservatoryError
from observatory.ingest.examine import examine_path
from observatory.ingest.report import CHOICE_NAMES, Choices, Report
from observatory.language import Localizer
from observatory.notification.announce import list_misunderstood
from observatory.outlook.outlook import Outlook
from observatory.workspace.drafts import examine_upload, infer_facts


def check(args: argparse.Namespace, localizer: Localizer) -> int:
    """Checks the catalogue, or files by the rules of uploads on top of the newest edition."""
    if args.store:
        return check_store(args, localizer)
    if not args.files:
        return _check_catalogue(args, localizer)
    outlook = workspace.load_reference_outlook(settings.load_settings())
    answers, all_publishable = [], True
    for name in args.files:
        report, facts_findings, _facts, _content = examine_argument(Path(name), args, outlook)
        all_publishable = all_publishable and report.is_publishable and not facts_findings
        if args.format == "json":
            answers.append(encode_report(report, facts_findings, localizer))
        else:
            print_report(report, facts_findings, localizer, print)
    if args.format == "json":
        print_json(answers[0] if len(answers) == 1 else answers)
    return EXIT_OK if all_publishable else EXIT_INVALID_DATA


def _check_catalogue(args: argparse.Namespace, localizer: Localizer) -> int:
    loaded = settings.load_settings()
    indicators, accepted, findings = workspace.check_curated_data(loaded)
    errors = [row for row in findings if row.level == "error"]
    misunderstood = [{"address": number, "kind": kind} for number, kind in list_misunderstood(loaded)]
    exit_code = EXIT_INVALID_DATA if errors or misunderstood else EXIT_OK
    if args.format == "json":
        print_json(
            {
                "ok": exit_code == EXIT_OK,
                "indicators": indicators,
                "accepted": accepted,
                "findings": [encode_finding(row, localizer) for row in findings],
                **({"notify": misunderstood} if misunderstood else {}),
            }
        )
        return exit_code
    for row in findings:
        print(finding_text(row, localizer))
    for address in misunderstood:
        print(localizer.text("cli.notify.unknown", n=address["address"], kind=address["kind"]))
    if errors:
        print(localizer.text("cli.check.bad", **build_count_texts(len(errors), len(findings) - len(errors), localizer)))
    else:
        print(localizer.text("cli.check.good", indicators=indicators, observations=localizer.number(accepted)))
    return exit_code


def collect_choices(args: argparse.Namespace) -> dict[str, str]:
    """The choices about a file among the arguments."""
    chosen = {name: getattr(args, name, "") or "" for name in CHOICE_NAMES}
    chosen["total"] = "\n".join(args.total or ())
    chosen["names"] = "\n".join(args.names or ())
    return {name: value for name, value in chosen.items() if value}


def examine_argument(
    path: Path, args: argparse.Namespace, base_outlook: Outlook
) -> tuple[Report, tuple[Finding, ...], dict[str, Any], bytes]:
    """The report on a file, findings on and facts of --about, and the bytes of the file. Raises ObservatoryError."""
    choices = Choices(**collect_choices(args))
    today = args.clock().date()
    try:
        report, content = examine_path(
            path, base_outlook.catalogue.with_candidates(), published=base_outlook.panel, choices=choices, today=today
        )
        if not args.about:
            return report, (), {}, content
        facts = Path(args.about).read_bytes()
    except OSError as error:
        name = str(error.filename or path)
        raise ObservatoryError("error.file", path=name, why=error.strerror or str(error)) from error
    inferred = {
        slugify(name): infer_facts(path.name, content, base_outlook, choices, name, today)
        for name in report.unknown_indicators
    }
    about, facts_findings = parse_indicator_input(args.about, facts, base_outlook.catalogue, inferred, today)
    if not facts_findings:
        report = examine_upload(str(path), content, base_outlook, choices, about, today)
    return report, facts_findings, about, content


def encode_report(report: Report, facts_findings: tuple[Finding, ...], localizer: Localizer) -> dict[str, Any]:
    """A report as JSON values, the findings on --about first."""
    return {
        "file": report.file,
        "ok": report.is_publishable and not facts_findings,
        "inferred": dict(report.inferred),
        "ignored_columns": [
            {"column": row.header, "reason": row.reason, "values": list(row.values)} for row in report.ignored_columns
        ],
        "accepted": report.accepted_count,
        "observations": [vars(row) for row in report.observations],
        "knowhow": [encode_knowhow(row) for row in report.knowhow],
        "outlooks": [encode_forecast(row) for row in report.forecasts],
        "findings": [encode_finding(row, localizer) for row in (*facts_findings, *report.findings)],
    }


def print_report(
    report: Report, facts_findings: tuple[Finding, ...], localizer: Localizer, write_line: Callable[[str], None]
) -> None:
    """A report as lines of text, and their count."""
    for row in (*facts_findings, *report.findings):
        write_line(finding_text(row, localizer))
    for column in report.ignored_columns:
        why, values = localizer.text(f"report.ignored.{column.reason}"), ", ".join(column.values)
        key = "cli.check.ignored" if values else "cli.check.ignored.empty"
        write_line(localizer.text(key, file=report.file, head=column.header, why=why, values=values))
    error_count = sum(row.level == "error" for row in report.findings) + len(facts_findings)
    warning_count = len(report.findings) + len(facts_findings) - error_count
    count_texts = build_count_texts(error_count, warning_count, localizer)
    key = {"figures": "file", "knowhow": "knowhow", "forecasts": "outlooks"}[report.content]
    write_line(localizer.text(f"cli.check.{key}", file=report.file, accepted=report.accepted_count, **count_texts))
