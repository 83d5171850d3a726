"""HTTP client for publishers: bounded in time and size, retries, conditional requests, no redirect to another host."""

import logging
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

import httpx2

import observatory
from observatory.errors import SourceError
from observatory.settings import MAX_ECHOED_CHARS
from observatory.sources.content import refuse_error_document
from observatory.sources.endpoints import PublisherServer, find_origin
from observatory.sources.model import Answer, Request
from observatory.sources.retry import RETRIED_STATUSES, Limits, choose_pause

for _name in ("httpx2", "httpcore2"):  # they log whole addresses, which hold keys
    logging.getLogger(_name).setLevel(logging.WARNING)

_MAX_FAULT_BYTES = 65_536  # read of the body of an error, to name the fault
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED, _FORBIDDEN, _NOT_FOUND = 304, 403, 404


@dataclass
class _Progress:
    """What is left of a source's time, and when its last request was sent."""

    deadline: float
    last_sent: float | None = None


class _TransientError(Exception):
    """A fault that may pass; `cause` is what is reported if it does not."""

    def __init__(self, cause: SourceError, retry_after: str = "") -> None:
        super().__init__(cause.key)
        self.cause = cause
        self.retry_after = retry_after


@dataclass
class Client:
    """Sends requests to endpoints. One thread a source: requests of one source follow one another."""

    endpoints: Mapping[str, PublisherServer]
    limits: Limits = field(default_factory=Limits)
    contact: str = ""
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        agent = f"observatory/{observatory.__version__}" + (f" (+{self.contact})" if self.contact else "")
        headers = {"User-Agent": agent, "Accept-Encoding": "gzip"}
        self._http = httpx2.Client(headers=headers, follow_redirects=False)
        self._progress: dict[str, _Progress] = {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def fetch(self, request: Request, previous: Answer | None = None) -> Answer | None:
        """The answer to a request; None if an optional file is not there. Raises SourceError.

        With a previous answer that had an ETag or a date, a server may say that nothing has changed: the answer has
        then the status 304 and the previous body.
        """
        endpoint = self.endpoints[request.host]
        if endpoint.key_variable and not endpoint.key:
            raise SourceError("error.source.key_missing", variable=endpoint.key_variable)
        progress = self._progress.setdefault(request.host, _Progress(self.monotonic() + self.limits.source))
        attempt = 0
        while True:
            self._keep_gap(endpoint, progress)
            try:
                return self._send(request, endpoint, previous, progress.deadline)
            except _TransientError as error:
                pause = choose_pause(self.limits, attempt, error.retry_after)
                if pause is None:
                    raise error.cause from None
                if self.monotonic() + pause > progress.deadline:
                    raise SourceError("error.source.too_slow", seconds=round(self.limits.source)) from None
                self.sleep(pause)
                attempt += 1

    def _keep_gap(self, endpoint: PublisherServer, progress: _Progress) -> None:
        now = self.monotonic()
        if progress.last_sent is not None and (wait := progress.last_sent + endpoint.gap - now) > 0:
            self.sleep(wait)
        if self.monotonic() > progress.deadline:
            raise SourceError("error.source.too_slow", seconds=round(self.limits.source))
        progress.last_sent = self.monotonic()

    def _send(
        self, request: Request, endpoint: PublisherServer, previous: Answer | None, deadline: float
    ) -> Answer | None:
        """One attempt, redirects on the same host included."""
        address = endpoint.build_address(request)
        params: dict[str, str] | None = dict(request.params)
        if endpoint.key:
            params = {**dict(request.params), endpoint.key_parameter: endpoint.key}  # last, and nowhere else
        headers = {"Accept": request.accept}
        if previous is not None and previous.etag:
            headers["If-None-Match"] = previous.etag
        if previous is not None and previous.last_modified:
            headers["If-Modified-Since"] = previous.last_modified
        read = max(min(self.limits.read, deadline - self.monotonic()), 0.001)
        timeout = httpx2.Timeout(read, connect=self.limits.connect)
        try:
            for _ in range(self.limits.redirects + 1):
                with self._http.stream(
                    "GET", endpoint.locate(address), params=params or None, headers=headers, timeout=timeout
                ) as response:
                    if response.status_code not in _REDIRECTS:
                        return self._receive(response, request, endpoint, previous, deadline)
                    address = _follow_redirect(address, response.headers.get("Location", ""), endpoint)
                    params = None  # the new address holds what it needs
        except httpx2.RemoteProtocolError:
            raise _TransientError(SourceError("error.source.cut")) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            cause = SourceError("error.source.unreachable", why=type(error).__name__)
            raise (_TransientError(cause) if isinstance(error, httpx2.TransportError) else cause) from None
        raise SourceError("error.source.redirect", address=_describe(address, endpoint))

    def _receive(
        self,
        response: httpx2.Response,
        request: Request,
        endpoint: PublisherServer,
        previous: Answer | None,
        deadline: float,
    ) -> Answer | None:
        status = response.status_code
        if status == _NOT_MODIFIED and previous is not None:
            return Answer(request, previous.content, status, previous.etag, previous.last_modified, previous.is_framed)
        if status == _NOT_FOUND and request.is_optional:
            return None
        if not response.is_success:
            self._refuse_status(response, endpoint, deadline)
        content, is_whole = self._read_body(response, endpoint.max_bytes, deadline)
        if not content:
            raise SourceError("error.source.empty")
        has_length = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
        etag, modified = (_read_validator(response, name) for name in ("ETag", "Last-Modified"))
        return Answer(request, endpoint.redact_body(content), status, etag, modified, has_length or is_whole)

    def _refuse_status(self, response: httpx2.Response, endpoint: PublisherServer, deadline: float) -> None:
        """Raises the fault that the body names, or that of the status."""
        status = response.status_code
        cause = SourceError("error.source.status", status=status)
        if status in RETRIED_STATUSES:
            raise _TransientError(cause, response.headers.get("Retry-After", ""))
        if status == _FORBIDDEN:
            raise SourceError("error.source.forbidden")
        try:
            body, _is_whole = self._read_body(response, _MAX_FAULT_BYTES, deadline)
            refuse_error_document(endpoint.redact_body(body))
        except SourceError as error:
            if error.key == "error.source.fault":
                raise
        raise cause

    def _read_body(self, response: httpx2.Response, max_bytes: int, deadline: float) -> tuple[bytes, bool]:
        """The body, decompressed, and whether its compression proves that it is whole.

        Decompressed here and not by the library, so that neither a bomb nor a stream that ends early gets through.
        """
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise SourceError("error.source.compression", name=encoding[:MAX_ECHOED_CHARS])
        too_big = SourceError("error.source.too_big", megabytes=max_bytes // 1_000_000)
        length = response.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length[:15]) > max_bytes:
            raise too_big
        unpacker = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
        body = bytearray()
        for chunk in response.iter_raw():
            if self.monotonic() > deadline:
                raise SourceError("error.source.too_slow", seconds=round(self.limits.source))
            try:
                body += chunk if unpacker is None else unpacker.decompress(chunk, max_bytes + 1 - len(body))
            except zlib.error:
                raise SourceError("error.source.compression", name=encoding) from None
            if len(body) > max_bytes:
                raise too_big
        if unpacker is not None and not unpacker.eof and body:
            raise _TransientError(SourceError("error.source.cut"))
        return bytes(body), unpacker is not None and unpacker.eof


def _read_validator(response: httpx2.Response, name: str) -> str:
    """A header that is sent back with the next request; empty if it cannot be."""
    text = response.headers.get(name, "")
    return text if text.isascii() and text.isprintable() else ""


def _follow_redirect(address: str, location: str, endpoint: PublisherServer) -> str:
    """The address of a redirect on the same host; any other is refused, with its address but no parameter of it."""
    target = endpoint.resolve(address, location)
    if not location or find_origin(target) != find_origin(address):
        raise SourceError("error.source.redirect", address=_describe(target, endpoint))
    return target


def _describe(address: str, endpoint: PublisherServer) -> str:
    """Host and path of an address; the host alone where a key might be anywhere in it."""
    parts = urlsplit(address)
    return f"{parts.hostname or ''}{'' if endpoint.key else parts.path}"[: 3 * MAX_ECHOED_CHARS]
