"""Commands serve, vintages, calls and datapackage: each prints a result and returns the exit code."""

import argparse
import os
import sys

from observatory import settings, workspace
from observatory.briefs.whats_new.editions import note_text
from observatory.catalogue import loader
from observatory.catalogue.datapackage import DATAPACKAGE_FILE, render_datapackage
from observatory.cli.output import (
    EXIT_INVALID_DATA,
    EXIT_OK,
    build_progress_bar,
    print_json,
    print_status,
)
from observatory.diagnosis.machine import require_free_port
from observatory.errors import ObservatoryError
from observatory.language import Localizer
from observatory.selection import parse_selection


def serve(args: argparse.Namespace, localizer: Localizer) -> int:
    """Publishes the curated data if nothing is published yet, then becomes the server."""
    environment = dict(os.environ)
    options = (("PORT", args.port), ("HOST", args.host), ("OBSERVATORY_REFRESH_AT", args.refresh))
    environment |= {name: value for name, value in options if value}
    loaded = settings.load_settings(environment)
    require_free_port(loaded.host, loaded.port)
    opened_workspace = workspace.Workspace(loaded, args.clock)
    if not opened_workspace.has_vintages():
        print_status(localizer.text("cli.seeding"))
        opened_workspace.publish_curated(build_progress_bar(localizer))
    opened_workspace.close()
    shown_host = f"[{loaded.host}]" if ":" in loaded.host else loaded.host
    print(localizer.text("cli.serving", host=shown_host, port=loaded.port), flush=True)
    if loaded.refresh_at is not None:
        zone = args.clock().astimezone().strftime("%Z, UTC%z")
        print(localizer.text("cli.refreshing", time=f"{loaded.refresh_at:%H:%M}", zone=zone), flush=True)
    # A fresh process, since the modules imported by publishing would stay in the memory of the server.
    app = settings.project_root() / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(loaded.port)]
    os.execve(sys.executable, [*command, "--server.address", loaded.host], environment)  # noqa: S606 - our own command, no shell wanted


def vintages(args: argparse.Namespace, localizer: Localizer) -> int:
    """The published vintages, oldest first; a note begins with what it undoes, `reverts` in JSON."""
    opened_workspace = workspace.Workspace(settings.load_settings(), args.clock)
    rows = opened_workspace.store.vintages()
    if not rows:
        print_status(localizer.text("cli.no_vintage", path=opened_workspace.store.address))
    if args.format == "json":
        print_json([vars(row) | {"at": row.at.isoformat(), "recorded": row.recorded.isoformat()} for row in rows])
        return EXIT_OK
    for row in rows:
        print(f"{row.id:>4}  {row.at:%Y-%m-%d %H:%M}  {row.who}  {note_text(row, localizer)}".rstrip())
    return EXIT_OK


def calls(args: argparse.Namespace, localizer: Localizer) -> int:
    """The calls on all markets as of a moment."""
    opened_workspace = workspace.Workspace(settings.load_settings(), args.clock)
    selection, notices = parse_selection(
        {"asof": args.asof} if args.asof else {}, opened_workspace.get_full_catalogue()
    )
    if notices:
        raise ObservatoryError("error.moment", value=args.asof[: settings.MAX_ECHOED_CHARS])
    outlook = opened_workspace.get_selected_outlook(selection)
    selected_calls = [call for (_segment, years), call in outlook.calls.items() if years == args.horizon]
    selected_calls.sort(key=lambda call: -(call.probability_clear or 0))
    if args.format == "json":
        print_json(
            [
                {"segment": call.segment, "horizon": call.horizon, "call": call.call, **call.to_details()}
                for call in selected_calls
            ]
        )
        return EXIT_OK
    for call in selected_calls:
        title = localizer.field_text(outlook.catalogue.segments[call.segment], "title")
        probability_text = (
            f"{localizer.percent_digits(call.probability_clear):>3} %  "
            f"{localizer.probability_word(call.probability_clear)}"
            if call.probability_clear
            else "  -"
        )
        growth_text = ""
        if call.growth is not None and call.low is not None and call.high is not None:
            growth_text = (
                f"{localizer.growth(call.growth)} [{localizer.growth(call.low)}; {localizer.growth(call.high)}]"
            )
        print(f"{title:<22} {localizer.text(f'call.{call.call}'):<14} {probability_text:<24} {growth_text}")
    return EXIT_OK


def datapackage(args: argparse.Namespace, localizer: Localizer) -> int:
    """Writes the data package, or checks that it is up to date."""
    loaded = settings.load_settings()
    catalogue = loader.load_catalogue(loaded.data_dir)
    path = loaded.data_dir / DATAPACKAGE_FILE
    try:
        content = render_datapackage(catalogue, loaded.data_dir)
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
    print(
        localizer.text("cli.datapackage.written", n=len(catalogue.indicators) + bool(catalogue.external_forecasts.rows))
    )
    return EXIT_OK
