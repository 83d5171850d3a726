"""Commands backup, restore, copy and store: what an operator does to a store as a whole."""

import argparse
from pathlib import Path

from observatory import settings
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, print_json, print_status
from observatory.errors import StoreError
from observatory.language import Localizer
from observatory.store.backup import back_up, back_up_database, restore_backup
from observatory.store.copy import copy_store
from observatory.store.engine import is_present, name_store
from observatory.store.postgresql import build_administrator_sql
from observatory.store.store import Store


def backup(args: argparse.Namespace, localizer: Localizer) -> int:
    """Copies the store to a file while others read and write it."""
    loaded = settings.load_settings()
    if loaded.store_path is None:
        editions = back_up_database(loaded.store_url, args.file)
    else:
        editions = back_up(loaded.store_path, args.file)
    return _print_copy("cli.backup.done", editions, args.file, args, localizer)


def restore(args: argparse.Namespace, localizer: Localizer) -> int:
    """Puts a backup in the place of the store, once it has been checked; a running server goes on with it."""
    loaded = settings.load_settings()
    path = loaded.store_path
    if path is None:
        raise StoreError("error.restore.database", path=name_store(loaded.store_url), file=str(args.file))
    editions = restore_backup(args.file, path, args.clock())
    return _print_copy("cli.restore.done", editions, path, args, localizer)


def copy(args: argparse.Namespace, localizer: Localizer) -> int:
    """Copies a store to an empty one, of the same kind of database or another."""
    source, target = _read_address(args.source), _read_address(args.target)
    editions, name = copy_store(source, target), name_store(target)
    if args.format == "json":
        print_json({"editions": editions, "path": name})
    else:
        print(localizer.plural("cli.copy.done", editions, path=name))
    return EXIT_OK


def store(args: argparse.Namespace, localizer: Localizer) -> int:
    """Checks the store, or makes the tables, triggers and digests that it lacks."""
    if args.action == "check":
        return check_store(args, localizer)
    address = settings.load_settings().store_url
    if args.owner:
        print(build_administrator_sql(address), end="")
        return EXIT_OK
    opened = Store(address, args.clock)
    opened.initialise()
    opened.close()
    print_status(localizer.text("cli.store.ready", path=opened.address))
    return EXIT_OK


def check_store(args: argparse.Namespace, localizer: Localizer) -> int:
    """Prints all that is wrong with the store, and the digest of its newest edition."""
    address = settings.load_settings().store_url
    if not is_present(address):
        raise StoreError("error.copy.absent", path=name_store(address))
    opened = Store(address, args.clock)
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
            print(localizer.plural("cli.store.sound", editions, path=opened.address, digest=digest))
    return EXIT_INVALID_DATA if faults else EXIT_OK


def _print_copy(key: str, editions: int, path: Path, args: argparse.Namespace, localizer: Localizer) -> int:
    size = path.stat().st_size
    if args.format == "json":
        print_json({"editions": editions, "path": str(path), "bytes": size})
    else:
        print(localizer.plural(key, editions, path=str(path)))
    return EXIT_OK


def _read_address(text: str) -> str:
    """An address of a store as given; the path of a file is one too."""
    return text if "://" in text else f"sqlite:///{text}"
