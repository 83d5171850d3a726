"""A PostgreSQL server of a test run: Debian's, in a folder of its own, reached through a Unix socket alone."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from observatory.store import copy

OWNER = "observatory"  # the superuser of the server
# A locale that does not order as bytes do: what is compared must say so itself.
_LOCALE = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr-FR", "--encoding=UTF8")
_CONFIGURATION = {
    "listen_addresses": "",
    "fsync": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum": "off",
}


class DatabaseServer:
    """A running server; each database that it makes has a name of its own."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder, self.process = folder, process
        self._numbers = count(1)
        self._templates: dict[str, str] = {}  # of a database that tests read, its twin that nobody opens

    def connect(self, database: str = "postgres", user: str = OWNER) -> psycopg.Connection[Any]:
        """A connection that commits each statement."""
        return psycopg.connect(host=str(self.folder), dbname=database, user=user, autocommit=True)

    def address(self, database: str, user: str = OWNER) -> str:
        """The address of a store in a database."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def create_database(self, template: str = "template1") -> str:
        """The name of a new database, a copy of another that nobody is connected to."""
        name = f"db{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with self.connect() as connection:
            connection.execute(statement)
        return name

    def import_store(self, address: str) -> str:
        """The address of a database with the rows of a store; it can be copied while it is read."""
        template = self.create_database()
        copy.copy_store(address, self.address(template))
        name = self.create_database(template)
        self._templates[name] = template
        return self.address(name)

    def copy_database(self, address: str) -> str:
        """The address of a copy of the database of an address."""
        name = database_of(address)
        return self.address(self.create_database(self._templates.get(name, name)))


def database_of(address: str) -> str:
    """The name of the database of an address that `DatabaseServer` made."""
    return address.partition("@/")[2].partition("?")[0]


def find_binaries() -> Path:
    """The folder of PostgreSQL's programs, of which Debian has only some on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parents[1].name))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise AssertionError("No PostgreSQL: sh tests/postgresql.sh installs it (Debian: apt-get install postgresql).")
    return found[-1].parent if found else Path(str(on_path)).parent


@contextmanager
def serve_databases() -> Iterator[DatabaseServer]:
    """A server in a temporary folder, stopped and removed at the end. It refuses to run as root: then as nobody."""
    binaries = find_binaries()
    user: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="obs-pg-"))  # the path of a socket is short
    data = folder / "data"
    try:
        if user:
            shutil.chown(folder, "nobody", "nogroup")
        command = [binaries / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "--no-sync", *_LOCALE]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **user)
        assert done.returncode == 0, done.stderr
        options = [f"-c{name}={value}" for name, value in _CONFIGURATION.items()]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", data, f"-cunix_socket_directories={folder}", *options],
                stdout=log,
                stderr=log,
                cwd=folder,
                **user,
            )
        server = DatabaseServer(folder, process)
        try:
            _wait_for(server)
            yield server
        finally:
            process.send_signal(3)  # SIGQUIT: at once, as nothing of it is kept
            process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(server: DatabaseServer) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            server.connect().close()
            return
        except psycopg.OperationalError:
            assert server.process.poll() is None, (server.folder / "log").read_text()
            assert time.monotonic() < until, "PostgreSQL does not answer"
            time.sleep(0.1)
