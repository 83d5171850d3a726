"""Changes of controls in a real browser: script runs per change, CPU of the server, wall time."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking"]
IDLE_SECONDS = 0.25  # without a message: the page is idle
MAX_CHANGE_SECONDS = 30.0  # that a change may take
LANGUAGE = "en-GB"  # as in harness.py, so that earlier changes build the briefs that its browser requests


@dataclass(frozen=True)
class Control:
    """A control of a page: its name in the table, how to change it, and the number of values to choose from."""

    name: str
    change: Callable[[Page, int], None]
    new: int


@dataclass(frozen=True)
class Change:
    """One change: script runs requested by the browser, CPU of the server, wall time until the page is idle."""

    runs: int
    cpu_ms: float
    wall_ms: float


def buttons(key: str, new: int) -> Control:
    """A row of buttons; each change chooses the next one."""

    def change(page: Page, _turn: int) -> None:
        row = page.locator(f".st-key-{key} button")
        chosen = [row.nth(index).get_attribute("aria-checked") == "true" for index in range(row.count())]
        row.nth((chosen.index(True) + 1) % len(chosen)).click()

    return Control(key.removeprefix("w_"), change, new)


def select_box(key: str, options: Sequence[str]) -> Control:
    """A select box; each change chooses the next of `options`, the first of which must not be the default."""

    def change(page: Page, turn: int) -> None:
        field = page.locator(f".st-key-{key} input")
        field.click()
        page.get_by_role("option", name=options[turn % len(options)], exact=True).click()

    return Control(key.removeprefix("w_"), change, len(options))


def text_field(key: str, values: Sequence[str]) -> Control:
    """A text field; each change types the next of `values`."""

    def change(page: Page, turn: int) -> None:
        field: Locator = page.locator(f".st-key-{key} input")
        field.fill(values[turn % len(values)])
        field.press("Enter")

    return Control(key.removeprefix("w_"), change, len(values))


def press(key: str) -> Control:
    """A button: each change presses it, which opens or closes a popover, or adds a step."""

    def change(page: Page, _turn: int) -> None:
        page.locator(f".st-key-{key} button").first.click()

    return Control(key, change, 1)


def rerun_key() -> Control:
    """No control: Streamlit's rerun key."""
    return Control("run again", lambda page, _turn: page.keyboard.press("r"), 0)


@contextmanager
def open_browser(chromium: str | None) -> Iterator[Browser]:
    """A headless Chromium; `chromium` is its path, or None for the one of Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def measure_changes(
    browser: Browser,
    address: str,
    control: Control,
    count: int,
    cpu: Callable[[], float],
    seconds: float,
) -> list[Change]:
    """Opens a page and changes one control `count` times; `cpu` returns the CPU seconds of the server so far."""
    deadline = time.monotonic() + seconds
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=LANGUAGE)
    try:
        page = context.new_page()
        watch = Watch(page)
        page.goto(address)
        watch.rest(page, 1.0)
        changes = []
        for turn in range(count):
            if time.monotonic() > deadline:
                break
            used, runs, began = cpu(), watch.runs, time.perf_counter()
            control.change(page, turn)
            watch.rest(page)
            wall = time.perf_counter() - began - IDLE_SECONDS
            changes.append(Change(watch.runs - runs, 1000 * (cpu() - used), 1000 * wall))
        return changes
    finally:
        context.close()


class Watch:
    """Watches the websocket of a page: number of reruns requested, time of the last message."""

    def __init__(self, page: Page) -> None:
        self.runs, self.last = 0, time.perf_counter()
        page.on("websocket", lambda socket: (socket.on("framesent", self._sent), socket.on("framereceived", self._got)))

    def _sent(self, payload: str | bytes) -> None:
        self.last = time.perf_counter()
        message = BackMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else payload.encode())
        self.runs += message.WhichOneof("type") == "rerun_script"

    def _got(self, _payload: str | bytes) -> None:
        self.last = time.perf_counter()

    def rest(self, page: Page, idle_seconds: float = IDLE_SECONDS) -> None:
        """Waits until no script runs and no message passes for `idle_seconds`. Raises RuntimeError after too long."""
        began = time.perf_counter()
        app = page.locator("[data-testid=stApp]")
        while time.perf_counter() - began < MAX_CHANGE_SECONDS:
            page.wait_for_timeout(25)
            idle = app.count() and app.get_attribute("data-test-script-state") == "notRunning"
            if idle and time.perf_counter() - max(self.last, began) > idle_seconds:
                return
        raise RuntimeError("the page never came to rest")


def summarize_changes(changes: Sequence[Change], new: int) -> dict[str, float]:
    """The figures of a control: runs per change, CPU of repeated and of new choices, median wall time."""
    repeated = changes[new:] or changes
    return {
        "runs": statistics.mean(row.runs for row in changes),
        "cpu_ms": statistics.mean(row.cpu_ms for row in repeated),
        "new_cpu_ms": statistics.mean(row.cpu_ms for row in changes[:new] or changes),
        "wall_ms": statistics.median(row.wall_ms for row in repeated),
    }
