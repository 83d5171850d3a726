"""A client that speaks to the server as the script of its page does, to say what no page would say."""

import secrets
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie
from types import MappingProxyType, TracebackType
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

TOKEN = "_streamlit_xsrf"
PATIENCE = 60  # s; a busy machine is slow, not wrong
Values = Iterable[tuple[str, str, Any]]  # id, field of the message, value


class Wire:
    """One session. `resumed` is the id of another session that this one pretends to be, `more` are further headers."""

    def __init__(self, address: str, resumed: str = "", more: Mapping[str, str] = MappingProxyType({})) -> None:
        self.address, self.session, self._resumed, self._more = address, "", resumed, more
        with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            self.token = SimpleCookie(answer.headers["Set-Cookie"])[TOKEN].value
        self.shown: list[Any] = []

    def __enter__(self) -> "Wire":
        self._socket: ClientConnection = connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=[Subprotocol(part) for part in ("streamlit", self.token, self._resumed) if part],
            additional_headers={**self._more, "Cookie": self._cookie(self.token)},
            max_size=None,
            open_timeout=PATIENCE,
            ping_interval=None,  # a server that is slow to answer one has not gone
        )
        self._socket.__enter__()
        return self

    def _cookie(self, token: str) -> str:
        return "; ".join(filter(None, (f"{TOKEN}={token}", self._more.get("Cookie", ""))))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.__exit__(kind, error, at)

    def send(self, query: str, values: Values = (), page: str = "publish", fragment: str = "") -> None:
        """Asks for a run of the script, with an address and values of widgets."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        message.rerun_script.fragment_id = fragment
        for name, field, value in values:
            state = message.rerun_script.widget_states.widgets.add(id=name)
            if field.endswith("_value") and hasattr(value, "DESCRIPTOR"):
                getattr(state, field).CopyFrom(value)
            else:
                setattr(state, field, value)
        self._socket.send(message.SerializeToString())

    def run(self, query: str, values: Values = (), page: str = "publish") -> str:
        """Asks for a run, waits for its end, and gives the texts that it shows; its elements are kept."""
        self.send(query, values, page)
        return self._read_next()

    def answered(self) -> None:
        """Waits for the answers to all that was sent: a run that tells a word of its own comes after them."""
        word = secrets.token_hex(4)
        self.send(f"lang=en&horizon={word}", page="")
        while word not in self._read_next():
            pass

    def _read_next(self) -> str:
        """The texts of the next run that comes to its end; one that gives way to another says nothing."""
        self.shown = []
        while True:
            data = self._socket.recv(timeout=PATIENCE)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                self.shown.append(getattr(element, element.WhichOneof("type") or "empty"))
            elif message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.shown = []
            elif kind == "script_finished":
                return "\n".join(row.body for row in self.shown if hasattr(row, "body"))

    def ids(self) -> dict[str, str]:
        """The widgets of the last run: their ids, by the key that our pages give them."""
        found = (getattr(row, "id", "") for row in self.shown)
        return {name.split("-", 2)[2]: name for name in found if name.startswith("$$ID-")}

    def enter(self, key: str, query: str = "lang=en") -> str:
        """Signs in with an analyst's key, as a person does, and gives the texts that are shown then."""
        self.run(query)
        button = next(name for key, name in self.ids().items() if key.startswith("FormSubmitter:sign_in"))
        return self.run(query, [(self.ids()["w_key"], "string_value", key), (button, "trigger_value", True)])

    def put(self, session: str, content: bytes, token: str | None = None, number: str = "1") -> int:
        """Sends a file to where pages send theirs, and gives the status of the answer."""
        token = self.token if token is None else token
        return put(self.address, session, content, {"X-Xsrftoken": token, "Cookie": self._cookie(token)}, number)


def put(address: str, session: str, content: bytes, headers: Mapping[str, str], number: str = "1") -> int:
    """Sends a file to a session; the status of the answer."""
    head = b'--B\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\nContent-Type: text/csv\r\n\r\n'
    request = urllib.request.Request(
        f"{address}/_stcore/upload_file/{session}/{number}",
        head + content + b"\r\n--B--\r\n",
        {"Content-Type": "multipart/form-data; boundary=B", **headers},
        method="PUT",
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
