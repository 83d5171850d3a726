"""Stores that tests read: one with the curated edition, built once."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select

from observatory import settings
from observatory.store import copy
from observatory.store.engine import open_engine
from observatory.store.parts import PartReader
from observatory.store.records import StoredCall, VintageBatch
from observatory.store.sqlite import open_sealed
from observatory.store.store import Store
from observatory.workspace import Workspace
from tests.support.databases import DatabaseServer
from tests.support.once import make_once
from tests.support.paths import ROOT

# What comes after the workspace in the layers changes nothing that is stored.
_READERS = ("api", "briefs", "charts", "cli", "export", "messages", "pages")


def seed_store(folder: Path) -> str:
    """The address of a store of the curated edition in a folder; made by the first process that asks for it."""
    return _address(make_once(folder / "store", _publish))


def _publish(folder: Path) -> None:
    workspace = Workspace(settings.load_settings({"OBSERVATORY_STORE": _address(folder)}))
    workspace.publish_curated()
    workspace.close()


def _address(folder: Path) -> str:
    return f"sqlite:///{folder / 'observatory.db'}"


def read_study_text(path: Path, edition: int) -> str:
    """The study of an edition as it was before the store cut it into parts."""
    made = open_sealed(path)
    with made.connect() as connection:
        query = "SELECT details FROM replays WHERE vintage = ?"
        stored = connection.exec_driver_sql(query, (edition,)).scalar_one()
        (text,) = PartReader(str(path)).resolve(connection, [stored])
    made.dispose()
    return text


def copy_first_edition(address: str, folder: Path) -> str:
    """The address of a store in a folder that holds the first edition of another, as it was computed there."""
    made = _address(folder)
    before = Workspace(settings.load_settings({"OBSERVATORY_STORE": address}))
    vintage, outlook = before.get_vintage_by_number(1), before.get_outlook_by_number(1)
    rows = [((row.indicator, row.geo, row.item), row.period, row.value) for row in before.store.observations(vintage)]
    notes = (vintage.note_fr, vintage.note_en)
    batch = VintageBatch(vintage.at, vintage.who, *notes, vintage.sha256, rows, before.store.facts(vintage))
    calls = [StoredCall(row.segment, row.horizon, row.call, row.to_details()) for row in outlook.calls.values()]
    store = Store(made)
    store.publish(batch, None, tuple(outlook.forecasts.values()), calls, outlook.study.as_json())
    store.close()
    before.close()
    return made


ORIGINS: dict[str, str] = {}  # the files from which stores in databases were copied


def find_file(address: str) -> Path:
    """The file of a store, or that from which a database was copied; of another database, none."""
    return Path(ORIGINS.get(address, address).removeprefix("sqlite:///"))


def copy_store(address: str, folder: Path, name: str = "observatory.db") -> Path:
    """Copies a store into a folder, by the name under which a server of that folder finds it; the folder."""
    if address.startswith("postgresql:") and address not in ORIGINS:
        copy.copy_store(address, f"sqlite:///{folder / name}")
        return folder
    source, target = sqlite3.connect(find_file(address)), sqlite3.connect(folder / name)
    source.backup(target)
    source.close()
    target.close()
    return folder


class StoreMaker:
    """Makes the stores that tests write to, on the back end of the run: files, or databases of a server."""

    def __init__(self, server: DatabaseServer | None) -> None:
        self._server = server
        self._imported: dict[str, str] = {}  # addresses of databases, by that of the file

    def create(self, folder: Path, name: str = "observatory.db") -> str:
        """The address of a store that is not there yet: a file of a folder, or an empty database."""
        if self._server is None:
            return f"sqlite:///{folder / name}"
        return self._server.address(self._server.create_database())

    def copy(self, address: str, folder: Path, name: str = "observatory.db") -> str:
        """The address of a copy of a shared store: a file of a folder, or a database."""
        if self._server is None:
            return f"sqlite:///{copy_store(address, folder, name) / name}"
        if address.startswith("sqlite:"):
            if address not in self._imported:
                self._imported[address] = self._server.import_store(address)
            address = self._imported[address]
        return self._server.copy_database(address)


def read_rows(address: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows that an SQL statement reads from a store."""
    engine, _place = open_engine(address)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(statement)]
    engine.dispose()
    return rows


def dump_store(address: str) -> str:
    """All rows of a store as text."""
    engine, _place = open_engine(address)
    tables = MetaData()
    with engine.connect() as connection:
        tables.reflect(connection)
        rows = [str(row) for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    return "\n".join(rows)


def digest_of_store() -> str:
    """Sixteen digits that change with the curated data and with the code that publishes them."""
    digest = hashlib.sha256()
    code = (path for path in (ROOT / "observatory").rglob("*.*") if path.suffix in (".py", ".json", ".toml"))
    stored = (path for path in code if path.relative_to(ROOT / "observatory").parts[0] not in _READERS)
    for path in sorted([*stored, *(ROOT / "data").rglob("*.*")]):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
