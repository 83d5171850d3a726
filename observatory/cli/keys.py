"""Command `key`: creates, lists and revokes keys of analysts."""

import argparse

from observatory import settings
from observatory.cli.output import EXIT_OK, print_json, print_status
from observatory.language import Localizer
from observatory.workspace import Workspace


def key(args: argparse.Namespace, localizer: Localizer) -> int:
    """Creates, lists or revokes keys of analysts."""
    keys = Workspace(settings.load_settings(), args.clock).store.keys
    if args.action == "create":
        new_key, text = keys.create(args.name)
        if args.format == "json":
            print_json({"id": new_key.id, "name": new_key.name, "key": text})
        else:
            print_status(localizer.text("cli.key.once"))
            print(text)
    elif args.action == "revoke":
        revoked_key = keys.revoke(args.name)
        if args.format == "json":
            print_json({"id": revoked_key.id, "name": revoked_key.name, "revoked": True})
        else:
            print(localizer.text("cli.key.revoked", name=revoked_key.name))
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
