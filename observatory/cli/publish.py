"""The commands that publish a file or the curated data, and that undo an edition."""

import argparse
import getpass
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from observatory import settings
from observatory.briefs.publish.page import published, unchanged_of
from observatory.briefs.whats_new.knowhow import entries, neighbours_moved
from observatory.briefs.whats_new.page import counted
from observatory.catalogue.periods import period
from observatory.cli.check import choices_of, examined, report_json, tell_report
from observatory.cli.output import GOOD, WRONG_DATA, bar, print_json, tell
from observatory.errors import ConflictError, ObservatoryError
from observatory.language import Speaker
from observatory.outlook.analysis.diff import Rejudged
from observatory.selection import DEFAULT
from observatory.store.records import Vintage
from observatory.store.uploads import Draft
from observatory.workspace import Preview, Workspace
from observatory.workspace.workspace import ROUNDS

LISTED = 20  # revisions that the text names; JSON has all


def publish(asked: argparse.Namespace, speaker: Speaker) -> int:
    """A file as a new edition, or the curated data; with --dry-run, only what would change."""
    opened = Workspace(settings.read())
    if asked.curated:
        return _publish_curated(opened, asked, speaker)
    if not opened.seeded():
        tell(speaker.say("cli.seeding"))
        opened.publish_curated(bar(speaker))
    newest = opened.newest()
    assert newest is not None
    path = Path(asked.file)
    report, faults, about, content = examined(path, asked, newest)
    if faults or not report.ok:
        if asked.format == "json":
            print_json(report_json(report, faults, speaker) | {"published": False, "vintage": None})
        else:
            tell_report(report, faults, speaker, print)
            print(speaker.say("cli.publish.refused"))
        return WRONG_DATA
    by = opened.access.operator(_user())
    choices = choices_of(asked)
    if asked.dry_run:
        draft = Draft(0, report.sha256, path.name, by.who, datetime.now(UTC), newest.number, choices, about, None)
        return _say_published(opened.preview(draft, bar(speaker), content), None, asked, speaker)
    draft = opened.receive(path.name, content, by, choices, about)
    for _ in range(ROUNDS):
        preview = opened.preview(draft, bar(speaker), content)
        if preview.prepared is None:
            opened.discard(draft, by)
            return _say_published(preview, None, asked, speaker)
        try:
            vintage = opened.commit(preview.prepared, by, asked.note)
        except ConflictError:
            draft = opened.redraft(draft, by)  # somebody published meanwhile: the difference is made anew
        else:
            return _say_published(preview, vintage, asked, speaker)
    raise ObservatoryError("error.store.busy", path=opened.store.address)


def _publish_curated(opened: Workspace, asked: argparse.Namespace, speaker: Speaker) -> int:
    vintage = opened.publish_curated(bar(speaker))
    if asked.format == "json":
        print_json({"published": vintage is not None, "vintage": vintage.id if vintage else None})
    elif vintage is None:
        print(speaker.say("cli.nothing_new"))
    else:
        print(speaker.count("publish.published", len(opened.store.brought(vintage)), id=vintage.id))
    return GOOD


def revert(asked: argparse.Namespace, speaker: Speaker) -> int:
    """Undoes an edition by publishing its inverse."""
    opened = Workspace(settings.read())
    by = opened.access.operator(_user())
    for _ in range(ROUNDS):
        try:
            undone = opened.revert(asked.id, asked.note, by, bar(speaker))
        except ConflictError:
            continue
        if asked.format == "json":
            print_json({"reverted": asked.id, "vintage": undone.id, "figures": len(opened.store.brought(undone))})
        else:
            print(speaker.say("publish.reverted", id=asked.id, new=undone.id))
        return GOOD
    raise ObservatoryError("error.store.busy", path=opened.store.address)


def _say_published(
    preview: Preview,
    vintage: Vintage | None,
    asked: argparse.Namespace,
    speaker: Speaker,
) -> int:
    """What was published, or would be; the same words and figures for both."""
    if asked.format == "json":
        answer = report_json(preview.report, (), speaker)
        made = {"published": vintage is not None, "vintage": vintage.id if vintage else None}
        print_json(answer | made | {"parent": preview.draft.parent} | _changes_json(preview))
        return GOOD
    tell_report(preview.report, (), speaker, tell)
    for line in _changes_text(preview, speaker):
        print(line)
    if preview.twin is not None:
        print(speaker.say("publish.twin", id=preview.twin.id, day=speaker.day(preview.twin.at.date())))
    if vintage is not None:
        print(published(vintage.id, preview.changes, speaker))
    elif preview.prepared is None:
        print(speaker.say("cli.nothing_new"))
    else:
        print(speaker.say("cli.publish.dry"))
    return GOOD


def _changes_text(preview: Preview, speaker: Speaker) -> list[str]:
    changes = preview.changes
    lines = [f"{counted(changes, speaker)}, {unchanged_of(preview.report, preview.unchanged, speaker)}"]
    for row in changes.revised[:LISTED]:
        change = f" ({speaker.growth(row.change)})" if row.change is not None else ""
        name = "/".join(part for part in row.key if part)
        lines.append(f"  {name} {period(row.period, row.frequency)}: {row.old!r} -> {row.new!r}{change}")
    if len(changes.revised) > LISTED:
        lines.append("  " + speaker.count("news.rest", len(changes.revised) - LISTED))
    if preview.prepared is not None and changes.knowhow:
        for entry in entries(changes.knowhow, preview.before, DEFAULT, speaker):
            what, old, new = entry.cells
            lines.append(f"  {', '.join(filter(None, (entry.title, entry.below, what)))}: {old} -> {new}")
        lines.append(neighbours_moved(preview.before, preview.prepared.after, speaker))
    lines.append(speaker.count("publish.forecasts", len(changes.forecasts)))
    for turn in changes.flipped:
        old, new = (speaker.say(f"call.{row.call}") if row else "-" for row in (turn.old, turn.new))
        lines.append(f"  {turn.segment} +{turn.horizon}: {old} -> {new}")
    return lines


def _changes_json(preview: Preview) -> dict[str, Any]:
    changes = preview.changes
    return {
        "added": changes.figures_added,
        "revised": changes.figures_revised,
        "unchanged": preview.unchanged,
        "revisions": [
            {
                **dict(zip(("indicator", "geo", "item"), row.key, strict=True)),
                "period": period(row.period, row.frequency),
                "old": row.old,
                "new": row.new,
                "change": row.change,
            }
            for row in changes.revised
        ],
        "new_indicators": list(changes.new_indicators),
        "knowhow": [_judged(row, preview.before.catalogue.markets) for row in changes.knowhow],
        "forecasts": len(changes.forecasts),
        "calls": [
            {
                "segment": turn.segment,
                "horizon": turn.horizon,
                "old": turn.old.call if turn.old else None,
                "new": turn.new.call if turn.new else None,
            }
            for turn in changes.flipped
        ],
        "same_file_as": preview.twin.id if preview.twin else None,
    }


def _judged(row: Rejudged, markets: Sequence[str]) -> dict[str, Any]:
    """A know-how that changes: "new", "withdrawn" or "changed", and the markets that use it otherwise (2, 1 or 0)."""
    what = "changed" if row.old and row.new else "new" if row.new else "withdrawn"
    cells = [{"segment": name, "old": old, "new": new} for name, old, new in row.cells(markets)]
    return {"id": row.row.id, "what": what, "cells": cells}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
