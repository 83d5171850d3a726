"""Servers under measurement, each a process on a free port of 127.0.0.1, and the tools that measure them."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(os.environ.get("OBSERVATORY_SHARED", "").strip() or ROOT.parent / "shared") / "tools"
HELLO = 'import streamlit as st\n\nst.title("Hello world")\nst.write("One line of text.")\n'
START_SECONDS = 180.0  # on a busy machine; a large store is opened more slowly too


@dataclass
class Server:
    """A running server: its port, its process, its log."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """The seconds of CPU it has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def tracebacks(self) -> int:
        """Number of exceptions in its log, also of those that a page catches and reports."""
        return self.log.read_text(errors="replace").count("Traceback (most recent call last)")


@contextmanager
def serve_hello(folder: Path) -> Iterator[Server]:
    """Hello world as `streamlit run` serves it, in a folder without settings of ours."""
    script = folder / "hello" / "hello.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(HELLO)
    command = ["-m", "streamlit", "run", str(script), "--server.headless", "true", "--server.fileWatcherType", "none"]
    command += ["--browser.gatherUsageStats", "false", "--server.address", "127.0.0.1", "--server.port"]
    with serve(command, script.parent, {}) as server:
        yield server


@contextmanager
def serve_observatory(folder: Path) -> Iterator[Server]:
    """The observatory as a newcomer starts it; the store is filled at the first start and reused."""
    environment = {"OBSERVATORY_STORE": f"sqlite:///{folder / 'observatory.db'}"}
    command = ["-m", "observatory", "serve", "--host", "127.0.0.1", "--port"]
    with serve(command, ROOT, environment) as server:
        yield server


@contextmanager
def serve(command: Sequence[str], folder: Path, environment: dict[str, str]) -> Iterator[Server]:
    """A server on a free port, which is appended to its command; stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.NamedTemporaryFile(prefix="pages-", suffix=".log") as log:
        process = subprocess.Popen(
            [sys.executable, *command, str(port)],
            cwd=folder,
            env=dict(os.environ) | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            server = Server(process, port, Path(log.name))
            await_health(server)
            yield server
        finally:
            end_process(process)


def await_health(server: Server) -> None:
    """Waits until a server answers. Raises RuntimeError if it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {server.log.read_text(errors='replace')[-300:]}")


def end_process(process: subprocess.Popen[Any]) -> None:
    """Ends a process and its children."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        family = []
    process.terminate()
    _gone, alive = psutil.wait_procs(family, timeout=5)
    for member in alive:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def run_tool(name: str, arguments: Sequence[str], seconds: float) -> dict[str, Any]:
    """The JSON output of a tool. Raises RuntimeError if it has none in time."""
    command = [sys.executable, str(TOOLS / name), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"{name} did not finish in {seconds:.0f} s") from error
    finally:
        end_process(process)
    try:
        answer: dict[str, Any] = json.loads(out)
    except ValueError as error:
        raise RuntimeError(f"{name} failed: {(errors.strip().splitlines() or ['no answer'])[-1]}") from error
    return answer
