"""A real server on a fresh store, and a real Chromium that reads it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.conftest import ROOT

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
PATIENCE = 60_000  # ms; a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int = 0, **more: str) -> Iterator[str]:
    """`observatory serve` on the store of a folder (what a newcomer starts, if there is none); no error in its log."""
    port = port or free_port()
    environment = os.environ | {"OBSERVATORY_STORE": f"sqlite:///{folder / 'observatory.db'}", "PORT": str(port)} | more
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "observatory", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                if process.poll() is None:
                    urllib.request.urlopen(f"{address}/readyz", timeout=5).close()
                    break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail((folder / "log.txt").read_text(errors="replace"))
        yield address
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert "Traceback" not in (folder / "log.txt").read_text(errors="replace")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a store that does not exist yet."""
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


Open = Callable[..., Page]


@pytest.fixture
def visit(server: str, browser: Browser) -> Iterator[Open]:
    """Opens a path in a new context; at the end no console error and no failed request may have been seen."""
    errors: list[str] = []
    contexts = []

    def go(path: str, locale: str = "fr-FR", width: int = 1440, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=locale, color_scheme=scheme)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server + path)
        settle(page)
        return page

    yield go
    for context in contexts:
        context.close()
    assert errors == []


# For a quarter of a second the page has had the same elements and height; `asked` tells one wait from the next.
AT_REST = """(asked) => {
  const main = document.querySelector('[data-testid=stMain]');
  const now = [location.href, document.querySelectorAll('*').length, main?.scrollHeight].join();
  const seen = window.__rest;
  if (seen?.asked !== asked || seen.now !== now) {
    window.__rest = {asked, now, since: performance.now()};
    return false;
  }
  return performance.now() - seen.since > 250;
}"""
_asked = count()


def settle(page: Page) -> None:
    """Waits until the script has run, the page says something and nothing of it moves: a click then hits its aim."""
    page.wait_for_selector("h1.o-lead, .st-key-notices")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"
    )
    page.wait_for_function(AT_REST, arg=next(_asked))


def lead(page: Page) -> Locator:
    """The first sentence of a page: while a run replaces it, the one before can stand below it for a moment."""
    return page.locator("h1.o-lead").first


def overflow(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(
        page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
    )


def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: only where OBSERVATORY_SHOTS names a folder."""
    folder = os.environ.get("OBSERVATORY_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
