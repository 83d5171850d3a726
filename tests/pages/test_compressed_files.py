"""Files that browsers keep for ever are compressed once a process; everything else is answered as ever."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from observatory.pages.server.compressed_files import CompressedFilesMiddleware

TEXT = "const words = 'répétés';\n" * 500
FOREVER = "public, immutable, max-age=31536000"


class Site:
    """An application that counts how often each file is asked for behind the middleware."""

    def __init__(self) -> None:
        self.asked: list[str] = []

        async def answer(request: Request) -> Response:
            self.asked.append(request.url.path)
            name = request.path_params["name"]
            headers = {"cache-control": "no-cache" if name.startswith("changing") else FOREVER, "etag": '"1"'}
            return Response(TEXT, 404 if name.startswith("absent") else 200, headers, "application/javascript")

        made = Starlette(
            routes=[Route("/static/js/{name}", answer), Route("/api/{name}", answer)],
            middleware=[Middleware(CompressedFilesMiddleware), Middleware(GZipMiddleware, minimum_size=100)],
        )
        self.client = TestClient(made)


def test_a_file_is_compressed_once() -> None:
    """The second answer is the first one to the byte, with its headers, and nobody behind the middleware is asked."""
    site = Site()
    first, second = (site.client.get("/static/js/index.abc.js") for _ in range(2))
    assert first.text == second.text == TEXT
    assert second.headers["content-encoding"] == "gzip"
    assert second.headers["cache-control"] == FOREVER
    assert second.headers["etag"] == '"1"'
    assert second.headers["vary"] == "Accept-Encoding"
    assert int(second.headers["content-length"]) < len(TEXT) / 10
    assert site.asked == ["/static/js/index.abc.js"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/static/js/changing.js", {}),
        ("/static/js/absent.js", {}),
        ("/api/index.abc.js", {}),
        ("/static/js/index.abc.js", {"accept-encoding": "identity"}),
        ("/static/js/index.abc.js", {"range": "bytes=0-9"}),
        ("/static/js/index.abc.js", {"if-none-match": '"1"'}),
    ],
)
def test_what_is_not_kept(path: str, headers: dict[str, str]) -> None:
    """What may change, is absent, is no such file, or is asked for otherwise, is asked for each time."""
    site = Site()
    site.client.get("/static/js/index.abc.js")
    site.asked.clear()
    assert [site.client.get(path, headers=headers).text for _ in range(2)] == [TEXT, TEXT]
    assert site.asked == [path, path]
