"""The commands: each says what the rooms answer and gives the exit code; no logic of their own."""

import argparse
import os
import socket
import sys

from observatory import selection as selections
from observatory import settings, workspace
from observatory.briefs.whats_new.page import note_of
from observatory.catalogue import loader
from observatory.catalogue.datapackage import FILE, written
from observatory.cli.output import GOOD, WRONG_DATA, bar, print_json, tell
from observatory.errors import ObservatoryError
from observatory.language import Speaker


def serve(asked: argparse.Namespace, speaker: Speaker) -> int:
    """Publishes the curated data if nothing is published yet, then becomes the server."""
    environment = dict(os.environ)
    environment |= {name: value for name, value in (("PORT", asked.port), ("HOST", asked.host)) if value}
    chosen = settings.read(environment)
    free(chosen.host, chosen.port)
    opened = workspace.Workspace(chosen)
    if not opened.seeded():
        tell(speaker.say("cli.seeding"))
        opened.publish_curated(bar(speaker))
    opened.close()
    shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(speaker.say("cli.serving", host=shown, port=chosen.port), flush=True)
    # A fresh process: what publishing imported would stay in the server's memory.
    app = settings.root() / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(chosen.port)]
    os.execve(sys.executable, [*command, "--server.address", chosen.host], environment)  # noqa: S606 - our own command, no shell wanted


def free(host: str, port: int) -> None:
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


def vintages(asked: argparse.Namespace, speaker: Speaker) -> int:
    """The published vintages, oldest first; a note begins with what it undoes, `reverts` in JSON."""
    opened = workspace.Workspace(settings.read())
    rows = opened.store.vintages()
    if not rows:
        tell(speaker.say("cli.no_vintage", path=opened.store.address))
    if asked.format == "json":
        print_json([vars(row) | {"at": row.at.isoformat(), "recorded": row.recorded.isoformat()} for row in rows])
        return GOOD
    for row in rows:
        print(f"{row.id:>4}  {row.at:%Y-%m-%d %H:%M}  {row.who}  {note_of(row, speaker)}".rstrip())
    return GOOD


def calls(asked: argparse.Namespace, speaker: Speaker) -> int:
    """The calls on all markets as of a moment."""
    opened = workspace.Workspace(settings.read())
    chosen, notices = selections.read({"asof": asked.asof} if asked.asof else {}, opened.watched())
    if notices:
        raise ObservatoryError("error.moment", value=asked.asof[: settings.SHOWN])
    outlook = opened.outlook_of(chosen)
    found = [call for (_segment, years), call in outlook.calls.items() if years == asked.horizon]
    found.sort(key=lambda call: -(call.probability_clear or 0))
    if asked.format == "json":
        print_json(
            [{"segment": call.segment, "horizon": call.horizon, "call": call.call, **call.details()} for call in found]
        )
        return GOOD
    for call in found:
        title = speaker.of(outlook.catalogue.segments[call.segment], "title")
        odds = (
            f"{speaker.percent(call.probability_clear):>3} %  {speaker.chance(call.probability_clear)}"
            if call.probability_clear
            else "  -"
        )
        pace = ""
        if call.growth is not None and call.low is not None and call.high is not None:
            pace = f"{speaker.growth(call.growth)} [{speaker.growth(call.low)}; {speaker.growth(call.high)}]"
        print(f"{title:<22} {speaker.say(f'call.{call.call}'):<14} {odds:<24} {pace}")
    return GOOD


def export(asked: argparse.Namespace, speaker: Speaker) -> int:
    """What a link shows, as a file; what of the link could not be used is told, and the default is exported."""
    from observatory.export import render
    from observatory.export.csv.forecasts import whole

    opened = workspace.opened()
    chosen = opened.settings
    base = chosen.public_address or f"http://{chosen.host}:{chosen.port}"
    made = render.of_link(opened, asked.link, asked.format, asked.brief, base)
    for row in made.notices:
        default = row.default if row.default != "-" else speaker.say("notice.default")
        tell(speaker.say(row.key, name=row.name, value=row.value, default=default))
    with whole(asked.output) as file:
        file.write(made.content)
    return GOOD


def datapackage(asked: argparse.Namespace, speaker: Speaker) -> int:
    """Writes the data package, or says whether it is up to date."""
    chosen = settings.read()
    catalogue = loader.load(chosen.data)
    path = chosen.data / FILE
    try:
        content = written(catalogue, chosen.data)
        if asked.check:
            if not path.exists() or path.read_bytes() != content:
                tell(speaker.say("cli.datapackage.stale"))
                return WRONG_DATA
            return GOOD
        path.write_bytes(content)
    except OSError as error:
        raise ObservatoryError(
            "error.file", path=str(error.filename or path), why=error.strerror or str(error)
        ) from error
    print(speaker.say("cli.datapackage.written", n=len(catalogue.indicators)))
    return GOOD
