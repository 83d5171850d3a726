"""Trial of deploy/nginx.conf and deploy/Caddyfile: the real proxy, two real servers on one store, a client of ours.

    python -m tests.deploy.trial nginx caddy [--store FILE]

It prints a row for each fact, and exits with 1 if one is not so, with 2 if nginx or caddy is not installed.
CI does not run it: it takes two minutes, and needs both programs.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.cookies import SimpleCookie
from pathlib import Path

from websockets.sync.client import connect
from websockets.typing import Subprotocol

from observatory.diagnosis.model import run_checks
from observatory.diagnosis.registry import SERVER_CHECKS
from observatory.diagnosis.server import ServerProbe
from tests.journeys.conftest import free_port
from tests.journeys.wire import PATIENCE, TOKEN, Wire, put
from tests.support.paths import ROOT
from tests.support.stores import copy_store

_DEPLOY = ROOT / "deploy"
_COOKIE = "observatory_server"
_COSTLY = "/api/v1/datapackage.json"  # ten tokens of the rate limiter, of 400
_START_SECONDS = 120.0


class ProxiedWire(Wire):
    """A session through a proxy, with the cookies that a browser would keep."""

    def __init__(self, address: str, *, is_sticky: bool = True) -> None:
        self.address, self.session, self._resumed, self.shown = address, "", "", []
        with urllib.request.urlopen(f"{address}/?lang=en") as page:
            cookies = _read_cookies(page.headers)
        request = urllib.request.Request(f"{address}/_stcore/health", headers={"Cookie": _join(cookies)})
        with urllib.request.urlopen(request) as answer:
            cookies |= _read_cookies(answer.headers)
        self.token = cookies[TOKEN]
        self.server = cookies.get(_COOKIE, "")
        self.cookie = _join(cookies if is_sticky else {TOKEN: self.token})

    def __enter__(self) -> "ProxiedWire":
        self._socket = connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self.address,  # type: ignore[arg-type]
            subprotocols=[Subprotocol(part) for part in ("streamlit", self.token)],
            additional_headers={"Cookie": self.cookie},
            max_size=None,
            open_timeout=PATIENCE,
        )
        self._socket.__enter__()
        return self

    def upload(self, number: int) -> int:
        """The status of an upload to this session."""
        headers = {"X-Xsrftoken": self.token, "Cookie": self.cookie}
        return put(self.address, self.session, b"indicator,period,value\n", headers, str(number))


def _read_cookies(headers: http.client.HTTPMessage) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    for row in headers.get_all("Set-Cookie") or []:
        jar.load(row)
    return {name: morsel.value for name, morsel in jar.items()}


def _join(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


@contextmanager
def _run(command: list[str], folder: Path, name: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()


def _wait(url: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=10).close()
            return
        time.sleep(0.3)
    sys.exit(f"{url} does not answer:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def _serve_nginx(folder: Path, port: int, plain: int, ports: tuple[int, int]) -> Iterator[str]:
    """The file that is shipped, in nginx; names, ports and the certificate alone are other ones."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    text = (_DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("127.0.0.1:8501", f"127.0.0.1:{ports[0]}"),
        ("127.0.0.1:8502", f"127.0.0.1:{ports[1]}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("        listen [::]:80;\n", ""),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("        listen [::]:443 ssl http2;\n", ""),
        ("observatory.example", "localhost"),
        ("/etc/ssl/observatory/fullchain.pem", str(certificate)),
        ("/etc/ssl/observatory/privkey.pem", str(key)),
        ("/run/nginx.pid", str(folder / "nginx.pid")),
        ("/var/cache/nginx", str(folder / "cache")),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "nginx.conf").write_text(text)
    program = ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    tested = subprocess.run([*program, "-t"], capture_output=True, text=True, check=False)
    _report("the configuration is valid", tested.returncode == 0 and "warn" not in tested.stderr)
    os.environ["SSL_CERT_FILE"] = str(certificate)
    with _run([*program, "-g", "daemon off;"], folder, "nginx"):
        yield f"https://localhost:{port}"


@contextmanager
def _serve_caddy(folder: Path, port: int, plain: int, ports: tuple[int, int]) -> Iterator[str]:
    """Caddy with the file that is shipped, ports of its own, and its own authority of certificates."""
    text = (_DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert "{\n\tservers {" in text
    own = f"{{\n\tadmin off\n\thttp_port {plain}\n\tskip_install_trust\n\tservers {{"
    (folder / "Caddyfile").write_text(text.replace("{\n\tservers {", own, 1))
    environment = {
        "SITE": f"localhost:{port}",
        "SERVERS": " ".join(f"127.0.0.1:{one}" for one in ports),
        "XDG_DATA_HOME": str(folder / "caddy"),
        "XDG_CONFIG_HOME": str(folder / "caddy"),
    }
    options = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    command = ["caddy", "validate", *options]
    tested = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    _report("the configuration is valid", tested.returncode == 0, "" if not tested.returncode else tested.stderr[-300:])
    with _run(["caddy", "run", *options], folder, "caddy", **environment):
        root = folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        end = time.monotonic() + 20
        while not root.is_file() and time.monotonic() < end:
            time.sleep(0.1)
        os.environ["SSL_CERT_FILE"] = str(root)
        time.sleep(1)
        yield f"https://localhost:{port}"


_PROXIES: dict[str, Callable[[Path, int, int, tuple[int, int]], object]] = {
    "nginx": _serve_nginx,
    "caddy": _serve_caddy,
}
_failures: list[str] = []


def _report(fact: str, is_so: bool, more: object = "") -> None:
    print(f"{'yes' if is_so else 'NO ':<4} {fact}{f' ({more})' if more else ''}", flush=True)
    if not is_so:
        _failures.append(fact)


def _ask(address: str, path: str, source: str = "127.0.0.1", **headers: str) -> tuple[int, http.client.HTTPMessage]:
    host, _, port = address.removeprefix("https://").partition(":")
    connection = http.client.HTTPSConnection(
        host, int(port), timeout=60, source_address=(source, 0), context=ssl.create_default_context()
    )
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers


def _try_doctor(address: str, allowed: frozenset[str]) -> None:
    """What `observatory doctor` says of the proxy; Caddy's own authority makes certificates of twelve hours."""
    for row in run_checks(SERVER_CHECKS, ServerProbe(address)):
        keys = [one.key for one in row.problems]
        _report(f"doctor: {row.check}", row.is_sound or row.check in allowed, ", ".join(keys))


def _try_pages_and_uploads(address: str, key: str) -> None:
    servers = set()
    for number in range(8):
        with ProxiedWire(address) as reader:
            servers.add(reader.server)
            if number < 4:
                _report(f"page {number + 1} comes over the WebSocket", len(reader.run("lang=en", page="")) > 500)
    _report("both servers get readers", len(servers) == 2)
    for number in range(2):
        with ProxiedWire(address) as analyst:
            analyst.enter(key)
            codes = [analyst.upload(one) for one in range(1, 7)]
            _report(f"analyst {number + 1}: six uploads with the cookie", codes == [204] * 6, codes)
    with ProxiedWire(address, is_sticky=False) as analyst:
        analyst.enter(key)
        codes = [analyst.upload(one) for one in range(1, 13)]
        print(f"     without the cookie, for comparison: {codes}", flush=True)


def _try_addresses(address: str) -> None:
    """Readers count by their own address, whatever they say of themselves."""
    cookie = _join(_read_cookies(_ask(address, "/?lang=en")[1]))
    forged = [
        _ask(address, _COSTLY, Cookie=cookie, X_Forwarded_For=f"203.0.113.{one % 250 + 1}")[0] for one in range(60)
    ]
    _report("a forged X-Forwarded-For is not believed", forged[0] == 200 and forged[-1] == 429, forged.count(429))
    other = _ask(address, _COSTLY, source="127.0.0.2", Cookie=cookie)[0]
    _report("another reader is another address", other == 200, other)


def _try_headers(address: str, plain: int) -> None:
    _status, headers = _ask(address, "/segment?segment=space&lang=en")
    _report(
        "HSTS, policy and nosniff arrive",
        all(
            headers.get(name)
            for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options")
        ),
    )
    cookies = headers.get_all("Set-Cookie") or []
    sticky = [row for row in cookies if row.startswith(_COOKIE)]
    _report("the cookie names a server", len(sticky) == 1, sticky[0] if sticky else "")
    _report("/metrics is closed", _ask(address, "/metrics")[0] == 403)
    connection = http.client.HTTPConnection("127.0.0.1", plain, timeout=10)
    connection.request("GET", "/compare?lang=en", headers={"Host": "localhost"})
    answer = connection.getresponse()
    _report("http leads to https", answer.status in (301, 308), answer.getheader("Location"))
    connection.close()


def _try_files(address: str) -> None:
    """Scripts are answered by nginx itself from the second time on, packed as the server packs them."""
    with urllib.request.urlopen(f"{address}/?lang=en") as page:
        name = re.search(r'src="\./(static/js/index[^"]+)"', page.read().decode())
    assert name is not None
    answers = [_ask(address, f"/{name[1]}", Accept_Encoding="gzip")[1] for _ in range(3)]
    _report("scripts come from the proxy", answers[-1]["X-Cache"] == "HIT", [row["X-Cache"] for row in answers])
    _report("scripts are packed", {row["Content-Encoding"] for row in answers} == {"gzip"})
    _report("no cookie goes with them", all("Set-Cookie" not in row for row in answers))


def _try_half_requests(address: str) -> None:
    host, _, port = address.removeprefix("https://").partition(":")
    plain = socket.create_connection((host, int(port)))
    with ssl.create_default_context().wrap_socket(plain, server_hostname=host) as half:
        half.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        half.settimeout(30)
        start = time.monotonic()
        with suppress(OSError):
            while half.recv(4096):
                pass
        seconds = time.monotonic() - start
    _report("half a request is closed", seconds < 20, f"after {seconds:.0f} s")


def _try_failure(address: str, servers: list[subprocess.Popen[bytes]]) -> None:
    cookies = []
    while len({row.split("=")[1] for row in cookies}) < 2 and len(cookies) < 50:
        cookies.append(_join(_read_cookies(_ask(address, "/healthz")[1])))
    servers[0].kill()
    servers[0].wait()
    codes = [_ask(address, "/?lang=en", Cookie=row)[0] for row in cookies[-2:] * 3]
    _report("with one server killed, readers of both are answered", codes == [200] * 6, codes)


def try_proxy(name: str, store: Path | None) -> None:
    """All facts about one proxy."""
    print(f"\n{name}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"trial-{name}-")))
        folder.chmod(0o755)  # the workers of nginx are another user
        if store:
            copy_store(f"sqlite:///{store}", folder)
        port, plain, first, second = (free_port() for _ in range(4))
        environment = {
            "OBSERVATORY_STORE": f"sqlite:///{folder / 'observatory.db'}",
            "OBSERVATORY_ADDRESS": f"https://localhost:{port}",
            "OBSERVATORY_PROXIES": "127.0.0.1",
        }
        servers = []
        for one in (first, second):
            command = [sys.executable, "-m", "observatory", "serve", "--port", str(one)]
            servers.append(stack.enter_context(_run(command, folder, f"server-{one}", **environment)))
            _wait(f"http://127.0.0.1:{one}/readyz", folder / f"server-{one}.log")
        command = [sys.executable, "-m", "observatory", "key", "create", "trial", "--format", "json"]
        made = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, check=True)
        address = stack.enter_context(_PROXIES[name](folder, port, plain, (first, second)))  # type: ignore[call-overload]
        _wait(f"{address}/healthz", folder / f"{name}.log")
        _try_doctor(address, frozenset(("certificate",) if name == "caddy" else ()))
        _try_pages_and_uploads(address, json.loads(made.stdout)["key"])
        _try_headers(address, plain)
        if name == "nginx":
            _try_files(address)
        _try_addresses(address)
        _try_half_requests(address)
        _try_failure(address, servers)


def main() -> int:
    """Tries each proxy that is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proxy", nargs="+", choices=sorted(_PROXIES))
    parser.add_argument("--store", type=Path, help="a store to copy (default: a new one, with the curated edition)")
    args = parser.parse_args()
    absent = [name for name in (*args.proxy, "openssl") if shutil.which(name) is None]
    if absent:
        print(f"not installed: {', '.join(absent)}. On Debian: apt-get install {' '.join(absent)}", file=sys.stderr)
        return 2
    for name in args.proxy:
        try_proxy(name, args.store)
    print(f"\n{len(_failures)} of these facts are not so." if _failures else "\nAll of it is so.")
    return 1 if _failures else 0


if __name__ == "__main__":
    sys.exit(main())
