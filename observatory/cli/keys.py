"""The command that makes, lists and revokes analysts' keys."""

import argparse

from observatory import settings
from observatory.cli.output import EXIT_OK, print_json, print_status
from observatory.language import Localizer
from observatory.workspace import Workspace


def key(args: argparse.Namespace, localizer: Localizer) -> int:
    """Makes, lists or revokes analysts' keys."""
    keys = Workspace(settings.load_settings(), args.clock).store.keys
    if args.action == "create":
        made, text = keys.create(args.name)
        if args.format == "json":
            print_json({"id": made.id, "name": made.name, "key": text})
        else:
            print_status(localizer.text("cli.key.once"))
            print(text)
    elif args.action == "revoke":
        ended = keys.revoke(args.name)
        if args.format == "json":
            print_json({"id": ended.id, "name": ended.name, "revoked": True})
        else:
            print(localizer.text("cli.key.revoked", name=ended.name))
    else:
        rows = keys.list_keys()
        if args.format == "json":
            print_json(
                [
                    {
                        "id": row.id,
                        "name": row.name,
                        "created": row.created_at.isoformat(),
                        "revoked": row.revoked_at.isoformat() if row.revoked_at else None,
                    }
                    for row in rows
                ]
            )
        elif not rows:
            print_status(localizer.text("cli.key.none"))
        else:
            for row in rows:
                state = localizer.text("cli.key.ended", day=localizer.day(row.revoked_at)) if row.revoked_at else ""
                print(f"{row.id:>4}  {row.created_at:%Y-%m-%d}  {row.name}  {state}".rstrip())
    return EXIT_OK
