"""Who answers the queries of a notebook: a server, or the API of this process on a store."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Scope

from observatory.api.application import create_app
from observatory.api.models import ApiState
from observatory.workspace import Workspace

Ask = Callable[[str, Mapping[str, str]], bytes]  # path and query -> the body of the answer
_TIMEOUT_SECONDS = 120  # a server may rebuild a past month first


class QueryError(ValueError):
    """A query that cannot be answered: what is wrong and what to do, in the language of the connection."""


def ask_server(address: str) -> Ask:
    """Queries over HTTP to the server at an address, with or without a path below which it is installed."""
    base = address.rstrip("/")

    def ask(path: str, query: Mapping[str, str]) -> bytes:
        url = f"{base}{path}?{urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - http or https, checked by connect
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            raise _explain(error.code, error.read()) from None
        except OSError as error:
            raise QueryError(f"{base}: {getattr(error, 'reason', error)}") from error

    return ask


def ask_workspace(workspace: Workspace) -> Ask:
    """Queries to the API in this process, so that a store and its server say the same."""
    app = create_app(ApiState(lambda: workspace))

    def ask(path: str, query: Mapping[str, str]) -> bytes:
        # A notebook runs an event loop of its own in this thread; the application gets one in another.
        with ThreadPoolExecutor(1) as pool:
            status, body = pool.submit(asyncio.run, _call(app, path, query)).result()
        if status != 200:
            raise _explain(status, body)
        return body

    return ask


async def _call(app: ASGIApp, path: str, query: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body of the answer of an ASGI application to a GET."""
    status, parts = 500, []
    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": urlencode(query).encode(),
        "headers": [(b"host", b"127.0.0.1")],
    }

    requests: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not requests:
            await asyncio.get_running_loop().create_future()  # for ever: who asks here does not go away
        return requests.pop()

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(parts)


def _explain(status: int, body: bytes) -> QueryError:
    """The error of an answer: the sentence and the cure that the API gave, else its status."""
    try:
        content = json.loads(body)
        return QueryError(f"{content['detail']} {content['hint']}".strip())
    except (ValueError, KeyError, TypeError):
        return QueryError(f"HTTP {status}")
