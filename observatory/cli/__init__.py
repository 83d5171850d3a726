"""The command line: what can be asked, and one sentence for whatever goes wrong."""

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence

from observatory import __version__, settings
from observatory import selection as selections
from observatory.cli import commands
from observatory.cli.words import sentence, tell
from observatory.errors import CatalogueError, ObservatoryError
from observatory.language import Speaker, negotiate


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command: 0 if all is well, 1 if the data are wrong, 2 if the call is."""
    speaker = Speaker(
        negotiate(os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG"), "en")
    )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        asked = _parser().parse_args(argv)
        run: Callable[[argparse.Namespace, Speaker], int] = asked.run
        code = run(asked, speaker)
        sys.stdout.flush()
        return code
    except CatalogueError as error:
        for finding in error.findings:
            tell(sentence(finding, speaker))
        tell(speaker.explain(error.key, error.values))
        return commands.WRONG_DATA
    except ObservatoryError as error:
        tell(speaker.explain(error.key, error.values))
        return commands.WRONG_CALL
    except OSError as error:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more can be said there
        if not isinstance(error, BrokenPipeError):
            tell(speaker.say("error.output", why=error.strerror or str(error)))
        return commands.WRONG_CALL
    except KeyboardInterrupt:
        tell(speaker.say("error.interrupted"))
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="observatory",
        description="Where are the growing markets? Real indicators, honest forecasts, calls that can be judged.",
        epilog="Example: observatory serve --port 8502. OBSERVATORY_STORE says which store all commands open.",
    )
    parser.add_argument("--version", action="version", version=f"observatory {__version__}")
    listed = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace, Speaker], int], text: str, example: str
    ) -> argparse.ArgumentParser:
        made = listed.add_parser(name, help=text, description=text, epilog=f"Example: {example}")
        made.set_defaults(run=run)
        return made

    serve = command("serve", commands.serve, "start the application", "observatory serve --port 8502")
    serve.add_argument("--port", help="the port to listen on (default: PORT, else 8501)")
    serve.add_argument("--host", help="the address to listen on (default: HOST, else 127.0.0.1)")
    check = command(
        "check",
        commands.check,
        "validate the catalogue, or CSV files as an upload would",
        "observatory check figures.csv",
    )
    check.add_argument("files", nargs="*", metavar="FILE", help="CSV files; none: the whole catalogue under data/")
    _format(check)
    publish = command(
        "publish", commands.publish, "publish the curated data as a new vintage", "observatory publish --curated"
    )
    publish.add_argument("--curated", action="store_true", required=True, help="the edition under data/")
    _format(publish)
    _format(command("vintages", commands.vintages, "list the published vintages", "observatory vintages --format json"))
    calls = command(
        "calls",
        commands.calls,
        "the calls on all segments, as the overview shows them",
        "observatory calls --horizon 2",
    )
    calls.add_argument("--asof", default="", metavar="WHEN", help="a day, month or year: 2026-11-22, 2026-11, 2026")
    calls.add_argument(
        "--horizon", type=int, choices=settings.HORIZONS, default=selections.DEFAULT.horizon, help="years ahead"
    )
    _format(calls)
    package = command(
        "datapackage",
        commands.datapackage,
        "write data/datapackage.json from the catalogue",
        "observatory datapackage --check",
    )
    package.add_argument("--check", action="store_true", help="only say whether it is up to date")
    return parser


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for programs")
