"""`observatory doctor URL`: each check of a server finds nothing in a sound one, and finds what is really wrong."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from observatory.cli.parser import main
from observatory.diagnosis.model import Check, Problem, run_checks
from observatory.diagnosis.registry import SERVER_CHECKS
from observatory.diagnosis.server import ServerProbe
from observatory.language import Localizer

Reply = tuple[int, dict[str, str], str]
CHECKS = {row.id: row for row in SERVER_CHECKS}
PAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'",
}


def _reply(path: str, origin: str | None, site: str) -> Reply:
    """What a server of ours answers behind a proxy: pages, probes, its own WebSocket alone, no figures."""
    if path.startswith("/_stcore/stream"):
        return (101 if origin == site else 403), {"Upgrade": "websocket", "Connection": "Upgrade"}, ""
    if path == "/healthz":
        return 200, {}, "ok"
    if path.startswith("/readyz"):
        return 200, {}, '{"ready": true}'
    if path.startswith("/?"):
        return 200, PAGE_HEADERS, f'<html><meta property="og:url" content="{site}/?lang=en">'
    return 403, {}, ""


# What is broken, by the check that must find it: the answer to a path in place of the sound one (None: as it is).
Break = Callable[[str, str], Reply | None]
BROKEN: dict[str, tuple[Break, set[str]]] = {
    "alive": (lambda path, _site: (404, {}, "no such host") if path == "/healthz" else None, {"doctor.not_ours"}),
    "certificate": (lambda _path, _site: None, {"doctor.certificate_ends"}),  # that of the server ends in three days
    "ready": (
        lambda path, _site: (503, {}, '{"detail": "The store is away."}') if "readyz" in path else None,
        {"doctor.not_ready"},
    ),
    "stream": (lambda path, _site: (400, {}, "") if "stream" in path else None, {"doctor.no_stream"}),
    "foreign_origin": (lambda path, _site: (101, {}, "") if "stream" in path else None, {"doctor.foreign_stream"}),
    "headers": (lambda path, _site: (200, {}, "") if path.startswith("/?") else None, {"doctor.headers"}),
    "links": (
        lambda path, _site: (
            (200, PAGE_HEADERS, '<meta property="og:url" content="http://sticky/">') if path.startswith("/?") else None
        ),
        {"doctor.links"},
    ),
    "figures": (lambda path, _site: (200, {}, "up 1") if "metrics" in path else None, {"doctor.figures"}),
}


@contextmanager
def _serving(change: Break, host: str = "0.0.0.0", context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server on a port of its own. It is asked by an address that is no loopback, as from outside."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = change(self.path, site) or _reply(self.path, self.headers.get("Origin"), site)
            status, headers, body = reply
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 101:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        site = f"{'https' if context else 'http'}://{host}:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield site
        server.shutdown()


def _make_certificate(folder: Path, days: float) -> ssl.SSLContext:
    """The TLS of a server with a certificate of its own, which `folder/cert.pem` makes believed."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(days=9), now + timedelta(days))
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(addresses, critical=False).sign(key, hashes.SHA256())
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(certificate.public_bytes(encoding))
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.fixture
def open_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Starts a server; with `days` it speaks TLS, with a believed certificate of as many days more."""
    with ExitStack() as stack:

        def start(change: Break = lambda _path, _site: None, days: float | None = None) -> str:
            if days is None:
                return stack.enter_context(_serving(change))
            context = _make_certificate(tmp_path, days)
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
            return stack.enter_context(_serving(change, "127.0.0.1", context))

        yield start


def _find(check: str, url: str) -> dict[str, Problem]:
    (result,) = run_checks([CHECKS[check]], ServerProbe(url))
    return {row.key: row for row in result.problems}


@pytest.mark.parametrize("check", SERVER_CHECKS, ids=lambda row: row.id)
def test_nothing_is_wrong_with_a_sound_server(check: Check[ServerProbe], open_server: Callable[..., str]) -> None:
    """No check finds anything where all is well, and each has a title in both languages."""
    assert _find(check.id, open_server()) == {}
    assert all(Localizer(language).text(f"doctor.check.{check.id}") for language in ("fr", "en"))


@pytest.mark.parametrize("check", SERVER_CHECKS, ids=lambda row: row.id)
def test_every_check_finds_what_is_really_wrong(check: Check[ServerProbe], open_server: Callable[..., str]) -> None:
    """Each row of the registry finds its fault in a server that has it, in a sentence of both languages."""
    change, keys = BROKEN[check.id]
    found = _find(check.id, open_server(change, 3.5 if check.id == "certificate" else None))
    assert found.keys() == keys
    for row in found.values():
        assert row.level == "fault"
        assert all(Localizer(language).error_text(row.key, row.values) for language in ("fr", "en"))


def test_tls(open_server: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate of a month is sound, one that nobody vouches for is not, and TLS without HSTS is told."""
    url = open_server(days=30)
    assert _find("certificate", url) == {}
    assert list(_find("headers", url)) == ["doctor.hsts"]
    monkeypatch.delenv("SSL_CERT_FILE")
    assert list(_find("alive", url)) == ["doctor.certificate"]


def test_figures_are_open_beside_the_proxy(open_server: Callable[..., str]) -> None:
    """On this machine, without TLS, figures may be open: Prometheus asks there. It is a note."""
    url = open_server(BROKEN["figures"][0]).replace("0.0.0.0", "127.0.0.1")
    assert [(row.key, row.level) for row in _find("figures", url).values()] == [("doctor.figures", "note")]


def test_the_command(open_server: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    """Of a server that does not answer nothing else is asked; an address that is none is an error of the command."""
    assert main(["doctor", open_server(), "--json"]) == 0
    assert [row["check"] for row in json.loads(capsys.readouterr().out)["checks"]] == list(CHECKS)
    assert main(["doctor", "http://127.0.0.1:1", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)["checks"]
    assert [one["code"] for one in row["problems"]] == ["doctor.unreachable"]
    for wrong in ("observatory.example", "ftp://a.example", "http://", "http://a:99999999", "http://[::"):
        assert main(["doctor", wrong]) == 2
        assert wrong in capsys.readouterr().err
