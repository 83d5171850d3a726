"""An analyst under measurement: signs in on one server, publishes on the other, and looks whether both show it."""

import asyncio
import json
import re
import secrets
import urllib.request
from http.cookies import SimpleCookie

from soak_session import Session

from observatory.workspace import Workspace

CLIENT = "203.0.113.7"
COOKIE = "observatory_pass"
MAX_TRIES = 3  # of an edition, if a refresh is published meanwhile
TIMEOUT_SECONDS = 60.0


class Analyst:
    """An analyst with a key of their own; the numbers of the editions that were acknowledged."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._key = workspace.store.keys.create(f"soak-{secrets.token_hex(4)}")[1]
        self._value = 800.0
        self.published: list[tuple[int, int]] = []  # with the draft of each
        self.late_count = 0  # servers that did not show an edition at the first request after it was acknowledged
        self.conflict_count = 0

    async def publish(self, first: str, second: str) -> None:
        """Publishes one figure. Raises RuntimeError if the pass of one server does not open the other, or later."""
        async with Session(first, CLIENT) as session:
            await session.run("lang=en", "publish")
            button = session.find_widget("FormSubmitter:sign_in")
            values = [(session.find_widget("w_key"), "string_value", self._key), (button, "trigger_value", True)]
            if "Signed in" not in await session.run("lang=en", "publish", values):
                raise RuntimeError("the key does not open the server")
            scripts = [row.body for row in session.shown if "/desk/stay" in getattr(row, "body", "")]
            ticket = re.search(r'body: "([^"]+)"', scripts[0])
            cookie = await asyncio.to_thread(_redeem, second, ticket[1] if ticket else "")
            async with Session(second, CLIENT, f"{COOKIE}={cookie}") as other:
                for _ in range(MAX_TRIES):
                    if await self._publish_draft(other, (first, second)):
                        break
                    self.conflict_count += 1
                else:
                    raise RuntimeError("nothing was published")
            leave = [(session.find_widget("w_leave"), "trigger_value", True)]
            await session.run("lang=en", "publish", leave)
        async with Session(second, CLIENT, f"{COOKIE}={cookie}") as stranger:
            if "Signed in" in await stranger.run("lang=en", "publish"):
                raise RuntimeError("signed out on one server, the pass opens the other")

    async def _publish_draft(self, session: Session, urls: tuple[str, str]) -> bool:
        """Publishes a draft on a page; whether its edition is there. Counts the servers that do not show it then."""
        draft = await asyncio.to_thread(self._make_draft)
        query = f"draft={draft}&lang=en"
        if "Signed in" not in await session.run(query, "publish"):
            raise RuntimeError("the pass of one server does not open the other")
        reason = (session.find_widget(f"w_note_{draft}"), "string_value", "soak test")
        await session.run(query, "publish", [reason, (session.find_widget("w_publish"), "trigger_value", True)])
        edition = next((row.id for row in self._workspace.store.vintages() if row.draft == draft), None)
        if edition is None:
            return False
        self.published.append((edition, draft))
        for url in urls:
            self.late_count += await asyncio.to_thread(read_newest, url) < edition
        return True

    def _make_draft(self) -> int:
        self._value += 1
        content = f"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,{self._value}\n".encode()
        session = self._workspace.access.open_operator_session("soak")
        return self._workspace.receive("soak.csv", content, session).id


def read_newest(url: str) -> int:
    """The number of the newest edition that a server shows."""
    with urllib.request.urlopen(f"{url}/api/v1/calls.json", timeout=TIMEOUT_SECONDS) as answer:
        return int(json.load(answer)["meta"]["vintage"])


def _redeem(url: str, ticket: str) -> str:
    """The secret of the cookie that a server gives for a ticket."""
    with urllib.request.urlopen(f"{url}/desk/stay", ticket.encode(), TIMEOUT_SECONDS) as answer:
        return SimpleCookie(answer.headers["Set-Cookie"])[COOKIE].value
