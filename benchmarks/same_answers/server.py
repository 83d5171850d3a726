"""Answers of the server of a checkout: pages, files, API, errors."""

import gzip
import hashlib
import http.client
import io
import re
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.same_answers.api_requests import API, PLAIN, SERIES_FILES, WRONG
from benchmarks.same_answers.capture import HOST, LANGUAGES, Capture, add_language, make_slug
from benchmarks.same_answers.links import OFFICE, PICTURES, SELECTIONS

START_SECONDS = 180.0  # that a server may take on a busy machine
REQUEST_SECONDS = 180.0
IGNORED_HEADERS = ("date", "server", "connection", "keep-alive", "transfer-encoding", "last-modified")
TEXT_TYPES = ("text/", "json", "xml", "svg", "javascript")
ARCHIVE_ENDINGS = ("pptx", "xlsx")


@dataclass
class Client:
    """Asks a server on 127.0.0.1; each request is one of another address, so that none is one too many."""

    port: int
    arguments: int = 0

    def request(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body."""
        self.arguments += 1
        number = self.arguments
        sent = {"Host": HOST, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
        sent["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)
        try:
            connection.request(method, target, body, sent | dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()


@contextmanager
def run_server(capture: Capture) -> Iterator[tuple[Client, Path]]:
    """The server of the checkout on a free port, and its log; ended by its number, with what it started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    capture.hidden.append((f"127.0.0.1:{port}", "127.0.0.1:<port>"))
    environment = capture.build_environment(
        OBSERVATORY_STORE=capture.copy_store("served"), OBSERVATORY_PROXIES="127.0.0.1"
    )
    path = capture.folder / "server.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [capture.python, "-m", "observatory", "serve", "--port", str(port), "--host", "127.0.0.1"],
            cwd=capture.checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            client = Client(port)
            wait_until_ready(client, process, path)
            yield client, path
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_until_ready(client: Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until the server is ready. Raises RuntimeError if it never is."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.request("GET", "/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-600:]}")


def capture_answer(
    capture: Capture,
    client: Client,
    name: str,
    target: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> dict[str, str]:
    """Asks and keeps an answer: the request, its status, headers and body. Gives the headers."""
    capture.check_time()
    began = time.perf_counter()
    status, found, content = client.request(method, target, headers, body)
    spent = time.perf_counter() - began
    own = target.startswith(("/api", "/feed.atom", "/download", "/social"))
    shown = sorted((key.lower(), value) for key, value in found)
    lines = [f"{method} {target[:300]}", *(f"> {key}: {value}" for key, value in (headers or {}).items()), str(status)]
    # The marks of files that are installed with Streamlit are made from the day of their installation.
    lines += [f"{key}: {value}" for key, value in shown if key not in IGNORED_HEADERS and (own or key != "etag")]
    lines = [re.sub(r"(_streamlit_xsrf)=[^;]*", r"\1=<random>", line) for line in lines]
    kind = dict(shown).get("content-type", "")
    if dict(shown).get("content-encoding") == "gzip":
        lines = [line for line in lines if not line.startswith("content-length")]
        content = gzip.decompress(content)
    if target.partition("?")[0].rpartition(".")[2] in ARCHIVE_ENDINGS and content[:2] == b"PK":
        lines = [line for line in lines if not line.startswith("content-length")]
        content = unpack_archive(content).encode()
    elif any(part in kind for part in TEXT_TYPES):
        content = hide_port(capture, content)
    capture.write_item(name, "\n".join(capture.hide_paths(line) for line in lines).encode() + b"\n\n" + content, spent)
    return {key.lower(): value for key, value in found}


def hide_port(capture: Capture, content: bytes) -> bytes:
    try:
        return capture.hide_paths(content.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return content


def unpack_archive(content: bytes, inside: str = "") -> str:
    """What an archive holds, as text: its XML by element, archives in it likewise, anything else by its sha256."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for row in archive.infolist():
            data, name = archive.read(row), f"{inside}{row.filename}"
            if data[:2] == b"PK":
                parts.append(unpack_archive(data, f"{name}!"))
            elif row.filename.endswith((".xml", ".rels")):
                parts.append(f"== {name}\n{data.decode('utf-8', 'replace').replace('><', '>' + chr(10) + '<')}\n")
            else:
                parts.append(f"== {name}\n{len(data)} bytes {hashlib.sha256(data).hexdigest()}\n")
    return "".join(parts)


def capture_links(capture: Capture, client: Client) -> None:
    """The shell of each link, and its page as CSV, JSON and drawing."""
    for number, link in enumerate(SELECTIONS):
        path, _mark, query = link.partition("?")
        page = path.strip("/").replace("-", "_") or "overview"
        for language in LANGUAGES:
            name = f"links/{make_slug(number, link)}/{language}"
            target = add_language(link, language)
            capture_answer(capture, client, f"{name}/shell.html", target, headers={"Accept": "text/html"})
            if page in ("portfolio", "publish") or "mode=meeting" in link or len(link) > 4000:
                continue
            for form in ("csv", "json", "svg"):
                file = add_language(f"/download/{page}.{form}{'?' if query else ''}{query}", language)
                capture_answer(capture, client, f"{name}/file.{form}", file)
    capture_answer(
        capture, client, "links/browser-fr.html", "/", headers={"Accept": "text/html", "Accept-Language": "fr-FR"}
    )
    capture_answer(
        capture, client, "links/browser-en.html", "/", headers={"Accept": "text/html", "Accept-Language": "en-US"}
    )


def capture_office_files(capture: Capture, client: Client) -> None:
    """Slides, documents, workbooks and pictures of some pages; previews."""
    for number, (page, query, languages) in enumerate(OFFICE):
        for language in languages:
            for form in ("pptx", "pdf", "xlsx", "png"):
                if page == "brief" and form in ("xlsx", "png"):
                    continue
                target = add_language(f"/download/{page}.{form}{'?' if query else ''}{query}", language)
                capture_answer(
                    capture, client, f"files/{make_slug(number, f'{page} {query}')}/{language}.{form}", target
                )
    for number, target in enumerate(PICTURES):
        capture_answer(capture, client, f"social/{make_slug(number, target)}", f"/social/{target}")


def capture_api(capture: Capture, client: Client) -> None:
    """The API, the feed, probes, and every kind of error."""
    for path, queries in API:
        for number, query in enumerate(queries):
            for language in LANGUAGES:
                # French is the default: its addresses do not name it.
                arguments = "&".join(part for part in (query, "lang=en" if language == "en" else "") if part)
                target = f"{path}?{arguments}" if arguments else path
                capture_answer(
                    capture, client, f"api{path.removeprefix('/api')}/{make_slug(number, query)}-{language}", target
                )
    for number, target in enumerate(PLAIN):
        capture_answer(
            capture, client, f"api/plain/{make_slug(number, target)}", target, headers={"Accept": "text/html,*/*"}
        )
    for number, query in enumerate(SERIES_FILES):
        for language in LANGUAGES:
            target = add_language(f"/download/series.csv?{query}", language)
            capture_answer(capture, client, f"api/series/{make_slug(number, query)}-{language}.csv", target)
    for number, target in enumerate(WRONG):
        for language in LANGUAGES:
            capture_answer(
                capture, client, f"api/errors/{make_slug(number, target)}-{language}", add_language(target, language)
            )
    capture_answer(capture, client, "api/errors/language", "/api/v1/calls.json?lang=de")
    capture_methods(capture, client)
    capture_metric_names(capture, client)


def capture_methods(capture: Capture, client: Client) -> None:
    """Other methods than GET, bodies, conditional requests, compression."""
    for path in ("/api/v1/calls.json", "/api/v1/nothing", "/feed.atom", "/healthz", "/download/method.json"):
        for method in ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"):
            for language in LANGUAGES:
                name = f"api/methods/{make_slug(0, path)}-{method}-{language}"
                capture_answer(
                    capture, client, name, add_language(path, language), method, {"Origin": "https://example.org"}
                )
    for language in LANGUAGES:
        target = add_language("/api/v1/calls.json", language)
        capture_answer(capture, client, f"api/bodies/large-{language}", target, "GET", body=b"x" * 2000)
        capture_answer(capture, client, f"api/bodies/small-{language}", target, "GET", body=b"x" * 100)
        capture_answer(capture, client, f"api/bodies/posted-{language}", target, "POST", body=b"x" * 2000)
    targets = ("/api/v1/calls.json", "/api/v1/observations.csv?indicator=esa_budget&asof=e1", "/feed.atom?lang=en")
    for number, target in enumerate((*targets, "/api/openapi.json", "/api/v1/calls.json?asof=2015-06")):
        headers = capture_answer(capture, client, f"api/conditional/{number}-first", target)
        tag = headers.get("etag", "")
        for name, known in (("weak", tag), ("strong", tag.removeprefix("W/")), ("any", "*"), ("other", '"x"')):
            capture_answer(
                capture, client, f"api/conditional/{number}-{name}", target, headers={"If-None-Match": known}
            )
        capture_answer(capture, client, f"api/conditional/{number}-gzip", target, headers={"Accept-Encoding": "gzip"})


def capture_metric_names(capture: Capture, client: Client) -> None:
    """The names and labels of /metrics, which is arguments for last; numbers are left out."""
    began = time.perf_counter()
    status, _headers, content = client.request("GET", "/metrics")
    seen = dict.fromkeys(
        line if line.startswith("#") else line.rpartition(" ")[0] for line in content.decode().splitlines()
    )
    # The first line of a route of the capture's own waiting is there or not, by how fast the server starts.
    kept = [line for line in seen if 'status="503"' not in line]
    text = "\n".join((str(status), *kept)) + "\n"
    capture.write_item("api/metrics-names", text.encode(), time.perf_counter() - began)


def capture_server(capture: Capture) -> None:
    """Everything that is arguments over HTTP, and how often the server logged what it did not foresee."""
    with run_server(capture) as (client, log):
        capture_links(capture, client)
        capture_office_files(capture, client)
        capture_api(capture, client)
        said = log.read_text(errors="replace")
        tracebacks = re.findall(r"Traceback \(most recent call last\).*?\n(\S[^\n]*)", said, re.DOTALL)
        text = f"{said.count('Traceback (most recent call last)')} tracebacks\n" + "\n".join(tracebacks)
        capture.write_item("server/tracebacks", capture.hide_paths(text).encode(), 0.0)
