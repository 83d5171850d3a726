"""The command line: serve, check, publish, vintages, calls. It says what the rooms answer; no logic of its own."""

import argparse
import contextlib
import io
import json
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from observatory import __version__, settings, workspace
from observatory import selection as selections
from observatory.catalogue import reading
from observatory.catalogue.datapackage import FILE, written
from observatory.errors import CatalogueError, Finding, ObservatoryError
from observatory.ingest.reading import examine
from observatory.language import Speaker, negotiate

GOOD, WRONG_DATA, WRONG_CALL = 0, 1, 2
BAR = 30


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
            _tell(sentence(finding, speaker))
        _tell(speaker.explain(error.key, error.values))
        return WRONG_DATA
    except ObservatoryError as error:
        _tell(speaker.explain(error.key, error.values))
        return WRONG_CALL
    except OSError as error:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more can be said there
        if not isinstance(error, BrokenPipeError):
            _tell(speaker.say("error.output", why=error.strerror or str(error)))
        return WRONG_CALL
    except KeyboardInterrupt:
        _tell(speaker.say("error.interrupted"))
        return 130


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="observatory",
        description="Where are the growing markets? Real indicators, honest forecasts, calls that can be judged.",
        epilog="Example: observatory serve --port 8502. OBSERVATORY_STORE says which store all commands open.",
    )
    parser.add_argument("--version", action="version", version=f"observatory {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace, Speaker], int], text: str, example: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, epilog=f"Example: {example}")
        made.set_defaults(run=run)
        return made

    serve = command("serve", _serve, "start the application", "observatory serve --port 8502")
    serve.add_argument("--port", help="the port to listen on (default: PORT, else 8501)")
    serve.add_argument("--host", help="the address to listen on (default: HOST, else 127.0.0.1)")
    check = command(
        "check", _check, "validate the catalogue, or CSV files as an upload would", "observatory check figures.csv"
    )
    check.add_argument("files", nargs="*", metavar="FILE", help="CSV files; none: the whole catalogue under data/")
    _format(check)
    publish = command("publish", _publish, "publish the curated data as a new vintage", "observatory publish --curated")
    publish.add_argument("--curated", action="store_true", required=True, help="the edition under data/")
    _format(publish)
    _format(command("vintages", _vintages, "list the published vintages", "observatory vintages --format json"))
    calls = command(
        "calls", _calls, "the calls on all segments, as the overview shows them", "observatory calls --horizon 2"
    )
    calls.add_argument("--asof", default="", metavar="WHEN", help="a day, month or year: 2026-11-22, 2026-11, 2026")
    calls.add_argument(
        "--horizon", type=int, choices=settings.HORIZONS, default=selections.DEFAULT.horizon, help="years ahead"
    )
    _format(calls)
    package = command(
        "datapackage", _datapackage, "write data/datapackage.json from the catalogue", "observatory datapackage --check"
    )
    package.add_argument("--check", action="store_true", help="only say whether it is up to date")
    return parser


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for programs")


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def sentence(finding: Finding, speaker: Speaker) -> str:
    """A finding as one line: where, what is wrong, how to mend it."""
    if finding.line and finding.column:
        where = "finding.where"
    elif finding.line:
        where = "finding.where.line"
    else:
        where = "finding.where.key" if finding.column else "finding.where.file"
    place = speaker.say(where, file=finding.file, line=finding.line, column=finding.column)
    return f"{place} {message(finding, speaker)} {hint(finding, speaker)}"


def message(finding: Finding, speaker: Speaker) -> str:
    """What is wrong."""
    return speaker.say(f"finding.{finding.code}", value=finding.value, **finding.values)


def hint(finding: Finding, speaker: Speaker) -> str:
    """How to mend it."""
    return speaker.say(f"finding.{finding.code}.hint", value=finding.value, **finding.values)


def _json(finding: Finding, speaker: Speaker) -> dict[str, Any]:
    return {
        "level": finding.level,
        "code": finding.code,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "value": finding.value,
        "message": message(finding, speaker),
        "hint": hint(finding, speaker),
    }


# -- commands -------------------------------------------------------------------------------------------------


def _serve(asked: argparse.Namespace, speaker: Speaker) -> int:
    environment = dict(os.environ)
    environment |= {name: value for name, value in (("PORT", asked.port), ("HOST", asked.host)) if value}
    chosen = settings.read(environment)
    _free(chosen.host, chosen.port)
    opened = workspace.Workspace(chosen)
    if not opened.seeded():
        _tell(speaker.say("cli.seeding"))
        opened.publish_curated(_bar(speaker))
    opened.close()
    shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(speaker.say("cli.serving", host=shown, port=chosen.port), flush=True)
    # A fresh process: what publishing imported would stay in the server's memory.
    app = settings.root() / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(chosen.port)]
    os.execve(sys.executable, [*command, "--server.address", chosen.host], environment)  # noqa: S606 - our own command, no shell wanted


def _free(host: str, port: int) -> None:
    """Raises ObservatoryError if a port cannot be listened on."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except UnicodeError as error:
        raise ObservatoryError("error.host", host=host[: settings.SHOWN], why="IDNA") from error
    except PermissionError as error:
        raise ObservatoryError("error.host", host=f"{host}:{port}", why=error.strerror or str(error)) from error
    except OSError as error:
        if error.errno == 98 or "in use" in str(error):
            raise ObservatoryError("error.port_in_use", host=host, port=port) from error
        raise ObservatoryError("error.host", host=host[: settings.SHOWN], why=error.strerror or str(error)) from error


def _bar(speaker: Speaker) -> workspace.Progress:
    """A progress bar on standard error: redrawn on a terminal, one line a step elsewhere."""
    terminal = sys.stderr.isatty()
    shown = ""

    def draw(step: str, done: float) -> None:
        nonlocal shown
        full = round(done * BAR)
        line = f"[{'#' * full}{'.' * (BAR - full)}] {round(done * 100):3d} %  {speaker.say(step)}"
        if terminal:
            end = "\n" if done >= 1 else ""
            print(f"\r{line:<70}", end=end, file=sys.stderr, flush=True)
        elif step != shown:
            _tell(line)
        shown = step

    return draw


def _check(asked: argparse.Namespace, speaker: Speaker) -> int:
    chosen = settings.read()
    if not asked.files:
        indicators, accepted, findings = workspace.check(chosen)
        errors = [row for row in findings if row.level == "error"]
        if asked.format == "json":
            _print(
                {
                    "ok": not errors,
                    "indicators": indicators,
                    "accepted": accepted,
                    "findings": [_json(row, speaker) for row in findings],
                }
            )
        else:
            for row in findings:
                print(sentence(row, speaker))
            if errors:
                print(speaker.say("cli.check.bad", **_counts(len(errors), len(findings) - len(errors), speaker)))
            else:
                print(speaker.say("cli.check.good", indicators=indicators, observations=speaker.number(accepted)))
        return WRONG_DATA if errors else GOOD
    catalogue = reading.load(chosen.data)
    answers, good = [], True
    for name in asked.files:
        path = Path(name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ObservatoryError("error.file", path=name, why=error.strerror or str(error)) from error
        report = examine(name, content, catalogue)
        good = good and report.ok
        wrong = sum(row.level == "error" for row in report.findings)
        if asked.format == "json":
            answers.append(
                {
                    "file": name,
                    "ok": report.ok,
                    "inferred": dict(report.inferred),
                    "accepted": len(report.observations),
                    "observations": [vars(row) for row in report.observations],
                    "findings": [_json(row, speaker) for row in report.findings],
                }
            )
            continue
        for row in report.findings:
            print(sentence(row, speaker))
        counts = _counts(wrong, len(report.findings) - wrong, speaker)
        print(speaker.say("cli.check.file", file=name, accepted=len(report.observations), **counts))
    if asked.format == "json":
        _print(answers[0] if len(answers) == 1 else answers)
    return GOOD if good else WRONG_DATA


def _counts(errors: int, warnings: int, speaker: Speaker) -> dict[str, str]:
    return {"errors": speaker.count("cli.errors", errors), "warnings": speaker.count("cli.warnings", warnings)}


def _publish(asked: argparse.Namespace, speaker: Speaker) -> int:
    opened = workspace.Workspace(settings.read())
    vintage = opened.publish_curated(_bar(speaker))
    if asked.format == "json":
        _print({"published": vintage is not None, "vintage": vintage.id if vintage else None})
    elif vintage is None:
        print(speaker.say("cli.nothing_new"))
    else:
        rows = len(opened.store.panel(vintage))
        print(speaker.say("cli.published", id=vintage.id, n=speaker.number(rows)))
    return GOOD


def _vintages(asked: argparse.Namespace, speaker: Speaker) -> int:
    opened = workspace.Workspace(settings.read())
    rows = opened.store.vintages()
    if not rows:
        _tell(speaker.say("cli.no_vintage", path=opened.store.address))
    if asked.format == "json":
        _print([vars(row) | {"at": row.at.isoformat(), "recorded": row.recorded.isoformat()} for row in rows])
        return GOOD
    for row in rows:
        print(f"{row.id:>4}  {row.at:%Y-%m-%d %H:%M}  {row.who}  {speaker.of(row, 'note')}")
    return GOOD


def _calls(asked: argparse.Namespace, speaker: Speaker) -> int:
    opened = workspace.Workspace(settings.read())
    chosen, notices = selections.read({"asof": asked.asof} if asked.asof else {}, opened.catalogue)
    if notices:
        raise ObservatoryError("error.moment", value=asked.asof[: settings.SHOWN])
    outlook = opened.outlook(replace(chosen, horizon=asked.horizon).moment())
    calls = [call for (_segment, years), call in outlook.calls.items() if years == asked.horizon]
    calls.sort(key=lambda call: -(call.probability or 0))
    if asked.format == "json":
        _print(
            [{"segment": call.segment, "horizon": call.horizon, "call": call.call, **call.details()} for call in calls]
        )
        return GOOD
    for call in calls:
        title = speaker.of(outlook.catalogue.segments[call.segment], "title")
        odds = (
            f"{speaker.percent(call.probability):>3} %  {speaker.chance(call.probability)}"
            if call.probability
            else "  -"
        )
        pace = ""
        if call.growth is not None and call.low is not None and call.high is not None:
            pace = f"{speaker.growth(call.growth)} [{speaker.growth(call.low)}; {speaker.growth(call.high)}]"
        print(f"{title:<22} {speaker.say(f'call.{call.call}'):<14} {odds:<24} {pace}")
    return GOOD


def _datapackage(asked: argparse.Namespace, speaker: Speaker) -> int:
    chosen = settings.read()
    catalogue = reading.load(chosen.data)
    path = chosen.data / FILE
    try:
        content = written(catalogue, chosen.data)
        if asked.check:
            if not path.exists() or path.read_bytes() != content:
                _tell(speaker.say("cli.datapackage.stale"))
                return WRONG_DATA
            return GOOD
        path.write_bytes(content)
    except OSError as error:
        raise ObservatoryError(
            "error.file", path=str(error.filename or path), why=error.strerror or str(error)
        ) from error
    print(speaker.say("cli.datapackage.written", n=len(catalogue.indicators)))
    return GOOD
