"""The command that makes, lists and revokes analysts' keys."""

import argparse

from observatory import settings
from observatory.cli.output import GOOD, print_json, tell
from observatory.language import Speaker
from observatory.workspace import Workspace


def key(asked: argparse.Namespace, speaker: Speaker) -> int:
    """Makes, lists or revokes analysts' keys."""
    keys = Workspace(settings.read()).store.keys
    if asked.action == "create":
        made, text = keys.create(asked.name)
        if asked.format == "json":
            print_json({"id": made.id, "name": made.name, "key": text})
        else:
            tell(speaker.say("cli.key.once"))
            print(text)
    elif asked.action == "revoke":
        ended = keys.revoke(asked.name)
        if asked.format == "json":
            print_json({"id": ended.id, "name": ended.name, "revoked": True})
        else:
            print(speaker.say("cli.key.revoked", name=ended.name))
    else:
        rows = keys.all()
        if asked.format == "json":
            print_json(
                [
                    {
                        "id": row.id,
                        "name": row.name,
                        "created": row.recorded.isoformat(),
                        "revoked": row.revoked.isoformat() if row.revoked else None,
                    }
                    for row in rows
                ]
            )
        elif not rows:
            tell(speaker.say("cli.key.none"))
        else:
            for row in rows:
                state = speaker.say("cli.key.ended", day=speaker.day(row.revoked)) if row.revoked else ""
                print(f"{row.id:>4}  {row.recorded:%Y-%m-%d}  {row.name}  {state}".rstrip())
    return GOOD
