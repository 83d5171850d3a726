"""What a reader changes on a page, in a real browser: the runs that a change takes, and what they cost the server."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking"]
CALM = 0.25  # s without a message: the page is at rest
LONGEST = 30.0  # s that a change may take
RIGHT, LEFT = "ArrowRight", "ArrowLeft"


@dataclass(frozen=True)
class Control:
    """Something that a reader changes: its name in the table, how, and after how many changes all are known."""

    name: str
    change: Callable[[Page, int], None]
    new: int


@dataclass(frozen=True)
class Change:
    """A change: the runs that the browser asked for, the server's CPU and the wall time until all was calm."""

    runs: int
    cpu_ms: float
    wall_ms: float


def buttons(key: str, new: int) -> Control:
    """The next one of a row of buttons."""

    def change(page: Page, _turn: int) -> None:
        row = page.locator(f".st-key-{key} button")
        chosen = [row.nth(place).get_attribute("aria-checked") == "true" for place in range(row.count())]
        row.nth((chosen.index(True) + 1) % len(chosen)).click()

    return Control(key.removeprefix("w_"), change, new)


def box(key: str, options: Sequence[str]) -> Control:
    """One after the other of some options of a select box, the first of which is not chosen at first."""

    def change(page: Page, turn: int) -> None:
        field = page.locator(f".st-key-{key} input")
        field.click()
        page.get_by_role("option", name=options[turn % len(options)], exact=True).click()

    return Control(key.removeprefix("w_"), change, len(options))


def slider(key: str) -> Control:
    """One step to the right, one to the left, as an arrow key does."""

    def change(page: Page, turn: int) -> None:
        page.locator(f".st-key-{key} input").press(RIGHT if turn % 2 == 0 else LEFT)

    return Control(key.removeprefix("w_"), change, 2)


def typed(key: str, values: Sequence[str]) -> Control:
    """One value after the other is typed into a field."""

    def change(page: Page, turn: int) -> None:
        place: Locator = page.locator(f".st-key-{key} input")
        place.fill(values[turn % len(values)])
        place.press("Enter")

    return Control(key.removeprefix("w_"), change, len(values))


def panel(key: str) -> Control:
    """A panel is opened, then shut."""

    def change(page: Page, _turn: int) -> None:
        page.locator(f".st-key-{key} button").first.click()

    return Control(key, change, 1)


def again() -> Control:
    """The script runs again, as its key asks for."""
    return Control("run again", lambda page, _turn: page.keyboard.press("r"), 0)


@contextmanager
def opened(chromium: str | None) -> Iterator[Browser]:
    """A browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def changes(
    browser: Browser, address: str, control: Control, count: int, cpu: Callable[[], float], language: str, left: float
) -> list[Change]:
    """A page is opened, and one control of it changed again and again; `cpu` gives the seconds of the server so far."""
    deadline = time.monotonic() + left
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=language)
    try:
        page = context.new_page()
        watch = Watch(page)
        page.goto(address)
        watch.rest(page, 1.0)
        found = []
        for turn in range(count):
            if time.monotonic() > deadline:
                break
            used, runs, began = cpu(), watch.runs, time.perf_counter()
            control.change(page, turn)
            watch.rest(page)
            wall = time.perf_counter() - began - CALM
            found.append(Change(watch.runs - runs, 1000 * (cpu() - used), 1000 * wall))
        return found
    finally:
        context.close()


class Watch:
    """What goes over a page's websocket: how many runs were asked for, and when the last message passed."""

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

    def rest(self, page: Page, calm: float = CALM) -> None:
        """Waits until nothing runs and nothing passed for a while. Raises RuntimeError if that does not happen."""
        began = time.perf_counter()
        app = page.locator("[data-testid=stApp]")
        while time.perf_counter() - began < LONGEST:
            page.wait_for_timeout(25)
            idle = app.count() and app.get_attribute("data-test-script-state") == "notRunning"
            if idle and time.perf_counter() - max(self.last, began) > calm:
                return
        raise RuntimeError("the page never came to rest")


def told(found: Sequence[Change], new: int) -> dict[str, float]:
    """The figures of a control: runs per change, CPU of known and of new choices, the median wall."""
    known = found[new:] or found
    return {
        "runs": statistics.mean(row.runs for row in found),
        "cpu_ms": statistics.mean(row.cpu_ms for row in known),
        "new_cpu_ms": statistics.mean(row.cpu_ms for row in found[:new] or found),
        "wall_ms": statistics.median(row.wall_ms for row in known),
    }
