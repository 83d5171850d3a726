"""A real server on a bad day: nobody outside is asked, half requests end, a restore is noticed, all in one process."""

import json
import shutil
import socket
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from observatory.diagnosis.model import run_checks
from observatory.diagnosis.registry import SERVER_CHECKS
from observatory.diagnosis.server import ServerProbe
from observatory.store.backup import back_up
from tests.journeys.conftest import serving
from tests.journeys.wire import Wire
from tests.support.stores import copy_store

pytestmark = pytest.mark.slow  # a server of its own

# Whatever a process of the server looks up or connects to outside of this machine is written down.
_WATCH = """
import os, socket
open(os.environ["OUTSIDE"] + ".watched", "a").close()
def _note(place, real):
    def watched(*args, **more):
        address = args[1] if place.startswith("connect") or place == "sendto" else args[0]
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if host not in (None, "", "localhost", "0.0.0.0", "::", "::1") and not str(host).startswith(("127.", "/")):
            with open(os.environ["OUTSIDE"], "a") as file:
                file.write(f"{place} {host}\\n")
        return real(*args, **more)
    return watched
class _Socket(socket.socket):
    connect = _note("connect", socket.socket.connect)
    connect_ex = _note("connect_ex", socket.socket.connect_ex)
socket.socket = _Socket
socket.getaddrinfo = _note("getaddrinfo", socket.getaddrinfo)
socket.gethostbyname = _note("gethostbyname", socket.gethostbyname)
"""


@pytest.fixture(scope="module")
def folder(few_address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server: its store, and the watch over what it asks outside."""
    made = tmp_path_factory.mktemp("bad")
    copy_store(few_address, made)
    (made / "watch").mkdir()
    (made / "watch" / "sitecustomize.py").write_text(_WATCH)
    (made / "outside").touch()
    return made


@pytest.fixture(scope="module")
def address(few: Path, folder: Path) -> Iterator[str]:
    more = {"OBSERVATORY_DATA": str(few), "OUTSIDE": str(folder / "outside"), "HOST": "0.0.0.0"}
    with serving(folder, f"sqlite:///{folder / 'observatory.db'}", PYTHONPATH=str(folder / "watch"), **more) as found:
        yield found


def ready(address: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_nobody_outside_is_asked(address: str, folder: Path) -> None:
    """A start that listens everywhere, pages, and WebSockets of other origins look nothing up and connect nowhere."""
    with Wire(address) as reader:
        assert reader.run("lang=en", page="")
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    start = time.monotonic()
    for origin in ("https://evil.example", "null", "http://localhost:1", "https://observatory.example"):
        with pytest.raises(InvalidStatus) as refused:
            connect(stream, origin=origin)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403
        request = urllib.request.Request(f"{address}/_stcore/health", headers={"Origin": origin})
        urllib.request.urlopen(request, timeout=60).close()
    assert time.monotonic() - start < 10
    assert (folder / "outside").read_text() == ""


def test_the_doctor_finds_nothing(address: str) -> None:
    """`observatory doctor URL` has no fault to tell of a server that runs as it should, asked on this machine."""
    results = run_checks(SERVER_CHECKS, ServerProbe(address))
    assert [(row.check, one.key) for row in results for one in row.problems] == [("figures", "doctor.figures")]
    assert all(row.is_sound for row in results)


def test_the_watch_sees(address: str, folder: Path) -> None:
    """The watch is in the process of the server."""
    assert (folder / "outside.watched").exists()


def test_half_requests_end_and_others_do_not_wait(address: str) -> None:
    """Two hundred connections with half a head are closed after some ten seconds; meanwhile others are answered."""
    host, port = address.removeprefix("http://").split(":")
    half = [socket.create_connection((host, int(port))) for _ in range(200)]
    for one in half:
        one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
    start = time.monotonic()
    left = len(half)
    while left and time.monotonic() - start < 30:
        urllib.request.urlopen(f"{address}/healthz", timeout=10).close()
        time.sleep(0.5)
        left = sum(_is_open(one) for one in half)
    assert not left
    for one in half:
        one.close()


def _is_open(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        return one.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def test_a_restore_under_the_server(address: str, folder: Path) -> None:
    """Moved, copied over, removed, put back: readiness says each, and a page is shown again."""
    path, backup = folder / "observatory.db", folder / "backup.db"
    back_up(path, backup)
    shutil.copyfile(backup, folder / "moved.db")
    (folder / "moved.db").replace(path)
    assert ready(address)[0] == 200
    path.unlink()
    assert (ready(address)[0], ready(address)[1]["error"]) == (503, "error.store.missing")
    assert not path.exists()
    shutil.copyfile(backup, path)
    assert ready(address)[0] == 200
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("DROP TRIGGER calls_no_update")
    raw.close()
    assert (ready(address)[0], ready(address)[1]["error"]) == (503, "error.store.damaged")
    shutil.copyfile(backup, folder / "moved.db")
    (folder / "moved.db").replace(path)
    assert ready(address)[0] == 200
    with Wire(address) as reader:
        assert reader.run("lang=en", page="")
