"""Commands backup, restore and store: what an operator does to the file of a store."""

import argparse
from pathlib import Path

from observatory import settings
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, print_json, print_status
from observatory.errors import StoreError
from observatory.language import Localizer
from observatory.store.backup import back_up, restore_backup
from observatory.store.store import Store


def backup(args: argparse.Namespace, localizer: Localizer) -> int:
    """Copies the store to a file while others read and write it."""
    editions = back_up(_require_path(), args.file)
    return _print_copy("cli.backup.done", editions, args.file, args, localizer)


def restore(args: argparse.Namespace, localizer: Localizer) -> int:
    """Puts a backup in the place of the store, once it has been checked; a running server goes on with it."""
    path = _require_path()
    editions = restore_backup(args.file, path, args.clock())
    return _print_copy("cli.restore.done", editions, path, args, localizer)


def store(args: argparse.Namespace, localizer: Localizer) -> int:
    """Checks the store, or makes the tables, triggers and digests that it lacks."""
    path = _require_path()
    if args.action == "check":
        return check_store(args, localizer)
    opened = Store(f"sqlite:///{path}", args.clock)
    opened.initialise()
    opened.close()
    print_status(localizer.text("cli.store.ready", path=str(path)))
    return EXIT_OK


def check_store(args: argparse.Namespace, localizer: Localizer) -> int:
    """Prints all that is wrong with the store, and the digest of its newest edition."""
    path = _require_path()
    if not path.is_file():
        raise StoreError("error.backup.absent", path=str(path))
    opened = Store(f"sqlite:///{path}", args.clock)
    faults = opened.find_faults()
    editions, digest = opened.summarise_digests()
    opened.close()
    if args.format == "json":
        rows = [{"fault": row.key, "value": row.value} for row in faults]
        print_json({"ok": not faults, "editions": editions, "digest": digest, "faults": rows})
    else:
        for row in faults:
            print(localizer.text(f"store.fault.{row.key}", value=row.value))
        if not faults:
            print(localizer.plural("cli.store.sound", editions, path=str(path), digest=digest))
    return EXIT_INVALID_DATA if faults else EXIT_OK


def _print_copy(key: str, editions: int, path: Path, args: argparse.Namespace, localizer: Localizer) -> int:
    size = path.stat().st_size
    if args.format == "json":
        print_json({"editions": editions, "path": str(path), "bytes": size})
    else:
        print(localizer.plural(key, editions, path=str(path)))
    return EXIT_OK


def _require_path() -> Path:
    loaded = settings.load_settings()
    if loaded.store_path is None:
        raise StoreError("error.store.address", value=loaded.store_url.split("@")[-1][: settings.MAX_ECHOED_CHARS])
    return loaded.store_path
