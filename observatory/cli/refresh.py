"""Command refresh: collects from the publishers, and reports what came of it."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import Any

from observatory import settings
from observatory.cli.output import (
    EXIT_INVALID_DATA,
    EXIT_OK,
    build_progress_bar,
    print_json,
    print_status,
)
from observatory.cli.publish import describe_changes, encode_changes
from observatory.errors import SettingsError
from observatory.language import Localizer
from observatory.sources.client import Client
from observatory.sources.endpoints import resolve_endpoints
from observatory.store.records import format_timestamp
from observatory.store.refreshes import STATES, IndicatorResult, Reason, RefreshReport, SourceResult
from observatory.workspace import DraftPreview, Workspace
from observatory.workspace.refreshing.answers import RunOptions
from observatory.workspace.refreshing.canary import CanaryResult, ask_sources
from observatory.workspace.refreshing.run import RefreshOutcome, rehearse, run_refresh

_EXIT_INTERRUPTED = 130


def refresh(args: argparse.Namespace, localizer: Localizer) -> int:
    """Collects from the publishers and publishes one edition; with --dry-run, prints only what would change."""
    if args.dry_run and args.resume:
        raise SettingsError("error.refresh.options", one="--dry-run", other="--resume")
    if args.canary and (args.dry_run or args.resume or args.indicator):
        raise SettingsError("error.refresh.options", one="--canary", other="--dry-run, --resume, --indicator")
    workspace = Workspace(settings.load_settings(), args.clock)
    endpoints = resolve_endpoints(workspace.catalogue.refresh_hosts, os.environ)
    with _exit_at_once(localizer), Client(endpoints, contact=workspace.settings.public_url) as client:
        if args.canary:
            return _ask_sources(workspace, client, args, localizer)
        if not workspace.has_vintages():
            print_status(localizer.text("cli.seeding"))
            workspace.publish_curated(build_progress_bar(localizer))
        options, progress = RunOptions(tuple(args.source), tuple(args.indicator)), build_progress_bar(localizer)
        if args.dry_run:
            outcome = rehearse(workspace, client, options, progress)
        else:
            outcome = run_refresh(
                workspace,
                client,
                options,
                is_resumed=args.resume,
                approve=lambda preview: args.yes or _ask_approval(preview, localizer),
                progress=progress,
            )
    if args.format == "json":
        print_json(_encode_outcome(outcome, localizer, is_dry_run=args.dry_run))
    else:
        _print_outcome(outcome, localizer, is_dry_run=args.dry_run)
    return EXIT_OK if outcome.report.is_sound else EXIT_INVALID_DATA


@contextmanager
def _exit_at_once(localizer: Localizer) -> Iterator[None]:
    """Ends the process at the first Ctrl-C, without waiting for publishers: a run may end at any moment."""
    if threading.current_thread() is not threading.main_thread():
        yield  # no other thread may handle signals
        return

    def leave(_number: int, _frame: FrameType | None) -> None:
        print_status("\n" + localizer.text("refresh.interrupted"))
        os._exit(_EXIT_INTERRUPTED)

    former = signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def _ask_approval(preview: DraftPreview, localizer: Localizer) -> bool:
    """Whether somebody at a terminal says yes; yes where nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    print_status("")
    for line in describe_changes(preview, localizer):
        print_status(line)
    print(localizer.text("refresh.ask"), end=" ", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().lower()
    return answer in ("y", "yes", "o", "oui")


def _ask_sources(workspace: Workspace, client: Client, args: argparse.Namespace, localizer: Localizer) -> int:
    hosts = {row.host for row in workspace.catalogue.recipes.values() if row.host}
    for name in args.source:
        if name not in hosts:
            raise SettingsError("error.refresh.source", value=name[:60], near=", ".join(sorted(hosts)))
    progress = build_progress_bar(localizer)
    rows = ask_sources(workspace.catalogue, client, workspace.today(), args.source, progress)
    if args.format == "json":
        print_json({"canary": [_encode_canary(row, localizer) for row in rows]})
    else:
        for row in rows:
            outcome = _write_reason(row.reason, localizer) or f"{row.period}: {row.value!r}"
            print(f"{row.source:<16}{row.indicator:<40}{localizer.number(row.seconds, 1):>7} s  {outcome}")
    return EXIT_OK if all(row.reason is None for row in rows) else EXIT_INVALID_DATA


def _encode_canary(row: CanaryResult, localizer: Localizer) -> dict[str, Any]:
    return {
        "source": row.source,
        "indicator": row.indicator,
        "seconds": row.seconds,
        "period": row.period or None,
        "value": row.value,
        "why": _write_reason(row.reason, localizer),
    }


def _write_reason(reason: Reason | None, localizer: Localizer) -> str:
    """A reason as a sentence, its day as people write it."""
    if reason is None:
        return ""
    days = {"day": localizer.day(date.fromisoformat(str(reason.values["day"])))} if reason.values.get("day") else {}
    return localizer.error_text(reason.key, {**reason.values, **days})


def _write_action(action: str, reason: Reason | None, localizer: Localizer) -> str:
    return localizer.text(action, **(reason.values if reason is not None else {})) if action else ""


def _encode_outcome(outcome: RefreshOutcome, localizer: Localizer, *, is_dry_run: bool) -> dict[str, Any]:
    """A run as JSON values: sentences in the language of the command, keys for programs."""
    report = outcome.report
    changes = encode_changes(outcome.preview) if outcome.preview is not None else None
    return {
        "run": report.run,
        "started": format_timestamp(report.started),
        "finished": format_timestamp(report.finished),
        "dry_run": is_dry_run,
        "declined": outcome.is_declined,
        "published": report.edition is not None,
        "edition": report.edition,
        "states": {state: report.count(state) for state in STATES},
        "sources": [_encode_source(row, localizer) for row in report.sources],
        "indicators": [_encode_indicator(row, localizer) for row in report.indicators],
        "changes": changes,
    }


def _encode_source(row: SourceResult, localizer: Localizer) -> dict[str, Any]:
    return {
        "source": row.source,
        "state": row.state,
        "states": dict(row.states),
        "new": row.new,
        "revised": row.revised,
        "held": row.held,
        "seconds": row.seconds,
        "code": row.reason.key if row.reason is not None else None,
        "why": _write_reason(row.reason, localizer),
        "action": _write_action(row.action, row.reason, localizer),
    }


def _encode_indicator(row: IndicatorResult, localizer: Localizer) -> dict[str, Any]:
    return {
        "indicator": row.indicator,
        "source": row.source or None,
        "state": row.state,
        "new": row.new,
        "revised": row.revised,
        "held": row.held,
        "last_period": row.last_period or None,
        "due": row.due or None,
        "draft": row.draft,
        "code": row.reason.key if row.reason is not None else None,
        "why": _write_reason(row.reason, localizer),
        "action": _write_action(row.action, row.reason, localizer),
    }


def _print_outcome(outcome: RefreshOutcome, localizer: Localizer, *, is_dry_run: bool) -> None:
    """One line a source, one for each indicator that needs somebody, and what was published."""
    report = outcome.report
    for source in report.sources:
        parts = [localizer.plural(f"refresh.count.{state}", count) for state, count in source.states.items()]
        print(f"{source.source:<16}{localizer.number(source.seconds, 1):>7} s  {', '.join(parts)}")
    for row in report.indicators:
        if row.state in ("failed", "held") or (row.state == "fresh" and row.reason is not None):
            texts = (_write_reason(row.reason, localizer), _write_action(row.action, row.reason, localizer))
            state = localizer.text(f"refresh.state.{row.state}")
            print(f"  {row.indicator} ({state}): {' '.join(filter(None, texts))}")
    print(_count_manual(report, localizer))
    if outcome.preview is not None:
        for line in describe_changes(outcome.preview, localizer):
            print(line)
    print(_conclude(outcome, localizer, is_dry_run=is_dry_run))


def _count_manual(report: RefreshReport, localizer: Localizer) -> str:
    due = [row for row in report.indicators if row.state == "manual" and row.action]
    return localizer.plural("refresh.manual_due", len(due))


def _conclude(outcome: RefreshOutcome, localizer: Localizer, *, is_dry_run: bool) -> str:
    report = outcome.report
    if outcome.is_declined:
        return localizer.text("refresh.declined")
    if is_dry_run:
        return localizer.text("cli.publish.dry" if outcome.preview is not None else "cli.nothing_new")
    if report.edition is None:
        return localizer.text("cli.nothing_new")
    return localizer.plural(
        "publish.published", sum(row.new + row.revised for row in report.sources), id=report.edition
    )
