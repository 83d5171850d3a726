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
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.support.paths import ROOT
from tests.support.stores import StoreMaker

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--process-per-site",  # pages of a reader share a process, and its compiled scripts: a third less work each
]
PATIENCE = 60_000  # ms; a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)


# Below the ports that systems give to whoever calls out: a browser's own line cannot take one before its server does.
# Workers and other test runs on this machine begin at different ones.
_ports = count(20_000 + os.getpid() * 61 % 10_000)


def free_port() -> int:
    for port in _ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError


@contextmanager
def serving(folder: Path, store: str, port: int = 0, **more: str) -> Iterator[str]:
    """`observatory serve` on a store (what a newcomer starts, if there is none yet); its log has no error.

    The log is in the folder, with whatever else a server keeps beside a store that is a file.
    """
    port = port or free_port()
    environment = os.environ | {"OBSERVATORY_STORE": store, "PORT": str(port)} | more
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "observatory", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _ready(process, address, folder / "log.txt")
            yield address
            process.send_signal(signal.SIGINT)
            process.wait(5 * PATIENCE / 1000)
        finally:
            process.kill()
            process.wait()
    assert "Traceback" not in (folder / "log.txt").read_text(errors="replace")


def _ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Waits until a server answers; one that has ended or never does is told with its log."""
    end = time.monotonic() + 5 * PATIENCE / 1000
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=PATIENCE / 1000).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(log.read_text(errors="replace"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, seeded_address: str, stores: StoreMaker) -> Iterator[str]:
    """A server on a store of its own with the curated edition (that it makes one itself is seen by test_publish)."""
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, stores.copy(seeded_address, folder)) as address:
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


def somebody(
    browser: Browser, width: int = 1440, height: int = 900, locale: str = "fr-FR", scheme: str = "light"
) -> Page:
    """A page in a browser of somebody's own, as patient as all of them."""
    return _open_page(_open_context(browser, locale), width, height, scheme)


def _open_context(browser: Browser, locale: str) -> BrowserContext:
    """Readers who ask for less motion: what moves while a page loads would take half of the time."""
    context = browser.new_context(locale=locale, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    return context


def _open_page(context: BrowserContext, width: int, height: int, scheme: str) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    return page


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """A reader for each language, whose browser keeps the compiled scripts from page to page, as a real one does.

    An empty page stays open in each: the process of a site ends with its last page.
    """
    contexts: dict[str, BrowserContext] = {}

    def find(locale: str) -> BrowserContext:
        if locale not in contexts:
            contexts[locale] = _open_context(browser, locale)
            kept = contexts[locale].new_page()
            kept.route("**/*", lambda route: route.fulfill(body=""))
            kept.goto("http://127.0.0.1/")
        return contexts[locale]

    yield find
    for context in contexts.values():
        context.close()


def _is_fault(message: ConsoleMessage) -> bool:
    """Whether a console message is an error; the status 404 of the page for what does not exist is meant."""
    return message.type == "error" and urlsplit(message.location["url"]).path != "/missing"


@pytest.fixture
def visit(server: str, readers: Callable[[str], BrowserContext]) -> Iterator[Open]:
    """Opens a path in a new page without cookies; at the end no console error and no failed request may be seen."""
    errors: list[str] = []
    pages: list[Page] = []

    def go(path: str, locale: str = "fr-FR", width: int = 1440, scheme: str = "light") -> Page:
        page = _open_page(readers(locale), width, 900, scheme)
        pages.append(page)
        page.on("console", lambda message: errors.append(message.text) if _is_fault(message) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server + path)
        settle(page)
        return page

    yield go
    for page in pages:
        page.context.clear_cookies()
        page.close()
    assert errors == []


# The page says something, its run is over, what it sent is there, fonts and charts too, and nothing has come or moved
# for eight looks, one in 50 ms or slower (each frame would be a load of its own); `asked` tells one wait from the next.
AT_REST = """(asked) => {
  const main = document.querySelector('[data-testid=stMain]');
  const run = document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state');
  const missing = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
    .filter((one) => one.checkVisibility() && !one.querySelector('svg.marks .mark-group'));
  const there = [...document.querySelectorAll('h1.o-lead, .st-key-notices')].some((one) => one.checkVisibility());
  const now = [
    there, run, document.fonts.status, missing.length, document.querySelectorAll('[data-testid=stSkeleton]').length,
    location.href, document.querySelectorAll('*').length, main?.scrollHeight, main?.scrollWidth,
  ].join();
  const seen = window.__rest;
  if (seen?.asked !== asked || seen.now !== now) {
    window.__rest = {asked, now, looks: 0};
    return false;
  }
  seen.looks += 1;
  return now.startsWith('true,notRunning,loaded,0,0,') && seen.looks >= 8;
}"""
_asked = count()


def settle(page: Page) -> None:
    """Waits until the script has run, the page says something and nothing of it moves: a click then hits its aim.

    A run that was asked for just now may not have begun: after a click, wait first for what the click leads to.
    """
    page.wait_for_function(AT_REST, arg=next(_asked), polling=50)


def lead(page: Page) -> Locator:
    """The first sentence of a page: while a run replaces it, the one before can stand below it for a moment."""
    return page.locator("h1.o-lead").first


def sentence(page: Page) -> str:
    """What the first sentence of a page says once the page is at rest."""
    settle(page)
    return lead(page).inner_text()


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def asks(page: Page, wanted: dict[str, list[str]]) -> None:
    """Waits until the query of the address is this and nothing else."""
    page.wait_for_url(lambda address: query_of(address) == wanted)


def overflow(page: Page) -> int:
    """By how many pixels the page, once at rest, scrolls sideways."""
    settle(page)
    return overflow_now(page)


def overflow_now(page: Page) -> int:
    """By how many pixels a page that is at rest already, as each of its `looks` is, scrolls sideways."""
    return int(
        page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth }"
        )
    )


def looks(page: Page) -> Iterator[tuple[int, str]]:
    """A page as a phone and a desktop show it, light and dark, at rest in each; first at the width it was opened in."""
    opened = page.viewport_size
    assert opened is not None
    for width in sorted((390, 1440), key=lambda one: one != opened["width"]):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": opened["height"]})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            settle(page)
            yield width, scheme


def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: only where OBSERVATORY_SHOTS names a folder."""
    folder = os.environ.get("OBSERVATORY_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
