"""A server of recorded and scripted answers on 127.0.0.1: what publishers do, on real sockets."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from observatory.sources.client import Client
from observatory.sources.endpoints import PublisherServer
from observatory.sources.retry import Limits

_DRIP_BYTES = 8


@dataclass(frozen=True)
class Step:
    """One answer. `drip` seconds pass between small parts of the body; `cut` bytes of it are sent, then the line ends.

    Without `has_length` the end of the body is that of the connection.
    """

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    drip: float = 0.0
    cut: int | None = None
    is_packed: bool = False
    has_length: bool = True


@dataclass
class Seen:
    """A request as it was received."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    moment: float


@dataclass
class Replay:
    """The script: steps by path, one after another, the last one again and again; and what was asked.

    `answer` makes the step of a path that has none, from the path and its parameters; without it, or for None, it is
    404.
    """

    base: str = ""
    steps: dict[str, list[Step]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    answer: Callable[[str, dict[str, str]], Step | None] = lambda _path, _params: None
    at_once: int = 0  # the most requests that were answered at a time
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, path: str, *steps: Step | bytes | str) -> None:
        """Scripts the answers of a path; a body alone is answered with 200."""
        rows = [step.encode() if isinstance(step, str) else step for step in steps]
        self.steps[path] = [row if isinstance(row, Step) else Step(row) for row in rows]

    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [row.path for row in self.seen]


def _split(body: bytes, drip: float) -> list[bytes]:
    """The parts in which a body is sent."""
    size = _DRIP_BYTES if drip else max(len(body), 1)
    return [body[start : start + size] for start in range(0, len(body), size)] or [b""]


class _ReplayServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, replay: Replay) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replay = replay
        self.running = 0  # requests that are being answered


class _Handler(BaseHTTPRequestHandler):
    server: _ReplayServer

    def do_GET(self) -> None:
        server, replay = self.server, self.server.replay
        parts = urlsplit(self.path)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        with replay.lock:
            server.running += 1
            replay.at_once = max(replay.at_once, server.running)
            replay.seen.append(Seen(parts.path, params, dict(self.headers.items()), time.monotonic()))
            steps = replay.steps.get(parts.path) or [replay.answer(parts.path, params) or Step(b"", 404)]
            step = steps.pop(0) if len(steps) > 1 else steps[0]
        with suppress(OSError):  # the client has left
            self._answer(step)

    def _answer(self, step: Step) -> None:
        body = gzip.compress(step.body, mtime=0) if step.is_packed else step.body
        self.send_response(step.status)
        for name, value in step.headers:
            self.send_header(name, value)
        if step.is_packed:
            self.send_header("Content-Encoding", "gzip")
        if step.has_length:
            self.send_header("Content-Length", str(len(body)))
        parts = _split(body[: step.cut], step.drip)
        for part in parts[:-1]:
            if part is parts[0]:
                self.end_headers()
            self.wfile.write(part)
            time.sleep(step.drip)
        with self.server.replay.lock:
            self.server.running -= 1  # before the client can know that it has everything
        if len(parts) == 1:
            self.end_headers()
        self.wfile.write(parts[-1])

    def log_message(self, *_args: object) -> None:
        """Nothing is written."""


@contextmanager
def serve_replay() -> Iterator[Replay]:
    """A replay server for the time of a test."""
    replay = Replay()
    server = _ReplayServer(replay)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    replay.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def build_client(replay: Replay, waits: list[float] | None = None, **changes: Any) -> Client:
    """A client of five endpoints on the server, which notes its pauses instead of making them."""
    values = {"gap": 0.0, "max_bytes": 100_000} | changes.pop("endpoint", {})
    endpoints = {
        name: PublisherServer(name, (replay.base,), **values) for name in ("toys", "dolls", "bricks", "kites", "tops")
    }
    record = waits.append if waits is not None else lambda _seconds: None
    return Client(endpoints, changes.pop("limits", Limits()), sleep=record, **changes)
