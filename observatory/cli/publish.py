"""Commands publish and revert."""

import argparse
import contextlib
import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from observatory import settings
from observatory.briefs.publish.page import published_text, unchanged_text
from observatory.briefs.whats_new.knowhow import build_knowhow_entries, reordered_neighbours_text
from observatory.briefs.whats_new.page import changes_text
from observatory.catalogue.periods import ordinal_to_period
from observatory.cli.check import collect_choices, encode_report, examine_argument, print_report
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, build_progress_bar, print_json, print_status
from observatory.errors import ConflictError, ObservatoryError
from observatory.language import Localizer
from observatory.outlook.analysis.diff import KnowHowChange
from observatory.selection import DEFAULT_SELECTION
from observatory.store.records import Vintage
from observatory.store.uploads import UploadDraft
from observatory.workspace import DraftPreview, Workspace
from observatory.workspace.edition_writer import MAX_PUBLISH_ATTEMPTS

_MAX_PRINTED_REVISIONS = 20  # in text; JSON has all


def publish(args: argparse.Namespace, localizer: Localizer) -> int:
    """Publishes a file as a new edition, or the curated data; with --dry-run, prints only what would change."""
    with contextlib.closing(Workspace(settings.load_settings(), args.clock)) as workspace:
        return (_publish_curated if args.curated else _publish_file)(workspace, args, localizer)


def _publish_file(workspace: Workspace, args: argparse.Namespace, localizer: Localizer) -> int:
    if not workspace.has_vintages():
        print_status(localizer.text("cli.seeding"))
        workspace.publish_curated(build_progress_bar(localizer), is_date_right=args.date_is_right)
    newest = workspace.get_newest_outlook()
    assert newest is not None
    path = Path(args.file)
    report, facts_findings, facts, content = examine_argument(path, args, newest)
    if facts_findings or not report.is_publishable:
        if args.format == "json":
            print_json(encode_report(report, facts_findings, localizer) | {"published": False, "vintage": None})
        else:
            print_report(report, facts_findings, localizer, print)
            print(localizer.text("cli.publish.refused"))
        return EXIT_INVALID_DATA
    session = workspace.access.open_operator_session(current_user())
    choices = collect_choices(args)
    if args.dry_run:
        draft = UploadDraft(
            0, report.sha256, path.name, session.who, workspace.now(), newest.edition, choices, facts, None
        )
        return _print_outcome(
            workspace.build_preview(draft, build_progress_bar(localizer), content), None, args, localizer
        )
    draft = workspace.receive(path.name, content, session, choices, facts)
    for _ in range(MAX_PUBLISH_ATTEMPTS):
        preview = workspace.build_preview(draft, build_progress_bar(localizer), content)
        if preview.prepared is None:
            workspace.discard(draft, session)
            return _print_outcome(preview, None, args, localizer)
        try:
            vintage = workspace.commit(preview.prepared, session, args.note, is_date_right=args.date_is_right)
        except ConflictError:
            draft = workspace.redraft(draft, session)  # another edition was published meanwhile
        else:
            return _print_outcome(preview, vintage, args, localizer)
    raise ObservatoryError("error.store.busy", path=workspace.store.address)


def _publish_curated(workspace: Workspace, args: argparse.Namespace, localizer: Localizer) -> int:
    vintage = workspace.publish_curated(build_progress_bar(localizer))
    if args.format == "json":
        print_json({"published": vintage is not None, "vintage": vintage.id if vintage else None})
    elif vintage is None:
        print(localizer.text("cli.nothing_new"))
    else:
        print(localizer.plural("publish.published", len(workspace.store.changed_observations(vintage)), id=vintage.id))
    return EXIT_OK


def revert(args: argparse.Namespace, localizer: Localizer) -> int:
    """Undoes an edition by publishing its inverse."""
    with contextlib.closing(Workspace(settings.load_settings(), args.clock)) as workspace:
        return _revert_edition(workspace, args, localizer)


def _revert_edition(workspace: Workspace, args: argparse.Namespace, localizer: Localizer) -> int:
    session = workspace.access.open_operator_session(current_user())
    for _ in range(MAX_PUBLISH_ATTEMPTS):
        try:
            vintage = workspace.revert(
                args.id, args.note, session, build_progress_bar(localizer), is_date_right=args.date_is_right
            )
        except ConflictError:
            continue
        if args.format == "json":
            print_json(
                {
                    "reverted": args.id,
                    "vintage": vintage.id,
                    "figures": len(workspace.store.changed_observations(vintage)),
                }
            )
        else:
            print(localizer.text("publish.reverted", id=args.id, new=vintage.id))
        return EXIT_OK
    raise ObservatoryError("error.store.busy", path=workspace.store.address)


def _print_outcome(
    preview: DraftPreview,
    vintage: Vintage | None,
    args: argparse.Namespace,
    localizer: Localizer,
) -> int:
    """Prints what was published, or would be, in the same words."""
    if args.format == "json":
        answer = encode_report(preview.report, (), localizer)
        outcome = {"published": vintage is not None, "vintage": vintage.id if vintage else None}
        print_json(answer | outcome | {"parent": preview.draft.parent} | encode_changes(preview))
        return EXIT_OK
    print_report(preview.report, (), localizer, print_status)
    for line in describe_changes(preview, localizer):
        print(line)
    if preview.duplicate is not None:
        print(localizer.text("publish.twin", id=preview.duplicate.id, day=localizer.day(preview.duplicate.at.date())))
    if vintage is not None:
        print(published_text(vintage.id, preview.changes, localizer))
    elif preview.prepared is None:
        print(localizer.text("cli.nothing_new"))
    else:
        print(localizer.text("cli.publish.dry"))
    return EXIT_OK


def describe_changes(preview: DraftPreview, localizer: Localizer) -> list[str]:
    """What a publication changes, as lines."""
    changes = preview.changes
    lines = [
        f"{changes_text(changes, localizer)}, {unchanged_text(preview.report, preview.unchanged_count, localizer)}"
    ]
    for row in changes.revised[:_MAX_PRINTED_REVISIONS]:
        change = f" ({localizer.growth(row.change)})" if row.change is not None else ""
        name = "/".join(part for part in row.key if part)
        lines.append(f"  {name} {ordinal_to_period(row.period, row.frequency)}: {row.old!r} -> {row.new!r}{change}")
    if len(changes.revised) > _MAX_PRINTED_REVISIONS:
        lines.append("  " + localizer.plural("news.rest", len(changes.revised) - _MAX_PRINTED_REVISIONS))
    if preview.prepared is not None and changes.changed_knowhow:
        for entry in build_knowhow_entries(changes.changed_knowhow, preview.base_outlook, DEFAULT_SELECTION, localizer):
            what, old, new = entry.cells
            lines.append(f"  {', '.join(filter(None, (entry.title, entry.subtitle, what)))}: {old} -> {new}")
        lines.append(reordered_neighbours_text(preview.base_outlook, preview.prepared.outlook, localizer))
    lines.append(localizer.plural("publish.forecasts", len(changes.changed_forecasts)))
    for flip in changes.flipped_calls:
        old, new = (localizer.text(f"call.{row.call}") if row else "-" for row in (flip.old, flip.new))
        lines.append(f"  {flip.segment} +{flip.horizon}: {old} -> {new}")
    return lines


def encode_changes(preview: DraftPreview) -> dict[str, Any]:
    """What a publication changes, as JSON values."""
    changes = preview.changes
    return {
        "added": changes.added_count,
        "revised": changes.revised_count,
        "unchanged": preview.unchanged_count,
        "revisions": [
            {
                **dict(zip(("indicator", "geo", "item"), row.key, strict=True)),
                "period": ordinal_to_period(row.period, row.frequency),
                "old": row.old,
                "new": row.new,
                "change": row.change,
            }
            for row in changes.revised
        ],
        "new_indicators": list(changes.new_indicators),
        "knowhow": [
            _encode_knowhow_change(row, preview.base_outlook.catalogue.markets) for row in changes.changed_knowhow
        ],
        "outlooks": {"added": len(changes.added_outlooks), "withdrawn": len(changes.removed_outlooks)},
        "forecasts": len(changes.changed_forecasts),
        "calls": [
            {
                "segment": flip.segment,
                "horizon": flip.horizon,
                "old": flip.old.call if flip.old else None,
                "new": flip.new.call if flip.new else None,
            }
            for flip in changes.flipped_calls
        ],
        "same_file_as": preview.duplicate.id if preview.duplicate else None,
    }


def _encode_knowhow_change(row: KnowHowChange, markets: Sequence[str]) -> dict[str, Any]:
    """A changed know-how: "new", "withdrawn" or "changed", and the markets whose usage level (2, 1 or 0) changes."""
    what = "changed" if row.old and row.new else "new" if row.new else "withdrawn"
    cells = [{"segment": name, "old": old, "new": new} for name, old, new in row.changed_levels(markets)]
    return {"id": row.current.id, "what": what, "cells": cells}


def current_user() -> str:
    """The user of this machine, who writes as an operator."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
