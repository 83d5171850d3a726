"""The connection of a page in a browser, held back or closed by a test."""

from collections.abc import Callable
from math import inf

import pytest
from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.journeys.conftest import PATIENCE

QUIET = 2000  # ms in which a server that has something to say says it

# Gone once the page was loaded anew, or was asked to run again, as it is after a lost line.
MARK = """() => {
  window.__before = true;
  document.addEventListener('keydown', (event) => { if (event.key === 'r') delete window.__before; });
}"""


class Line:
    """A page's connection: `hold` keeps answers back until `give`, `hears` is how much of what it says arrives.

    `cut` closes it.
    """

    def __init__(self, page: Page) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.answers: list[bytes | str] = []
        self.message_count = 0
        self.hold = False
        self.hears: float = inf
        page.route_web_socket("**/_stcore/stream", self._opened)

    def _opened(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda answer: self.answers.append(answer) if self.hold else socket.send(answer))
        socket.on_message(lambda message: self._say(server, message))
        self.sockets.append(socket)

    def _say(self, server: WebSocketRoute, message: bytes | str) -> None:
        self.message_count += 1
        if self.message_count <= self.hears:
            server.send(message)

    def over(self, runs: int) -> bool:
        """Whether so many runs have begun in the answers that are held back, and the last has come to its end.

        The end of one that gave way to another may never have been sent.
        """
        kinds = [ForwardMsg.FromString(one).WhichOneof("type") for one in self.answers]
        begun = [place for place, kind in enumerate(kinds) if kind == "new_session"]
        return len(begun) == runs and "script_finished" in kinds[begun[-1] :]

    def give(self) -> None:
        """What was kept back, in its order."""
        self.hold = False
        for answer in self.answers:
            self.sockets[-1].send(answer)
        self.answers.clear()

    def drip(self, page: Page, pause: int) -> None:
        """What was kept back and what comes meanwhile, one message in `pause` ms, until nothing comes for long."""
        while self.answers:
            self.sockets[-1].send(self.answers.pop(0))
            page.wait_for_timeout(pause if self.answers else QUIET)
        self.hold = False

    def cut(self, page: Page) -> None:
        """Closed by the network; what was on its way is lost. Waits for the browser to come back, and run the page."""
        count = len(self.sockets)
        self.hold, self.hears = False, inf
        self.answers.clear()
        page.evaluate(MARK)
        self.sockets[-1].close()
        until(page, lambda: len(self.sockets) > count)
        returned(page)


def returned(page: Page) -> None:
    """Waits until a page that was marked has its line again, and has been asked for anew."""
    page.wait_for_function("() => !window.__before")


def until(page: Page, true: Callable[[], bool]) -> None:
    """Waits for something that only Python knows."""
    for _ in range(PATIENCE // 50):
        if true():
            return
        page.wait_for_timeout(50)
    pytest.fail("it never came true")
