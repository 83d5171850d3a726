"""Parsers of the commands of analysts: check, publish, revert, note, notify, key, refresh."""

import argparse

from observatory.cli.arguments import (
    AddCommand,
    add_date_options,
    add_format_option,
    import_lazily,
    integer_between,
    parse_alias_option,
    parse_key_name,
)


def add_publish_commands(add_command: AddCommand) -> None:
    """The commands of analysts: check a file, publish it, undo an edition, sign notes, manage keys."""
    check, publish = _add_check_command(add_command), _add_publish_command(add_command)
    for parser in (check, publish):
        _add_file_options(parser)
    revert = _add_revert_command(add_command)
    note = _add_note_command(add_command)
    for parser in (publish, revert, note):
        parser.add_argument(
            "--date-is-right",
            action="store_true",
            help="the clock is right, although it is more than a year past the newest edition",
        )
    add_format_option(revert)
    _add_notify_command(add_command)
    _add_key_command(add_command)


def _add_check_command(add_command: AddCommand) -> argparse.ArgumentParser:
    check = add_command(
        "check",
        import_lazily("check", "check"),
        "validate the catalogue, or CSV and Excel files as an upload would",
        "observatory check figures.csv",
        "Every fault with its line, the value seen and the cure; nothing is written.",
    )
    check.add_argument("--store", action="store_true", help="check the store instead: the same as 'store check'")
    check.add_argument("files", nargs="*", metavar="FILE", help="files; none: the whole catalogue under data/")
    return check


def _add_publish_command(add_command: AddCommand) -> argparse.ArgumentParser:
    publish = add_command(
        "publish",
        import_lazily("publish", "publish"),
        "publish a CSV or Excel file as a new edition, as the page would",
        "observatory publish figures.csv --note 'figures of October' --dry-run",
        "What is added, revised and unchanged, which forecasts and calls change; --dry-run publishes nothing.",
    )
    which = publish.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?", metavar="FILE", help="figures, or the table of know-how")
    which.add_argument("--curated", action="store_true", help="the edition under data/ instead of a file")
    publish.add_argument("--note", default="", metavar="N", help="why, as readers will see it")
    publish.add_argument("--dry-run", action="store_true", help="only say what would change")
    return publish


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    """The options on how a file is read."""
    parser.add_argument("--about", metavar="FACTS.toml", help="the facts of a new indicator, keys as under data/")
    parser.add_argument("--decimal", choices=(",", "."), help="the decimal separator, where the file leaves it open")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (default: the first)")
    add_date_options(parser)
    parser.add_argument("--indicator", metavar="ID", help="the indicator of a file that names none")
    parser.add_argument(
        "--total",
        action="append",
        metavar="COLUMN=VALUE",
        help="take rows that all say this in a column as the whole of the indicator; may be repeated",
    )
    parser.add_argument(
        "--name",
        action="append",
        dest="names",
        type=parse_alias_option,
        metavar="KIND:NAME=ID",
        help="read a name of the file as this indicator, geo or item ('item:All=': the total); may be repeated",
    )
    parser.add_argument(
        "--aggregate", choices=("sum", "mean"), help="make each complete period of its days, as the report offers"
    )
    add_format_option(parser)


def _add_revert_command(add_command: AddCommand) -> argparse.ArgumentParser:
    revert = add_command(
        "revert",
        import_lazily("revert", "publish"),
        "undo an edition by publishing its inverse",
        "observatory revert 12",
    )
    revert.add_argument("id", type=integer_between(1, 999_999), metavar="ID", help="the number of the edition")
    revert.add_argument("--note", default="", metavar="N", help="why, as readers will see it")
    return revert


def _add_notify_command(add_command: AddCommand) -> None:
    notify = add_command(
        "notify",
        import_lazily("notify", "notify"),
        "send a test message to the addresses of OBSERVATORY_NOTIFY",
        "observatory notify",
        "Each address is named by its place and its kind of service, since it may hold a password.",
    )
    add_format_option(notify)


def _add_key_command(add_command: AddCommand) -> None:
    key = add_command(
        "key", import_lazily("key", "keys"), "make, list or revoke analysts' keys", "observatory key create analyst-2"
    )
    actions = key.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, text in (("create", "a new key, shown once"), ("list", "all keys"), ("revoke", "end a key")):
        one = actions.add_parser(action, help=text, description=text, epilog=f"Example: observatory key {action} NAME")
        if action != "list":
            one.add_argument("name", metavar="NAME", type=parse_key_name, help="whose key it is")
        add_format_option(one)


def _add_note_command(add_command: AddCommand) -> argparse.ArgumentParser:
    """The command of the cluster's notes."""
    note = add_command(
        "note",
        import_lazily("note", "notes"),
        "publish a signed note of the cluster, list all, or withdraw one",
        "observatory note space.toml --dry-run; observatory note withdraw 3 --reason 'figures revised'",
        "A file in TOML: whole = true, segment or country; text_fr and text_en (900 characters each, English may be "
        "absent); name and role of who signs; date; link (https, may be absent). A note is never changed: a "
        "withdrawal hides it, and dated links keep showing what stood then.",
    )
    note.add_argument("what", metavar="FILE.toml|list|withdraw", help="a file, or one of these words")
    note.add_argument("id", nargs="?", metavar="ID", help="the number of the note to withdraw")
    note.add_argument("--reason", default="", metavar="R", help="why it is withdrawn; required")
    note.add_argument("--dry-run", action="store_true", help="only say what would be published")
    add_format_option(note)
    return note


def add_refresh_command(add_command: AddCommand) -> None:
    """The command that collects from the publishers."""
    refresh = add_command(
        "refresh",
        import_lazily("refresh", "refresh"),
        "collect new figures from the publishers, as one edition",
        "observatory refresh --source fred --source ecb --dry-run",
        "What is due is asked for, or what is named. Figures that look wrong wait as drafts for an analyst; the others "
        "are published, after a question at a terminal. Exit code 1: a source failed, or something is held.",
    )
    refresh.add_argument(
        "--source", action="append", default=[], metavar="S", help="a source, due or not; may be repeated"
    )
    refresh.add_argument(
        "--indicator", action="append", default=[], metavar="I", help="an indicator, due or not; may be repeated"
    )
    refresh.add_argument("--dry-run", action="store_true", help="only say what would change")
    refresh.add_argument("--yes", action="store_true", help="publish without asking")
    refresh.add_argument(
        "--resume", action="store_true", help="go on with the run that was interrupted, and the answers it had"
    )
    refresh.add_argument("--canary", action="store_true", help="ask each source for one indicator; store nothing")
    add_format_option(refresh)
