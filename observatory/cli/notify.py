"""Command notify: a test message to the addresses of OBSERVATORY_NOTIFY."""

import argparse

from observatory import settings
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, print_json
from observatory.errors import SettingsError
from observatory.language import Localizer
from observatory.notification.announce import send_message
from observatory.notification.message import build_test_message


def notify(args: argparse.Namespace, localizer: Localizer) -> int:
    """Sends a test message to each address, and prints which were reached; never an address itself."""
    loaded = settings.load_settings()
    if not loaded.notify:
        raise SettingsError("error.settings.no_notify")
    message = build_test_message(loaded.site, Localizer(loaded.notify_language))
    rows = send_message(loaded, message)
    if args.format == "json":
        print_json([{"address": row[0], "kind": row[1], "understood": row[2], "sent": row[3]} for row in rows])
    else:
        for number, kind, is_understood, is_sent in rows:
            outcome = "sent" if is_sent else "failed" if is_understood else "unknown"
            print(localizer.text(f"cli.notify.{outcome}", n=number, kind=kind))
    return EXIT_OK if all(row[3] for row in rows) else EXIT_INVALID_DATA
