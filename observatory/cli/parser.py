"""Command line parser, and one sentence for every error."""

import argparse
import contextlib
import io
import math
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from observatory import __version__, settings
from observatory.catalogue.periods import FREQUENCIES
from observatory.cli.forecast import run_backtest, run_forecast
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_USAGE_ERROR, finding_text, print_status
from observatory.clock import Clock, system_clock
from observatory.errors import CatalogueError, ObservatoryError, SeriesFileError
from observatory.ingest.decode.aliases import parse_alias
from observatory.ingest.decode.ambiguous_dates import FISCAL_YEAR_CHOICES, UTC_MONTH_CHOICES
from observatory.language import Localizer, negotiate_language
from observatory.selection import DEFAULT_SELECTION

_Command = Callable[[argparse.Namespace, Localizer], int]
_MAX_HORIZON_STEPS = 240  # steps: twenty years of months
_MAX_JOBS_OR_ORIGINS = 1000  # processes, or origins


def main(argv: Sequence[str] | None = None, clock: Clock = system_clock) -> int:
    """Runs a command: 0 if all is well, 1 if the data are wrong, 2 if the call is.

    Commands find `clock` among their arguments.
    """
    localizer = Localizer(
        negotiate_language(os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG"), "en")
    )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        args = build_parser().parse_args(argv, argparse.Namespace(clock=clock))
        run: _Command = args.run
        code = run(args, localizer)
        sys.stdout.flush()
        return code
    except CatalogueError as error:
        for finding in error.findings:
            print_status(finding_text(finding, localizer))
        print_status(localizer.error_text(error.key, error.values))
        return EXIT_INVALID_DATA
    except SeriesFileError as error:
        print_status(localizer.error_text(error.key, error.values))
        return EXIT_INVALID_DATA
    except ObservatoryError as error:
        print_status(localizer.error_text(error.key, error.values))
        return EXIT_USAGE_ERROR
    except OSError as error:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # no more output is possible there
        if not isinstance(error, BrokenPipeError):
            print_status(localizer.text("error.output", why=error.strerror or str(error)))
        return EXIT_USAGE_ERROR
    except KeyboardInterrupt:
        print_status(localizer.text("error.interrupted"))
        return 130


def _import_lazily(name: str, module: str = "commands") -> _Command:
    """A command that opens catalogue or store, imported when it runs: forecasting a file needs neither."""

    def run(args: argparse.Namespace, localizer: Localizer) -> int:
        command: _Command = getattr(import_module(f"observatory.cli.{module}"), name)
        return command(args, localizer)

    return run


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; `run` of what it parses is the function of the command."""
    parser = argparse.ArgumentParser(
        prog="observatory",
        description="Where are the growing markets? Real indicators, honest forecasts, calls that can be judged.",
        epilog="Example: observatory serve --port 8502. OBSERVATORY_STORE says which store all commands open.",
    )
    parser.add_argument("--version", action="version", version=f"observatory {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: _Command, text: str, example: str, more: str = "") -> argparse.ArgumentParser:
        about = f"{text}. {more}" if more else text
        subparser = subparsers.add_parser(name, help=text, description=about, epilog=f"Example: {example}")
        subparser.set_defaults(run=run)
        return subparser

    serve = command("serve", _import_lazily("serve"), "start the application", "observatory serve --port 8502")
    serve.add_argument("--port", help="the port to listen on (default: PORT, else 8501)")
    serve.add_argument("--host", help="the address to listen on (default: HOST, else 127.0.0.1)")
    serve.add_argument(
        "--refresh",
        metavar="HH:MM",
        help="collect from the publishers every day at this local time (default: OBSERVATORY_REFRESH_AT, else never)",
    )
    _add_publish_commands(command)
    _add_refresh_command(command)
    _add_format_option(
        command(
            "vintages", _import_lazily("vintages"), "list the published vintages", "observatory vintages --format json"
        )
    )
    calls = command(
        "calls",
        _import_lazily("calls"),
        "the calls on all segments, as the overview shows them",
        "observatory calls --horizon 2",
    )
    calls.add_argument("--asof", default="", metavar="WHEN", help="a day, month or year: 2026-11-22, 2026-11, 2026")
    calls.add_argument(
        "--horizon",
        type=int,
        choices=settings.HORIZONS,
        default=DEFAULT_SELECTION.horizon,
        help="years ahead",
    )
    _add_format_option(calls)
    _add_forecast_commands(command)
    _add_export_commands(command)
    _add_store_commands(command)
    return parser


def _add_store_commands(add_command: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands of an operator."""
    backup = add_command(
        "backup",
        _import_lazily("backup", "operations"),
        "copy the store to a file, while it is served and written",
        "observatory backup /backups/observatory.db",
        "The copy is checked before it takes its name; a backup of that name is replaced.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="the backup, one file")
    copied = add_command(
        "copy",
        _import_lazily("copy", "operations"),
        "copy a store to an empty one, as from a file to a database",
        "observatory copy /var/lib/observatory/observatory.db postgresql://observatory_writer@db.example/observatory",
        "All rows and their numbers are the same in the copy, which is compared before it counts. OBSERVATORY_STORE is "
        "not looked at.",
    )
    for name in ("source", "target"):
        copied.add_argument(
            name, metavar="FROM" if name == "source" else "TO", help="a file, or the address of a store"
        )
    restore = add_command(
        "restore",
        _import_lazily("restore", "operations"),
        "put a backup in the place of the store",
        "observatory restore /backups/observatory.db",
        "The backup is checked first; what was there is kept beside it, and a running server goes on with the backup.",
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that 'backup' made")
    store = add_command(
        "store",
        _import_lazily("store", "operations"),
        "check the store, or make what it lacks",
        "observatory store check",
    )
    actions = store.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, text in (
        ("check", "damage, absent triggers, editions that were changed"),
        ("init", "make the tables, triggers and digests that are absent"),
    ):
        one = actions.add_parser(action, help=text, description=text, epilog=f"Example: observatory store {action}")
        _add_format_option(one)
        if action == "init":
            one.add_argument(
                "--owner", action="store_true", help="print instead what an administrator of PostgreSQL runs with psql"
            )
    for parser in (backup, copied, restore):
        _add_format_option(parser)
    doctor = add_command(
        "doctor",
        _import_lazily("doctor", "doctor"),
        "what is wrong with the installation, or with a server that runs",
        "observatory doctor https://observatory.example",
        "Each problem with its cure; nothing is written. Exit code 1: something is wrong.",
    )
    doctor.add_argument("url", nargs="?", default="", metavar="URL", help="a server (default: this installation)")
    _add_format_option(doctor)
    doctor.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")


def _add_export_commands(add_command: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands that write files: a view, and the data package."""
    export = add_command(
        "export",
        _import_lazily("export"),
        "what a link shows, as a file",
        "observatory export '/segment?segment=space&lang=fr' --format pdf --output space.pdf",
        "A file says what the dated link of its view shows, with source, licence, edition and that link.",
    )
    export.add_argument("link", metavar="LINK", help="a full address, or its path and query")
    export.add_argument("--format", required=True, metavar="FORMAT", help="pptx, pdf, xlsx, png, svg, csv or json")
    export.add_argument("--output", type=Path, metavar="FILE", help="a file (default: standard output)")
    export.add_argument("--brief", action="store_true", help="a market on one page, for a bank (pdf or pptx)")
    package = add_command(
        "datapackage",
        _import_lazily("datapackage"),
        "write data/datapackage.json from the catalogue",
        "observatory datapackage --check",
    )
    package.add_argument("--check", action="store_true", help="only say whether it is up to date")


def _add_publish_commands(add_command: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands of analysts: check a file, publish it, undo an edition, manage keys."""
    check = add_command(
        "check",
        _import_lazily("check", "check"),
        "validate the catalogue, or CSV and Excel files as an upload would",
        "observatory check figures.csv",
        "Every fault with its line, the value seen and the cure; nothing is written.",
    )
    check.add_argument("--store", action="store_true", help="check the store instead: the same as 'store check'")
    check.add_argument("files", nargs="*", metavar="FILE", help="files; none: the whole catalogue under data/")
    publish = add_command(
        "publish",
        _import_lazily("publish", "publish"),
        "publish a CSV or Excel file as a new edition, as the page would",
        "observatory publish figures.csv --note 'figures of October' --dry-run",
        "What is added, revised and unchanged, which forecasts and calls change; --dry-run publishes nothing.",
    )
    which = publish.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?", metavar="FILE", help="figures, or the table of know-how")
    which.add_argument("--curated", action="store_true", help="the edition under data/ instead of a file")
    publish.add_argument("--note", default="", metavar="N", help="why, as readers will see it")
    publish.add_argument("--dry-run", action="store_true", help="only say what would change")
    for parser in (check, publish):
        parser.add_argument("--about", metavar="FACTS.toml", help="the facts of a new indicator, keys as under data/")
        parser.add_argument(
            "--decimal", choices=(",", "."), help="the decimal separator, where the file leaves it open"
        )
        parser.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (default: the first)")
        _add_date_options(parser)
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
            type=_parse_alias,
            metavar="KIND:NAME=ID",
            help="read a name of the file as this indicator, geo or item ('item:All=': the total); may be repeated",
        )
        parser.add_argument(
            "--aggregate", choices=("sum", "mean"), help="make each complete period of its days, as the report offers"
        )
        _add_format_option(parser)
    revert = add_command(
        "revert",
        _import_lazily("revert", "publish"),
        "undo an edition by publishing its inverse",
        "observatory revert 12",
    )
    revert.add_argument("id", type=_integer_between(1, 999_999), metavar="ID", help="the number of the edition")
    revert.add_argument("--note", default="", metavar="N", help="why, as readers will see it")
    note = _add_note_command(add_command)
    for parser in (publish, revert, note):
        parser.add_argument(
            "--date-is-right",
            action="store_true",
            help="the clock is right, although it is more than a year past the newest edition",
        )
    _add_format_option(revert)
    notify = add_command(
        "notify",
        _import_lazily("notify", "notify"),
        "send a test message to the addresses of OBSERVATORY_NOTIFY",
        "observatory notify",
        "Each address is named by its place and its kind of service, since it may hold a password.",
    )
    _add_format_option(notify)
    key = add_command(
        "key", _import_lazily("key", "keys"), "make, list or revoke analysts' keys", "observatory key create analyst-2"
    )
    actions = key.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, text in (("create", "a new key, shown once"), ("list", "all keys"), ("revoke", "end a key")):
        one = actions.add_parser(action, help=text, description=text, epilog=f"Example: observatory key {action} NAME")
        if action != "list":
            one.add_argument("name", metavar="NAME", type=_parse_key_name, help="whose key it is")
        _add_format_option(one)


def _add_note_command(add_command: Callable[..., argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command of the cluster's notes."""
    note = add_command(
        "note",
        _import_lazily("note", "notes"),
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
    _add_format_option(note)
    return note


def _add_refresh_command(add_command: Callable[..., argparse.ArgumentParser]) -> None:
    """The command that collects from the publishers."""
    refresh = add_command(
        "refresh",
        _import_lazily("refresh", "refresh"),
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
    _add_format_option(refresh)


def _parse_alias(text: str) -> str:
    """A name and what it stands for, as one line of the choices on a file."""
    alias = parse_alias(text)
    if alias is None or "\n" in text:
        raise argparse.ArgumentTypeError("write indicator:NAME=ID, geo:NAME=CODE or item:NAME=ID")
    return str(alias)


def _parse_key_name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > settings.MAX_ECHOED_CHARS or not name.isprintable():
        raise argparse.ArgumentTypeError(f"a name of 1 to {settings.MAX_ECHOED_CHARS} characters is needed")
    return name


def _add_forecast_commands(add_command: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands on long files."""
    forecast = add_command(
        "forecast",
        run_forecast,
        "forecast any series of a long CSV, Excel or Parquet file",
        "observatory forecast sales.csv --horizon 12 --output forecasts.csv",
        "Columns unique_id, ds (2024, 2024-Q1, 2024-01, 2024-01-31, and whatever else 'check' reads) and y; an empty y "
        "is a value that is absent. A series needs 3 values. Out come unique_id, ds (the first day of the period), "
        "mean and lo-L, hi-L by level.",
    )
    forecast.add_argument("file", type=Path, metavar="IN.csv", help="the series: unique_id, ds, y")
    ahead = _integer_between(1, _MAX_HORIZON_STEPS)
    forecast.add_argument("--horizon", type=ahead, required=True, metavar="H", help="periods ahead")
    forecast.add_argument(
        "--level",
        type=_integer_between(1, 99),
        nargs="+",
        default=list(settings.INTERVAL_LEVELS),
        metavar="L",
        help="per cent of outcomes inside each interval (default: 50 80 95)",
    )
    backtest = add_command(
        "backtest",
        run_backtest,
        "score forecasts on the past of a long file or of our own series, by model and horizon",
        "observatory backtest sales.csv --horizon 12 --origins 3",
        "Rolling origins: with T the last value of a series and H the horizon, the forecasts made at T - H, T - 2H, "
        "... are compared with what came: no two windows overlap, and nothing later than an origin is known there. "
        "sMAPE, MASE and skill (1 - MASE / MASE of the naive forecast); coverage and MSIS for our own row.",
    )
    backtest.add_argument(
        "file", type=Path, nargs="?", metavar="IN.csv", help="the series: unique_id, ds, y (default: our own)"
    )
    backtest.add_argument(
        "--horizon", type=ahead, metavar="H", help="periods ahead (default: 3 years, 4 quarters or 12 months)"
    )
    records = {
        "--calls": "replay all past calls: segment, origin, horizon, call, probability, outcome",
        "--indicators": (
            "replay the growth of each demand indicator: indicator, origin, horizon, growth, range, outcome"
        ),
        "--real-time": (
            "forecasts from the figures that publishers showed then, beside those from figures as revised since"
        ),
        "--outlooks": "judge the forecasts of others: publisher, published, target, lead, theirs, ours, naive, outcome",
    }
    ours = backtest.add_mutually_exclusive_group()
    for option, text in records.items():
        ours.add_argument(option, action="store_true", help=text)
    backtest.add_argument(
        "--origins",
        type=_integer_between(1, _MAX_JOBS_OR_ORIGINS),
        default=3,
        metavar="N",
        help="how many origins a series (default: 3)",
    )
    for parser in (forecast, backtest):
        _add_long_file_options(parser)


def _add_long_file_options(parser: argparse.ArgumentParser) -> None:
    """The options of both commands on long files."""
    parser.add_argument(
        "--frequency", choices=FREQUENCIES, help="years, quarters or months (default: what the file shows)"
    )
    parser.add_argument("--decimal", choices=(",", "."), help="the decimal separator, where the file leaves it open")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (default: the first)")
    _add_date_options(parser)
    parser.add_argument(
        "--missing",
        type=_parse_finite,
        nargs="+",
        default=[],
        metavar="V",
        help="numbers that stand for absent values: --missing=-9999",
    )
    parser.add_argument("--output", type=Path, metavar="OUT.csv", help="a file (default: standard output)")
    parser.add_argument(
        "--jobs",
        type=_integer_between(1, _MAX_JOBS_OR_ORIGINS),
        default=1,
        metavar="N",
        help="processes of this machine (default: 1)",
    )
    parser.add_argument(
        "--cluster", default="", metavar="ADDRESS", help="a Dask cluster that is running: tcp://host:8786"
    )
    _add_format_option(parser)


def _add_date_options(parser: argparse.ArgumentParser) -> None:
    """The options on dates that can be meant in two ways."""
    parser.add_argument(
        "--fiscal-year",
        choices=FISCAL_YEAR_CHOICES,
        help="the calendar year that names a fiscal year: in which it begins, or ends (no: dates as written)",
    )
    parser.add_argument(
        "--utc-month",
        choices=UTC_MONTH_CHOICES,
        help="the month of dates that are the last evening of a month in UTC: the next one, or the one written",
    )


def _parse_finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.inf
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"'{text[: settings.MAX_ECHOED_CHARS]}' is not a number")
    return number


def _integer_between(least: int, most: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"'{text[: settings.MAX_ECHOED_CHARS]}' is not a whole number from {least} to {most}"
            )
        return number

    return whole


def _add_format_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for programs")
