"""Keeps compressed files whose names change with their content, so that each is compressed once a process."""

from threading import Lock

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PREFIXES = ("/static/js/", "/static/css/", "/site/")
_MAX_BYTES = 16 * 1024 * 1024  # of all that is kept; those of Streamlit take half of it


class CompressedFilesMiddleware:
    """ASGI middleware around the one that compresses: a first visit asks for a hundred files of Streamlit's.

    Requests for a part of a file, or for one that the browser may have, are answered as ever.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, tuple[Message, Message]] = {}
        self._size = 0
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers from memory what was compressed before; keeps what is compressed now."""
        if not _is_wanted(scope):
            await self.app(scope, receive, send)
            return
        kept = self._kept.get(scope["path"])
        if kept is not None:
            for message in kept:
                await send(message)
            return
        recorder = _Recorder(send)
        await self.app(scope, receive, recorder.send)
        if recorder.start is not None and recorder.is_whole:
            self._keep(scope["path"], recorder.start, bytes(recorder.body))

    def _keep(self, path: str, start: Message, body: bytes) -> None:
        headers = [row for row in start["headers"] if row[0].lower() not in (b"content-length", b"date")]
        headers.append((b"content-length", str(len(body)).encode("ascii")))
        with self._lock:
            if path in self._kept or self._size + len(body) > _MAX_BYTES:
                return
            self._size += len(body)
            self._kept[path] = ({**start, "headers": headers}, {"type": "http.response.body", "body": body})


def _is_wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_PREFIXES):
        return False
    headers = Headers(scope=scope)
    names = ("range", "if-none-match", "if-modified-since")
    return "gzip" in headers.get("accept-encoding", "") and not any(name in headers for name in names)


class _Recorder:
    """Passes an answer on, and remembers it if it is a compressed file that browsers may keep."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.start: Message | None = None
        self.body = bytearray()
        self.is_whole = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            is_kept = message["status"] == 200 and "immutable" in headers.get("cache-control", "")
            self.start = message if is_kept and headers.get("content-encoding") == "gzip" else None
        elif message["type"] == "http.response.body" and self.start is not None:
            self.body += message.get("body", b"")
            self.is_whole = not message.get("more_body", False)
        await self._send(message)
