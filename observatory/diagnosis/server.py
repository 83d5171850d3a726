"""Checks of a server that runs, asked from where a reader or a proxy of it would."""

import base64
import json
import secrets
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from re import search
from urllib.parse import urlsplit

from observatory import settings
from observatory.diagnosis.model import Problem
from observatory.errors import ObservatoryError

_TIMEOUT_SECONDS = 15.0
_ALIVE_SECONDS = 1.0  # after which an orchestrator would take the server for dead
_MIN_CERTIFICATE_DAYS = 14
_MAX_BODY_BYTES = 400_000
_STREAM_PATH = "/_stcore/stream"
_FOREIGN_ORIGIN = "https://foreign.invalid"
_FIGURES_PATHS = ("/metrics", "/_stcore/metrics")


@dataclass(frozen=True)
class ProbeResponse:
    """What a server answered: status, headers by small letters, the beginning of the body, seconds until all was there.

    `expires`: when its certificate ends, in seconds since 1970; None without TLS.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    expires: float | None = None


@dataclass(frozen=True)
class ServerProbe:
    """Asks a server by its address, of which scheme, host and port count."""

    url: str
    _answers: dict[str, ProbeResponse] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            is_site = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            is_site = False
        if not is_site:
            raise ObservatoryError("error.doctor.url", value=self.url[: settings.MAX_ECHOED_CHARS])

    @cached_property
    def origin(self) -> str:
        """Scheme, host and port, as a browser names them."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"

    @property
    def is_encrypted(self) -> bool:
        """Whether readers reach it by TLS."""
        return self.origin.startswith("https://")

    @property
    def is_loopback(self) -> bool:
        """Whether it is asked without TLS on this machine: beside the proxy, as operators may."""
        host = urlsplit(self.origin).hostname or ""
        try:
            return not self.is_encrypted and (host == "localhost" or ip_address(host).is_loopback)
        except ValueError:
            return False

    def fetch(self, path: str) -> ProbeResponse:
        """The answer to a request; of the same request only once. Raises ObservatoryError where none comes."""
        if path not in self._answers:
            self._answers[path] = self._ask(path, {"Accept": "*/*", "Accept-Language": "en"})
        return self._answers[path]

    def open_stream(self, origin: str) -> int:
        """The status of a WebSocket handshake that names an origin; 101 if it is accepted. It is closed at once."""
        upgrade = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Origin": origin,
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
            "Sec-WebSocket-Protocol": "streamlit",
        }
        return self._ask(_STREAM_PATH, upgrade).status

    def _ask(self, path: str, headers: Mapping[str, str]) -> ProbeResponse:
        connection = self._connect()
        start = time.monotonic()
        try:
            connection.request("GET", path, headers=dict(headers))
            expires = _read_expiry(connection)  # before the answer, after which the line may be closed
            response = connection.getresponse()
            body = b"" if response.status == 101 else response.read(_MAX_BODY_BYTES)
            found = {name.lower(): value for name, value in response.getheaders()}
            return ProbeResponse(response.status, found, body, time.monotonic() - start, expires)
        except ssl.SSLCertVerificationError as error:
            raise ObservatoryError("doctor.certificate", url=self.origin, why=error.verify_message) from error
        except (OSError, HTTPException) as error:
            why = str(error) or type(error).__name__
            raise ObservatoryError("doctor.unreachable", url=self.origin, why=why[:200]) from error
        finally:
            connection.close()

    def _connect(self) -> HTTPConnection:
        parts = urlsplit(self.origin)
        host = parts.hostname or ""
        if self.is_encrypted:
            return HTTPSConnection(host, parts.port, timeout=_TIMEOUT_SECONDS, context=ssl.create_default_context())
        return HTTPConnection(host, parts.port, timeout=_TIMEOUT_SECONDS)


def check_alive(probe: ServerProbe) -> Iterator[Problem]:
    """/healthz answers ok within a second."""
    answer = probe.fetch("/healthz")
    if answer.status != 200 or answer.body != b"ok":
        yield Problem("doctor.not_ours", {"url": f"{probe.origin}/healthz", "status": answer.status})
    elif answer.seconds > _ALIVE_SECONDS:
        yield Problem("doctor.slow", {"url": f"{probe.origin}/healthz", "seconds": f"{answer.seconds:.1f}"})


def check_certificate(probe: ServerProbe) -> Iterator[Problem]:
    """The certificate is valid, and for two weeks more."""
    expires = probe.fetch("/healthz").expires
    if expires is not None and (days := int((expires - time.time()) // 86_400)) < _MIN_CERTIFICATE_DAYS:
        yield Problem("doctor.certificate_ends", {"count": days})


def check_ready(probe: ServerProbe) -> Iterator[Problem]:
    """/readyz finds a store with an edition."""
    answer = probe.fetch("/readyz?lang=en")
    if answer.status == 200:
        return
    try:
        why = str(json.loads(answer.body)["detail"])
    except (ValueError, KeyError, TypeError):
        why = ""
    yield Problem("doctor.not_ready", {"status": answer.status, "why": why[:300]})


def check_stream(probe: ServerProbe) -> Iterator[Problem]:
    """A page of the server itself may open its WebSocket: over it comes everything that a page shows."""
    status = probe.open_stream(probe.origin)
    if status != 101:
        yield Problem("doctor.no_stream", {"status": status, "origin": probe.origin})


def check_foreign_origin(probe: ServerProbe) -> Iterator[Problem]:
    """A page of another site may not open it."""
    if probe.open_stream(_FOREIGN_ORIGIN) == 101:
        yield Problem("doctor.foreign_stream", {"origin": _FOREIGN_ORIGIN})


def check_headers(probe: ServerProbe) -> Iterator[Problem]:
    """The headers that protect a page arrive, and one that asks for TLS where there is TLS."""
    headers = probe.fetch("/?lang=en").headers
    policy = headers.get("content-security-policy", "")
    absent = [name for name in ("X-Content-Type-Options", "Referrer-Policy") if name.lower() not in headers]
    if "frame-ancestors" not in policy or "object-src" not in policy:
        absent.append("Content-Security-Policy")
    if absent:
        yield Problem("doctor.headers", {"names": ", ".join(absent)})
    if probe.is_encrypted and "strict-transport-security" not in headers:
        yield Problem("doctor.hsts")


def check_links(probe: ServerProbe) -> Iterator[Problem]:
    """The links that pages offer to share begin with the address at which they were asked."""
    page = probe.fetch("/?lang=en").body.decode("utf-8", "replace")
    match = search(r'<meta property="og:url" content="([^"]*)"', page)
    found = unescape(match[1]) if match else ""
    if urlsplit(found)[:2] != urlsplit(probe.origin)[:2]:
        shown = found[: settings.MAX_ECHOED_CHARS]
        yield Problem("doctor.links", {"found": shown, "origin": probe.origin})


def check_figures(probe: ServerProbe) -> Iterator[Problem]:
    """Figures for operators are closed to those who come through the proxy."""
    opened = [path for path in _FIGURES_PATHS if probe.fetch(path).status == 200]
    if opened:
        yield Problem("doctor.figures", {"paths": ", ".join(opened)}, "note" if probe.is_loopback else "fault")


def _read_expiry(connection: HTTPConnection) -> float | None:
    if not isinstance(connection.sock, ssl.SSLSocket):
        return None
    ends = (connection.sock.getpeercert() or {}).get("notAfter")
    return ssl.cert_time_to_seconds(ends) if isinstance(ends, str) else None
