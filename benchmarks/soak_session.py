"""A reader's session with a server: the messages that the script of a page would send, over its WebSocket."""

import asyncio
import urllib.request
from collections.abc import Iterable
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

TOKEN = "_streamlit_xsrf"
TIMEOUT_SECONDS = 600.0  # a preview computes all forecasts
Values = Iterable[tuple[str, str, Any]]  # id of a widget, field of the message, value


class Session:
    """One session of a client by its address; `cookie` is sent with its handshake. `shown` is what a run has drawn."""

    def __init__(self, url: str, client: str, cookie: str = "") -> None:
        self._url, self._client, self._cookie = url, client, cookie
        self.shown: list[Any] = []

    async def __aenter__(self) -> "Session":
        token = await asyncio.to_thread(_fetch_token, self._url)
        cookie = "; ".join(filter(None, (f"{TOKEN}={token}", self._cookie)))
        self._socket: ClientConnection = await connect(
            self._url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=Origin(self._url),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(token)],
            additional_headers={"Cookie": cookie, "X-Forwarded-For": self._client},
            max_size=None,
            open_timeout=TIMEOUT_SECONDS,
            ping_interval=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def run(self, query: str, page: str, values: Values = ()) -> str:
        """The texts of a page after a run. Raises RuntimeError for an exception on the page, TimeoutError at last."""
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_name = query, page
        for name, kind, value in values:
            setattr(message.rerun_script.widget_states.widgets.add(id=name), kind, value)
        await self._socket.send(message.SerializeToString())
        await asyncio.wait_for(self._read_run(), TIMEOUT_SECONDS)
        return "\n".join(row.body for row in self.shown if hasattr(row, "body"))

    async def _read_run(self) -> None:
        self.shown = []
        while True:
            data = await self._socket.recv()
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                if element.WhichOneof("type") == "exception":
                    raise RuntimeError(f"{element.exception.type}: {element.exception.message}"[:100])
                self.shown.append(getattr(element, element.WhichOneof("type") or "empty"))
            elif message.WhichOneof("type") == "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return
                self.shown = []

    def find_widget(self, key: str) -> str:
        """The id of a widget by the beginning of the key that our pages give it. Raises LookupError."""
        names = {
            name.split("-", 2)[2]: name for row in self.shown if (name := getattr(row, "id", "")).startswith("$$ID-")
        }
        found = [names[name] for name in sorted(names) if name.startswith(key)]  # the key itself is before longer ones
        if not found:
            raise LookupError(f"no widget {key}")
        return found[0]


def _fetch_token(url: str) -> str:
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=TIMEOUT_SECONDS) as answer:
        return SimpleCookie(answer.headers["Set-Cookie"])[TOKEN].value
