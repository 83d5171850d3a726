"""Command line parser, and one sentence for every error."""

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from observatory import __version__, settings
from observatory.cli.arguments import AddCommand, Command, add_format_option, import_lazily
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_USAGE_ERROR, finding_text, print_status
from observatory.cli.parsers_forecast import add_forecast_commands
from observatory.cli.parsers_publish import add_publish_commands, add_refresh_command
from observatory.cli.parsers_store import add_store_commands
from observatory.clock import Clock, system_clock
from observatory.errors import CatalogueError, ObservatoryError, SeriesFileError
from observatory.language import Localizer, negotiate_language
from observatory.selection import DEFAULT_SELECTION


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
        run: Command = args.run
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


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; `run` of what it parses is the function of the command."""
    parser = argparse.ArgumentParser(
        prog="observatory",
        description="Where are the growing markets? Real indicators, honest forecasts, calls that can be judged.",
        epilog="Example: observatory serve --port 8502. OBSERVATORY_STORE says which store all commands open.",
    )
    parser.add_argument("--version", action="version", version=f"observatory {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, text: str, example: str, more: str = "") -> argparse.ArgumentParser:
        about = f"{text}. {more}" if more else text
        subparser = subparsers.add_parser(name, help=text, description=about, epilog=f"Example: {example}")
        subparser.set_defaults(run=run)
        return subparser

    serve = command("serve", import_lazily("serve"), "start the application", "observatory serve --port 8502")
    serve.add_argument("--port", help="the port to listen on (default: PORT, else 8501)")
    serve.add_argument("--host", help="the address to listen on (default: HOST, else 127.0.0.1)")
    serve.add_argument(
        "--refresh",
        metavar="HH:MM",
        help="collect from the publishers every day at this local time (default: OBSERVATORY_REFRESH_AT, else never)",
    )
    add_publish_commands(command)
    add_refresh_command(command)
    add_format_option(
        command(
            "vintages", import_lazily("vintages"), "list the published vintages", "observatory vintages --format json"
        )
    )
    calls = command(
        "calls",
        import_lazily("calls"),
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
    add_format_option(calls)
    add_forecast_commands(command)
    _add_export_commands(command)
    add_store_commands(command)
    return parser


def _add_export_commands(add_command: AddCommand) -> None:
    """The commands that write files: a view, and the data package."""
    export = add_command(
        "export",
        import_lazily("export", "export"),
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
        import_lazily("datapackage"),
        "write data/datapackage.json from the catalogue",
        "observatory datapackage --check",
    )
    package.add_argument("--check", action="store_true", help="only say whether it is up to date")
