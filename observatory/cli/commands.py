"""The commands: each says what the rooms answer and gives the exit code; no logic of their own."""

import argparse
import os
import socket
import sys

from observatory import selection as selections
from observatory import settings, workspace
from observatory.briefs.whats_new.page import note_text
from observatory.catalogue import loader
from observatory.catalogue.datapackage import DATAPACKAGE_FILE, render_datapackage
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, build_progress_bar, print_json, print_status
from observatory.errors import ObservatoryError
from observatory.language import Localizer


def serve(args: argparse.Namespace, localizer: Localizer) -> int:
    """Publishes the curated data if nothing is published yet, then becomes the server."""
    environment = dict(os.environ)
    environment |= {name: value for name, value in (("PORT", args.port), ("HOST", args.host)) if value}
    chosen = settings.load_settings(environment)
    _require_free_port(chosen.host, chosen.port)
    opened = workspace.Workspace(chosen)
    if not opened.has_vintages():
        print_status(localizer.text("cli.seeding"))
        opened.publish_curated(build_progress_bar(localizer))
    opened.close()
    shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(localizer.text("cli.serving", host=shown, port=chosen.port), flush=True)
    # A fresh process: what publishing imported would stay in the server's memory.
    app = settings.project_root() / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(chosen.port)]
    os.execve(sys.executable, [*command, "--server.address", chosen.host], environment)  # noqa: S606 - our own command, no shell wanted


def _require_free_port(host: str, port: int) -> None:
    """Raises ObservatoryError if a port cannot be listened on."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except UnicodeError as error:
        raise ObservatoryError("error.host", host=host[: settings.MAX_ECHOED_CHARS], why="IDNA") from error
    except PermissionError as error:
        raise ObservatoryError("error.host", host=f"{host}:{port}", why=error.strerror or str(error)) from error
    except OSError as error:
        if error.errno == 98 or "in use" in str(error):
            raise ObservatoryError("error.port_in_use", host=host, port=port) from error
        raise ObservatoryError(
            "error.host", host=host[: settings.MAX_ECHOED_CHARS], why=error.strerror or str(error)
        ) from error


def vintages(args: argparse.Namespace, localizer: Localizer) -> int:
    """The published vintages, oldest first; a note begins with what it undoes, `reverts` in JSON."""
    opened = workspace.Workspace(settings.load_settings())
    rows = opened.store.vintages()
    if not rows:
        print_status(localizer.text("cli.no_vintage", path=opened.store.address))
    if args.format == "json":
        print_json([vars(row) | {"at": row.at.isoformat(), "recorded": row.recorded.isoformat()} for row in rows])
        return EXIT_OK
    for row in rows:
        print(f"{row.id:>4}  {row.at:%Y-%m-%d %H:%M}  {row.who}  {note_text(row, localizer)}".rstrip())
    return EXIT_OK


def calls(args: argparse.Namespace, localizer: Localizer) -> int:
    """The calls on all markets as of a moment."""
    opened = workspace.Workspace(settings.load_settings())
    chosen, notices = selections.parse_selection({"asof": args.asof} if args.asof else {}, opened.get_full_catalogue())
    if notices:
        raise ObservatoryError("error.moment", value=args.asof[: settings.MAX_ECHOED_CHARS])
    outlook = opened.get_selected_outlook(chosen)
    found = [call for (_segment, years), call in outlook.calls.items() if years == args.horizon]
    found.sort(key=lambda call: -(call.probability_clear or 0))
    if args.format == "json":
        print_json(
            [
                {"segment": call.segment, "horizon": call.horizon, "call": call.call, **call.to_details()}
                for call in found
            ]
        )
        return EXIT_OK
    for call in found:
        title = localizer.field_text(outlook.catalogue.segments[call.segment], "title")
        odds = (
            f"{localizer.percent_digits(call.probability_clear):>3} %  "
            f"{localizer.probability_word(call.probability_clear)}"
            if call.probability_clear
            else "  -"
        )
        pace = ""
        if call.growth is not None and call.low is not None and call.high is not None:
            pace = f"{localizer.growth(call.growth)} [{localizer.growth(call.low)}; {localizer.growth(call.high)}]"
        print(f"{title:<22} {localizer.text(f'call.{call.call}'):<14} {odds:<24} {pace}")
    return EXIT_OK


def export(args: argparse.Namespace, localizer: Localizer) -> int:
    """What a link shows, as a file; what of the link could not be used is told, and the default is exported."""
    from observatory.export import render
    from observatory.export.csv.forecasts import open_atomically

    opened = workspace.get_workspace()
    chosen = opened.settings
    base = chosen.public_url or f"http://{chosen.host}:{chosen.port}"
    made = render.render_link(opened, args.link, args.format, one_pager=args.brief, base_url=base)
    for row in made.notices:
        default = row.default if row.default != "-" else localizer.text("notice.default")
        print_status(localizer.text(row.key, name=row.name, value=row.value, default=default))
    with open_atomically(args.output) as file:
        file.write(made.content)
    return EXIT_OK


def datapackage(args: argparse.Namespace, localizer: Localizer) -> int:
    """Writes the data package, or says whether it is up to date."""
    chosen = settings.load_settings()
    catalogue = loader.load_catalogue(chosen.data_dir)
    path = chosen.data_dir / DATAPACKAGE_FILE
    try:
        content = render_datapackage(catalogue, chosen.data_dir)
        if args.check:
            if not path.exists() or path.read_bytes() != content:
                print_status(localizer.text("cli.datapackage.stale"))
                return EXIT_INVALID_DATA
            return EXIT_OK
        path.write_bytes(content)
    except OSError as error:
        raise ObservatoryError(
            "error.file", path=str(error.filename or path), why=error.strerror or str(error)
        ) from error
    print(localizer.text("cli.datapackage.written", n=len(catalogue.indicators)))
    return EXIT_OK
