"""Two real servers on one store: signed in on one, at work on the other; one count of wrong keys, one of requests."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from observatory import settings
from observatory.store.uploads import UploadDraft
from observatory.workspace import Workspace
from tests.journeys.conftest import serving
from tests.journeys.wire import Wire
from tests.support.paths import ROOT
from tests.support.stores import StoreMaker, dump_store

pytestmark = pytest.mark.slow  # servers of their own

COOKIE = "observatory_pass"


@dataclass
class Pair:
    """The addresses of two servers, and their store as a third process sees it."""

    one: str
    other: str
    workspace: Workspace

    def key(self, name: str) -> str:
        """A new key."""
        return self.workspace.store.keys.create(name)[1]

    def draft(self, value: int) -> UploadDraft:
        """A draft that waits, ready to be published."""
        content = f"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,{value}\n".encode()
        return self.workspace.receive(f"{value}.csv", content, self.workspace.access.open_operator_session("zelda"))


@pytest.fixture(scope="module")
def pair(few: Path, few_address: str, stores: StoreMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "other")]
    store = stores.copy(few_address, folders[0])
    chosen = {"OBSERVATORY_STORE": store, "OBSERVATORY_DATA": str(few)}
    workspace = Workspace(settings.load_settings(chosen))
    workspace.store.keys.create("nobody")  # so that the servers print no keys of their own
    with ExitStack() as stack:
        proxied = {"OBSERVATORY_PROXIES": "127.0.0.1", "OBSERVATORY_DATA": str(few)}
        addresses = [stack.enter_context(serving(folder, store, **proxied)) for folder in folders]
        yield Pair(*addresses, workspace)
    workspace.close()


def fetch(address: str, client: str = "192.0.2.1", body: bytes | None = None) -> tuple[int, str, str]:
    """The status of an answer, its text and its cookie, as a proxy asks for a client."""
    request = urllib.request.Request(address, body, {"X-Forwarded-For": client})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode(), answer.headers.get("Set-Cookie", "")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", ""


def newest(address: str) -> int:
    return int(json.loads(fetch(f"{address}/api/v1/calls.json")[1])["meta"]["vintage"])


def cookie_of(session: Wire, server: str) -> str:
    """The cookie that a server gives for the ticket in a page, which another server may have sent."""
    scripts = [row.body for row in session.shown if "/desk/stay" in getattr(row, "body", "")]
    ticket = re.search(r'body: "([^"]+)"', scripts[0])
    assert ticket is not None
    status, _text, cookie = fetch(f"{server}/desk/stay", body=ticket[1].encode())
    assert status == 204
    assert fetch(f"{server}/desk/stay", body=ticket[1].encode())[0] == 403
    return SimpleCookie(cookie)[COOKIE].value


def test_signed_in_on_one_publishes_on_the_other(pair: Pair) -> None:
    """The pass of one server opens the other by its cookie; the edition is on both at once; signing out ends both."""
    draft = pair.draft(901)
    with Wire(pair.one) as first:
        assert "Signed in: anne" in first.enter(pair.key("anne"))
        secret = cookie_of(first, pair.other)
        with Wire(pair.other, more={"Cookie": f"{COOKIE}={secret}"}) as second:
            here = f"draft={draft.id}&lang=en"
            assert "Signed in: anne" in second.run(here)
            found = second.ids()
            reason = (found[f"w_note_{draft.id}"], "string_value", "final figures")
            second.run(here, [reason, (found["w_publish"], "trigger_value", True)])
            published = pair.workspace.get_vintage()
            assert (published.draft, published.who) == (draft.id, "anne")
            assert newest(pair.one) == newest(pair.other) == published.id
            assert second.put(second.session, b"a") == 204
            leave = first.ids()["w_leave"]
            assert "Signed in" not in first.run("lang=en", [(leave, "trigger_value", True)])
            assert second.put(second.session, b"a", number="2") == 403
            assert "Signed in" not in second.run("lang=en")
    assert secret not in dump_store(pair.workspace.settings.store_url)


def test_the_id_of_a_session_opens_no_other_server(pair: Pair) -> None:
    """A session id is of its server; without the cookie it is a stranger's on the other, uploads included."""
    with Wire(pair.one) as first:
        assert "Signed in: eve" in first.enter(pair.key("eve"))
        other = Wire(pair.other, resumed=first.session)
        other.token = first.token
        assert other.put(first.session, b"a") == 403
        with other:
            assert "Signed in" not in other.run("lang=en")


def test_wrong_keys_lock_both(pair: Pair) -> None:
    """Three wrong keys here and two there, and the right one is refused on both; from elsewhere it is not."""
    key, client = pair.key("carl"), {"X-Forwarded-For": "192.0.2.7"}
    for address, count in ((pair.one, 3), (pair.other, 2)):
        with Wire(address, more=client) as session:
            for _ in range(count):
                assert "Signed in" not in session.enter("obs-1-" + "a" * 32)
    for address in (pair.one, pair.other):
        with Wire(address, more=client) as session:
            assert "Too many attempts" in session.enter(key)
    with Wire(pair.other, more={"X-Forwarded-For": "192.0.2.8"}) as session:
        assert "Signed in: carl" in session.enter(key)
    assert "192.0.2.7" not in dump_store(pair.workspace.settings.store_url)


def test_the_rate_limit_is_one(pair: Pair) -> None:
    """A client that has used up its burst on one server has no second one on the other, some seconds later."""
    begun, granted = time.monotonic(), 0
    for address, exchanges in ((pair.one, 5), (pair.other, 0)):  # seconds: two exchanges, and a slow machine
        while fetch(f"{address}/download/none", "192.0.2.9")[0] != 429:
            granted += 10
            assert granted < 2000
        time.sleep(exchanges)
    assert granted <= settings.RATE_LIMIT_BURST + settings.RATE_LIMIT_PER_SECOND * (time.monotonic() - begun)


# A server of which only the daily refresh is there: its lease is short, and its run says who it is, and sleeps.
HOLDER = """
import asyncio, os, sys
from datetime import UTC, datetime
from observatory.pages.server import daily_refresh
daily_refresh.LEASE_SECONDS, daily_refresh.LOOK_SECONDS = 6.0, 0.2
mark, seconds = sys.argv[1:]
code = "import os; line = f'{os.getppid()} {os.getpid()}'; print(line, file=open(" + repr(mark) + ", 'a'))"
code += f"; import time; time.sleep({seconds})"
slot = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
asyncio.run(daily_refresh.run_once(slot, (sys.executable, "-c", code)))
"""


def test_a_killed_holder_of_the_refresh_is_followed_by_another(pair: Pair, few: Path, tmp_path: Path) -> None:
    """Of two servers one collects; killed in the middle, it is followed by the other once its lease has ended."""
    mark = tmp_path / "mark"
    environment = os.environ | {
        "OBSERVATORY_STORE": pair.workspace.settings.store_url,
        "OBSERVATORY_DATA": str(few),
    }

    def start(seconds: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", HOLDER, str(mark), str(seconds)], cwd=ROOT, env=environment)

    first = start(99)
    _await_lines(mark, 1)
    second = start(0)
    time.sleep(8)  # longer than the lease: it is renewed
    assert second.poll() is None
    (_parent, collecting), *_more = _await_lines(mark, 1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    os.kill(int(collecting), signal.SIGKILL)
    assert second.wait(60) == 0
    lines = _await_lines(mark, 2)
    assert [parent for parent, _pid in lines] == [str(first.pid), str(second.pid)]
    third = start(0)
    assert third.wait(60) == 0
    assert len(_await_lines(mark, 2)) == 2


def _await_lines(path: Path, count: int) -> list[list[str]]:
    """The words of a file's lines, once there are so many."""
    for _ in range(600):
        if path.exists() and path.read_text().count("\n") >= count:
            break
        time.sleep(0.1)
    lines = [line.split() for line in path.read_text().splitlines()]
    assert len(lines) >= count
    return lines
