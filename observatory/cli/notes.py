"""Command note: publishes a signed note of the cluster, lists the notes, withdraws one."""

import argparse
import contextlib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from observatory import settings
from observatory.briefs.notes import build_note, fault_text, list_note_paragraphs, name_subject
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, print_json, print_status
from observatory.cli.publish import current_user
from observatory.errors import ObservatoryError
from observatory.language import Localizer
from observatory.store.notes import NoteContent, NoteRecord
from observatory.typography import escape_unprintable
from observatory.workspace import Workspace
from observatory.workspace.notes import NoteFault, read_note, read_reason

_MAX_FILE_BYTES = 100_000
_MAX_NUMBER_DIGITS = 6


def note(args: argparse.Namespace, localizer: Localizer) -> int:
    """Publishes the note of a file, `list`s all, or `withdraw`s one by its number."""
    if args.what != "withdraw" and args.id is not None:
        raise ObservatoryError("error.note.words", value=escape_unprintable(args.id, settings.MAX_ECHOED_CHARS))
    with contextlib.closing(Workspace(settings.load_settings(), args.clock)) as workspace:
        if args.what == "list":
            return _list_notes(workspace, args, localizer)
        return (_withdraw if args.what == "withdraw" else _publish)(workspace, args, localizer)


def _publish(workspace: Workspace, args: argparse.Namespace, localizer: Localizer) -> int:
    catalogue = workspace.get_outlook().catalogue
    content, faults = read_note(_read_file(Path(args.what)), catalogue, workspace.today())
    if content is None:
        return _refuse(faults, args, localizer)
    record = None
    if not args.dry_run:
        session = workspace.access.open_operator_session(current_user())
        record = workspace.publish_note(content, session, is_date_right=args.date_is_right)
    if args.format == "json":
        print_json({"published": record is not None, "id": record.id if record else None, "note": encode_note(content)})
        return EXIT_OK
    print(localizer.text("cluster.title.about", about=name_subject(content, catalogue, localizer)))
    for language in ("fr", "en") if content.text_en else ("fr",):
        shown = build_note(content, 0, catalogue, Localizer("en" if language == "en" else "fr"))
        print("\n".join(f"  {row}" for row in list_note_paragraphs(shown)))
    key = "cli.note.published" if record else "cli.note.dry"
    print(localizer.text(key, id=record.id if record else 0))
    return EXIT_OK


def _read_file(path: Path) -> dict[str, Any]:
    """The values of a TOML file. Raises ObservatoryError if it is none."""
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
        if len(content) > _MAX_FILE_BYTES:
            raise ObservatoryError("error.note.toml", path=name, why=f"> {_MAX_FILE_BYTES} B")
        return tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise ObservatoryError("error.note.file", path=name, why=error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ObservatoryError("error.note.toml", path=name, why=str(error)[: settings.MAX_ECHOED_CHARS]) from error


def _withdraw(workspace: Workspace, args: argparse.Namespace, localizer: Localizer) -> int:
    number = str(args.id or "")
    if not number.isascii() or not number.isdecimal() or len(number) > _MAX_NUMBER_DIGITS:
        raise ObservatoryError("error.note.number", value=escape_unprintable(number, settings.MAX_ECHOED_CHARS) or "-")
    reason, faults = read_reason(args.reason)
    if faults:
        return _refuse(faults, args, localizer)
    session = workspace.access.open_operator_session(current_user())
    record = workspace.withdraw_note(int(number), reason, session, is_date_right=args.date_is_right)
    if args.format == "json":
        print_json({"withdrawn": int(number), "record": record.id, "reason": reason})
    else:
        print(localizer.text("cli.note.withdrawn", id=number))
    return EXIT_OK


def _refuse(faults: Sequence[NoteFault], args: argparse.Namespace, localizer: Localizer) -> int:
    """Prints all that is wrong; nothing is published."""
    sentences = [(row.name, fault_text(row.key, row.values, localizer)) for row in faults]
    if args.format == "json":
        rows = [{"field": name, "message": sentence} for name, sentence in sentences]
        print_json({"published": False, "id": None, "faults": rows})
    else:
        for name, sentence in sentences:
            print(f"{name}: {sentence}")
        print(localizer.text("cli.note.refused"))
    return EXIT_INVALID_DATA


def _list_notes(workspace: Workspace, args: argparse.Namespace, localizer: Localizer) -> int:
    """The whole log, the newest note first; withdrawn ones say so, with the reason."""
    records = workspace.store.notes.list_records()
    ends = {row.withdraws: row for row in records if row.withdraws is not None}
    notes = [row for row in reversed(records) if row.content is not None]
    if args.format == "json":
        print_json([_encode_record(row, ends.get(row.id)) for row in notes])
        return EXIT_OK
    if not notes:
        print_status(localizer.text("cli.note.none"))
        return EXIT_OK
    catalogue = workspace.get_full_catalogue()
    for row in notes:
        assert row.content is not None
        about = name_subject(row.content, catalogue, localizer)
        first = row.content.text_fr.split("\n")[0]
        print(f"{row.id:>4}  {row.at:%Y-%m-%d %H:%M}  {row.who}  {about}: {first}")
        end = ends.get(row.id)
        if end is not None:
            day = localizer.day(end.at.date())
            print("      " + localizer.text("cluster.ended", day=day, who=end.who, reason=end.reason))
    return EXIT_OK


def encode_note(content: NoteContent) -> dict[str, Any]:
    """A note as JSON values, by the names that a file has."""
    about: dict[str, Any] = {"whole": True} if content.scope == "whole" else {content.scope: content.code}
    names = ("text_fr", "text_en", "name", "role")
    values = {name: getattr(content, name) for name in names}
    return {**about, **values, "date": content.day.isoformat(), "link": content.link}


def _encode_record(row: NoteRecord, end: NoteRecord | None) -> dict[str, Any]:
    assert row.content is not None
    return {
        "id": row.id,
        "published": row.at.isoformat(),
        "edition": row.edition,
        "who": row.who,
        **encode_note(row.content),
        "withdrawn": None
        if end is None
        else {"record": end.id, "at": end.at.isoformat(), "who": end.who, "reason": end.reason},
    }
