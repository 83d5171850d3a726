"""Captures what a checkout answers (links, files, API, commands, pages, stored rows) and compares two captures.

    python benchmarks/same_answers.py capture --python PYTHON --checkout DIR --store sqlite:////FILE --output before
    python benchmarks/same_answers.py compare before after

For a change that must not change an answer: capture before it and after it, on the same day, from the same store. The
checkout is driven from outside, as a reader, a program or an operator would, so that the names of its modules do not
matter; both captures should use environments with the same packages. It works on copies of the store, listens on
127.0.0.1 alone and leaves the checkout as it is. `compare` prints what differs and ends with 1 if anything does.

Left out because they differ between two runs of the same code: the port, the folders, dates of answers, times and
counts of /metrics, progress bars, the moments at which rows were recorded, random words of a session, and identifiers
that Streamlit makes from paths and names of functions. Slides and workbooks are compared by what their archives hold.
"""

import argparse
import difflib
import gzip
import hashlib
import http.client
import io
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

LANGUAGES = ("fr", "en")
LOCALES = {"fr": "fr_FR.UTF-8", "en": "en_GB.UTF-8"}
HOST = "observatory.test"  # what requests name as the host, so that no answer depends on the port
START_SECONDS = 180.0  # that a server may take on a busy machine
REQUEST_SECONDS = 180.0
COMMAND_SECONDS = 600.0
PAGES_SECONDS = 2400.0
PASSING = ("date", "server", "connection", "keep-alive", "transfer-encoding", "last-modified")  # headers left out
TEXT = ("text/", "json", "xml", "svg", "javascript")
ARCHIVES = ("pptx", "xlsx")

# ---------------------------------------------------------------------------------------------------------- the links

EIGHT = "~".join(f"military_expenditure_usd.{geo}" for geo in ("FRA", "DEU", "GBR", "ITA", "USA", "CAN", "CHN", "BRA"))

# 100 selections; each is asked for in both languages.
SELECTIONS = (
    # the overview
    "/",
    "/?horizon=1",
    "/?horizon=3&level=50",
    "/?horizon=5&level=95",
    "/?asof=e1",
    "/?asof=e2&horizon=5",
    "/?asof=2026-11-22",
    "/?asof=2015-06",
    "/?asof=2015-06&after=1&horizon=5",
    "/?mode=meeting",
    "/?mode=meeting&screens=o.space.t&screen=2",
    "/?mode=meeting&screens=air_transport.drones.p.t&screen=3&horizon=3",
    # every segment, with its units, horizons, levels and years
    "/segment",
    "/segment?segment=air_transport",
    "/segment?segment=commercial_aircraft&horizon=3",
    "/segment?segment=business_aviation&horizon=5&level=50",
    "/segment?segment=helicopters&unit=index",
    "/segment?segment=military_aviation&unit=growth",
    "/segment?segment=space&unit=log&level=95",
    "/segment?segment=electronics&from=2000",
    "/segment?segment=embedded_systems&from=1995&to=2015",
    "/segment?segment=drones",
    "/segment?segment=purchasing",
    "/segment?segment=horizon",
    "/segment?segment=space&asof=e1",
    "/segment?segment=air_transport&asof=2015-06",
    "/segment?segment=drones&asof=2015-06&after=1",
    "/segment?segment=commercial_aircraft&asof=e3&unit=growth&from=1990",
    # indicators
    "/segment?indicator=airbus_deliveries",
    "/segment?indicator=airbus_deliveries&item=a320_family&unit=index",
    "/segment?indicator=atr_backlog&level=95",
    "/segment?indicator=esa_budget&horizon=5",
    "/segment?indicator=nasa_budget&unit=log",
    "/segment?indicator=us_tsa_passengers&from=2020",
    "/segment?indicator=air_passengers_carried&geo=FRA",
    "/segment?indicator=military_expenditure_usd&geo=USA&unit=growth",
    "/segment?indicator=rafale_backlog",
    "/segment?indicator=orbital_launches_by_provider&item=spacex",
    "/segment?indicator=low_orbit_objects",
    "/segment?indicator=semiconductor_sales_quarterly&asof=e4",
    "/segment?indicator=us_semiconductor_production&unit=index&from=2010",
    "/segment?indicator=us_drone_sightings&horizon=1",
    "/segment?indicator=falcon_deliveries&to=2020",
    "/segment?indicator=turbine_helicopter_deliveries&level=50",
    "/segment?indicator=fr_instruments_production",
    "/segment?indicator=brent_price&from=2015",
    "/segment?indicator=gdp_current_usd&geo=DEU",
    "/segment?segment=space&indicator=esa_budget&asof=e1&unit=growth",
    "/segment?segment=space&mode=meeting",
    "/segment?segment=helicopters&indicator=falcon_orders",
    # comparisons
    "/compare",
    "/compare?series=airbus_deliveries.WORLD~boeing_deliveries.WORLD",
    "/compare?series=airbus_deliveries.WORLD~boeing_deliveries.WORLD&unit=index&base=2010",
    "/compare?series=atr_backlog,atr_backlog,nothing.WORLD",
    f"/compare?series={EIGHT}&unit=log",
    f"/compare?series={EIGHT}&per=gdp_current_usd&from=1995",
    "/compare?series=esa_budget.ESA~nasa_budget&unit=growth&horizon=5",
    "/compare?series=brent_price~copper_price~aluminium_price&unit=index&asof=e1",
    "/compare?series=orbital_launches_by_provider.WORLD.spacex~orbital_launches_annual&level=50",
    # countries
    "/countries",
    "/countries?indicator=air_passengers_carried",
    "/countries?indicator=air_passengers_carried&measure=level&geo=FRA",
    "/countries?indicator=military_expenditure_usd&measure=gdp&geo=DEU",
    "/countries?indicator=military_expenditure_share_gdp&measure=growth1",
    "/countries?indicator=rnd_expenditure_share_gdp&geo=JPN&asof=e1",
    "/countries?indicator=high_tech_exports&measure=ahead&horizon=3",
    "/countries?segment=space",
    # purchases
    "/purchasing",
    "/purchasing?indicator=aluminium_price&threshold=3000.5&horizon=5",
    "/purchasing?indicator=brent_price&threshold=100&side=above&by=12",
    "/purchasing?indicator=eur_usd&threshold=1.05&side=below&by=2027-06",
    "/purchasing?indicator=copper_price&level=95&from=2010&asof=e1",
    "/purchasing?basket=aluminium:40,brent:50",
    "/purchasing?basket=aluminium:40,copper:30,eur_usd:30&horizon=3",
    "/purchasing?indicator=nickel_price&threshold=0&side=sideways&basket=gold:10",
    "/purchasing?asof=2015-06",
    # the reader's own mix, which no request holds
    "/portfolio",
    "/portfolio?horizon=5&level=50",
    "/portfolio?asof=e1",
    # weak signals, record, method
    "/radar",
    "/radar?asof=e1",
    "/radar?asof=2015-06",
    "/track-record",
    "/track-record?horizon=5",
    "/track-record?asof=e1&horizon=1",
    "/method",
    "/method?asof=e2&level=95",
    # what is new, publishing
    "/whats-new",
    "/whats-new?since=1&until=2",
    "/whats-new?since=3&until=4",
    "/whats-new?since=1&until=4&horizon=1",
    "/whats-new?until=1",
    "/publish",
    "/publish?draft=1",
    # malformed, unknown, of another version
    "/?segment=%3Cscript%3E&horizon=9&unit=x&level=81&nonsense=1",
    "/segment?segment=nowhere&indicator=nothing&from=2020&to=2010&v=1",
    "/segment?segment=space&v=99",
    "/?asof=e999&v=x",
    "/track-record?asof=2026-02-30&screens=o..t&screen=0",
    "/segment?segment=" + "x" * 4100,
)

# Slides, documents, workbooks and pictures take longer: these pages have them, in one language or both.
OFFICE = (
    ("overview", "", LANGUAGES),
    ("segment", "segment=space", LANGUAGES),
    ("segment", "indicator=airbus_deliveries&unit=index&asof=e1", ("en",)),
    ("brief", "segment=space", LANGUAGES),
    ("brief", "segment=commercial_aircraft&asof=e1&horizon=5", ("fr",)),
    ("compare", "series=airbus_deliveries.WORLD~boeing_deliveries.WORLD&unit=index", ("fr",)),
    ("countries", "indicator=air_passengers_carried&geo=FRA", ("en",)),
    ("purchasing", "indicator=brent_price&threshold=100&basket=aluminium:40,brent:50", ("fr",)),
    ("radar", "", ("en",)),
    ("track_record", "horizon=3", ("fr",)),
    ("whats_new", "since=1&until=4", ("en",)),
    ("method", "asof=e1", ("fr",)),
)
PICTURES = (
    "overview.png?lang=fr&asof=e4",
    "segment.png?lang=en&segment=space&asof=e1",
    "segment.png?lang=fr&segment=drones&horizon=5",
    "track_record.png?lang=en",
    "compare.png?lang=fr&nonsense=1",
    "overview.png?asof=2015-06",
    "nowhere.png",
)
# These are also run as pages, in both languages.
RENDERED = (
    "/",
    "/?horizon=5&level=95",
    "/?asof=e1",
    "/?mode=meeting&screens=o.space.t&screen=2",
    "/?mode=meeting&screens=air_transport.drones.p.t&screen=3&horizon=3",
    "/?segment=%3Cscript%3E&horizon=9&unit=x&level=81&nonsense=1",
    "/segment?segment=space&unit=log&level=95",
    "/segment?segment=electronics&from=2000",
    "/segment?segment=drones&asof=2015-06&after=1",
    "/segment?indicator=airbus_deliveries&item=a320_family&unit=index",
    "/segment?indicator=air_passengers_carried&geo=FRA",
    "/segment?segment=helicopters&indicator=falcon_orders",
    f"/compare?series={EIGHT}&per=gdp_current_usd&from=1995",
    "/compare?series=atr_backlog,atr_backlog,nothing.WORLD",
    "/countries?indicator=military_expenditure_usd&measure=gdp&geo=DEU",
    "/purchasing?indicator=brent_price&threshold=100&side=above&by=12",
    "/purchasing?basket=aluminium:40,brent:50",
    "/portfolio",
    "/radar",
    "/track-record?asof=e1&horizon=1",
    "/whats-new?since=1&until=4&horizon=1",
    "/publish",
    "/method",
    "/missing",
)

# ------------------------------------------------------------------------------------------------------------ the API

LISTS = ("", "limit=2", "limit=2&offset=3", "offset=5000", "asof=e1", "asof=2026-11-22")
SERIES = (
    "",
    "segment=space",
    "indicator=atr_backlog",
    "indicator=airbus_deliveries&item=a320_family",
    "indicator=airbus_deliveries&asof=e1",
    "indicator=brent_price&from=2020&to=2026",
    "indicator=military_expenditure_usd&geo=FRA",
    "geo=FRA&limit=50",
    "limit=5&offset=10",
    "offset=10000000",
    "from=2025&to=2001",
    "segment=drones&asof=e2",
    "indicator=esa_budget&asof=2026-11-22",
    "indicator=us_tsa_passengers&asof=2015-06",
)
FRENCH = ("dialect=fr&segment=business_aviation", "dialect=fr&indicator=esa_budget&asof=e1", "dialect=international")
CALLS = (
    "",
    *(f"horizon={years}" for years in (1, 2, 3, 5)),
    "segment=space",
    "segment=purchasing",
    "segment=drones&horizon=5&asof=e1",
    "asof=e1",
    "asof=2015-06",
    "limit=4&offset=4",
)
API: tuple[tuple[str, Sequence[str]], ...] = (
    ("/api/v1/segments", LISTS),
    ("/api/v1/indicators", (*LISTS, "segment=space", "segment=horizon&asof=e1")),
    ("/api/v1/observations.csv", (*SERIES, *FRENCH)),
    ("/api/v1/observations.json", SERIES),
    ("/api/v1/forecasts.csv", (*SERIES, *FRENCH)),
    ("/api/v1/forecasts.json", SERIES),
    ("/api/v1/calls.csv", (*CALLS, "dialect=fr", "dialect=fr&horizon=1&limit=3")),
    ("/api/v1/calls.json", CALLS),
    ("/api/v1/vintages", ("", "limit=1", "limit=2&offset=1")),
    ("/feed.atom", ("",)),
)
PLAIN = (
    *("/api/v1/datapackage.json", "/api/v1/datapackage.json?asof=e1", "/api/openapi.json"),
    *("/healthz", "/readyz", "/mark.svg", "/_stcore/health", "/nonsense", "/fonts/nothing.woff2"),
)
WRONG = (
    *("/api/v1/calls.json?nonsense=1", "/api/v1/calls.json?horizn=2", "/api/v1/segments?indicator=esa_budget"),
    *("/api/v1/calls.json?horizon=2&horizon=3", "/api/v1/calls.json?horizon=", "/api/v1/calls.csv?horizon=4"),
    *("/api/v1/calls.json?segment=nowhere", "/api/v1/observations.csv?indicator=atr_backlo"),
    *("/api/v1/observations.json?geo=ZZZ", "/api/v1/observations.json?item=zzz", "/api/v1/forecasts.csv?from=1800"),
    *("/api/v1/forecasts.json?to=x", "/api/v1/observations.csv?dialect=us", "/api/v1/observations.json?limit=0"),
    *("/api/v1/observations.json?limit=100001", "/api/v1/observations.json?offset=-1"),
    *("/api/v1/observations.json?dialect=fr", "/api/v1/observations.json?segment=space&indicator=atr_backlog"),
    *("/api/v1/calls.json?asof=e0", "/api/v1/calls.json?asof=e99", "/api/v1/calls.json?asof=2026-02-30"),
    *("/api/v1/calls.json?asof=1950-01", "/api/v1/datapackage.json?asof=1950-01", "/api/v1/vintages?asof=e1"),
    *("/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v1/segments/", "/api/v1/calls.xml"),
    *("/download/nowhere.pdf", "/download/overview.docx", "/download/brief.csv", "/download/portfolio.json"),
    *("/download/segment.png?segment=drones&asof=2015-06", "/download/whats_new.svg", "/download/series.csv"),
    *("/download/series.csv?indicator=nope", "/download/series.csv?indicator=atr_backlog&geo=FRA"),
    "/api/v1/segments?limit=" + "1" * 4100,
)
SERIES_FILES = (
    *("indicator=atr_backlog", "indicator=airbus_deliveries&geo=WORLD&item=a320_family", "indicator=brent_price"),
    *("indicator=esa_budget&asof=e1", "indicator=us_tsa_passengers", "indicator=military_expenditure_usd&geo=FRA"),
)

# ------------------------------------------------------------------------------------------------------- the commands

COMMANDS = (
    *("serve", "check", "publish", "vintages", "revert", "key", "calls", "forecast", "backtest", "export"),
    *("datapackage", "key create", "key list", "key revoke"),
)
GOOD = "indicateur;zone;période;valeur\nbrent_price;WORLD;2026-03;71,25\ncopper_price;WORLD;2026-03;13 000,5\n"
BAD = (
    "indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,lots\nnothing,WORLD,,2025,1\n"
    "esa_budget,XXX,,2024,1.5\nesa_budget,ESA,,2031,1.5\natr_backlog,WORLD,,2024-05,170\natr_backlog,WORLD,,2023,=1+1\n"
)
REVISION = (
    "indicator;geo;period;value\nairbus_deliveries;WORLD;2025;500\nesa_budget;ESA;2024;\natr_backlog;WORLD;2019;160"
)
NOVELTY = "indicateur;zone;période;valeur\n" + "".join(
    f"own_survey;FRA;{year};{100 + 3 * (year - 2000)}\n" for year in range(2000, 2026)
)
ABOUT = (
    'title_fr = "Enquête maison"\ntitle_en = "Own survey"\nunit_fr = "réponses"\n'
    'unit_en = "answers"\nsegment = "drones"\nrole = "market"\npublisher = "Nous"\nlicence = "Tous droits réservés"\n'
    'page = "https://example.org/survey"\n'
)
FEW = ("airbus_deliveries", "atr_backlog", "esa_budget")  # indicators whose publication takes a second


def long_file() -> str:
    """A small long file: a yearly series with a trend, and one that is noisy, without randomness."""
    rows = ["unique_id,ds,y"]
    for year in range(1985, 2021):
        rows.append(f"trend,{year},{50 + 2.5 * (year - 1985) + (year * 7919) % 11}")
        rows.append(f"noisy,{year},{100 + (year * 104729) % 37}")
    return "\n".join(rows) + "\n"


# What a child process does to run pages: it sends every message of a run to a file, as JSON. It imports Streamlit's
# own test runner and nothing of the checkout, whose script is named on its command line.
RENDER = r"""
import hashlib
import json
import sys
import time
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.util import calc_hash

script, wanted = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8"))
SENT = ("delta", "page_config_changed", "page_info_changed", "navigation", "page_not_found", "parent_message")
caught = []
parse = local_script_runner.parse_tree_from_messages


def catching(messages):
    caught[:] = messages
    return parse(messages)


local_script_runner.parse_tree_from_messages = catching


def blob(data):
    try:
        return pa.ipc.open_stream(data).read_all().to_pydict()
    except Exception:
        return f"{len(data)} bytes {hashlib.sha256(data).hexdigest()}"


def one(row, value):
    if row.type == row.TYPE_MESSAGE:
        return plain(value)
    if row.type == row.TYPE_BYTES:
        return blob(value)
    if row.type == row.TYPE_ENUM:
        return row.enum_type.values_by_number[value].name
    if row.type == row.TYPE_STRING and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def plain(message):
    found = {}
    for row, value in message.ListFields():
        if row.name in ("fragment_id", "active_script_hash", "main_script_path"):
            continue
        if row.message_type is not None and row.message_type.GetOptions().map_entry:
            inside = row.message_type.fields_by_name["value"]
            found[row.name] = {str(key): one(inside, value[key]) for key in sorted(value)}
        elif isinstance(value, (str, bytes)) or not hasattr(value, "__len__"):
            found[row.name] = one(row, value)
        else:
            found[row.name] = [one(row, part) for part in value]
    return found


for link, target in wanted:
    began = time.perf_counter()
    parts = urlsplit(link)
    app = AppTest.from_file(script, default_timeout=600)
    app._page_hash = calc_hash(parts.path.strip("/"))
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        app.query_params[name] = value
    app.run()
    dumped = {"link": link, "exceptions": [f"{row.message}" for row in app.exception], "messages": []}
    dumped["address"] = {name: app.query_params[name] for name in sorted(app.query_params)}
    for message in caught:
        kind = message.WhichOneof("type")
        if kind in SENT:
            made = {"at": list(message.metadata.delta_path)} if kind == "delta" else {}
            dumped["messages"].append({**made, kind: plain(getattr(message, kind))})
    with open(target, "w", encoding="utf-8") as file:
        json.dump(dumped, file, ensure_ascii=False, indent=1, default=str)
    print(json.dumps([target, round(time.perf_counter() - began, 3)]), flush=True)
"""

VERSIONS = (
    "import json, platform; from importlib.metadata import distributions as d;"
    "print(json.dumps({'python': platform.python_version(),"
    " **{r.metadata['Name'].lower(): r.version for r in d() if r.metadata['Name'].lower() != 'observatory'}}))"
)


# ------------------------------------------------------------------------------------------------------ taking it down


@dataclass
class Capture:
    """A capture that is being made: a file for each item, and the index of all."""

    checkout: Path
    python: Path
    store: Path
    output: Path
    folder: Path
    deadline: float
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def keep(self, name: str, content: bytes, seconds: float) -> None:
        """Writes an item. Raises ValueError for a name that was used."""
        if name in self.items:
            raise ValueError(f"two items are called {name}")
        path = self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        row = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "seconds": round(seconds, 3)}
        with self.lock:
            self.items[name] = row

    def hide(self, text: str) -> str:
        """A text without the folders and ports of this capture."""
        for seen, shown in self.hidden:
            text = text.replace(seen, shown)
        return text

    def environment(self, **more: str) -> dict[str, str]:
        """That of a child process: nothing of ours, nothing of the reader's language but what is said here."""
        left = ("OBSERVATORY_", "LC_", "LANG", "PYTHON", "STREAMLIT_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
        for name in ("PORT", "HOST"):
            kept.pop(name, None)
        own = {"PYTHONPATH": str(self.checkout), "TZ": "UTC", "COLUMNS": "100", "LANG": LOCALES["en"], "USER": "reader"}
        own |= {"LOGNAME": "reader", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
        return kept | own | more

    def copied(self, name: str) -> str:
        """The address of a fresh copy of the store, in a folder of that name."""
        target = self.folder / name / "observatory.db"
        target.parent.mkdir()
        source, copy = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True), sqlite3.connect(target)
        with closing(source), closing(copy):
            source.backup(copy)
        return f"sqlite:///{target}"

    def check_time(self) -> None:
        """Raises RuntimeError once the capture takes too long."""
        if time.monotonic() > self.deadline:
            raise RuntimeError("the capture takes too long; see --minutes")


def slug(number: int, link: str, most: int = 60) -> str:
    """A short name for a link, the same in every capture."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", link).strip("-")
    return f"{number:03d}-{words[:most].rstrip('-') or 'root'}"


def spoken(link: str, language: str) -> str:
    """A link in a language."""
    return f"{link}{'&' if '?' in link else '?'}lang={language}"


# ---------------------------------------------------------------------------------------------------------- the server


@dataclass
class Client:
    """Asks a server on 127.0.0.1; each request is one of another address, so that none is one too many."""

    port: int
    asked: int = 0

    def ask(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body."""
        self.asked += 1
        number = self.asked
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
def serving(capture: Capture) -> Iterator[tuple[Client, Path]]:
    """The server of the checkout on a free port, and its log; ended by its number, with what it started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    capture.hidden.append((f"127.0.0.1:{port}", "127.0.0.1:<port>"))
    environment = capture.environment(OBSERVATORY_STORE=capture.copied("served"), OBSERVATORY_PROXIES="127.0.0.1")
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
            ready(client, process, path)
            yield client, path
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ready(client: Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until the server is ready. Raises RuntimeError if it never is."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if client.ask("GET", "/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-600:]}")


def answer(
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
    status, found, content = client.ask(method, target, headers, body)
    spent = time.perf_counter() - began
    own = target.startswith(("/api", "/feed.atom", "/download", "/social"))
    shown = sorted((key.lower(), value) for key, value in found)
    lines = [f"{method} {target[:300]}", *(f"> {key}: {value}" for key, value in (headers or {}).items()), str(status)]
    # The marks of files that are installed with Streamlit are made from the day of their installation.
    lines += [f"{key}: {value}" for key, value in shown if key not in PASSING and (own or key != "etag")]
    lines = [re.sub(r"(_streamlit_xsrf)=[^;]*", r"\1=<random>", line) for line in lines]
    kind = dict(shown).get("content-type", "")
    if dict(shown).get("content-encoding") == "gzip":
        lines = [line for line in lines if not line.startswith("content-length")]
        content = gzip.decompress(content)
    if target.partition("?")[0].rpartition(".")[2] in ARCHIVES and content[:2] == b"PK":
        lines = [line for line in lines if not line.startswith("content-length")]
        content = unpacked(content).encode()
    elif any(part in kind for part in TEXT):
        content = without_port(capture, content)
    capture.keep(name, "\n".join(capture.hide(line) for line in lines).encode() + b"\n\n" + content, spent)
    return {key.lower(): value for key, value in found}


def without_port(capture: Capture, content: bytes) -> bytes:
    try:
        return capture.hide(content.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return content


def unpacked(content: bytes, inside: str = "") -> str:
    """What an archive holds, as text: its XML by element, archives in it likewise, anything else by its sha256."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for row in archive.infolist():
            data, name = archive.read(row), f"{inside}{row.filename}"
            if data[:2] == b"PK":
                parts.append(unpacked(data, f"{name}!"))
            elif row.filename.endswith((".xml", ".rels")):
                parts.append(f"== {name}\n{data.decode('utf-8', 'replace').replace('><', '>' + chr(10) + '<')}\n")
            else:
                parts.append(f"== {name}\n{len(data)} bytes {hashlib.sha256(data).hexdigest()}\n")
    return "".join(parts)


def links(capture: Capture, client: Client) -> None:
    """The shell of each link, and its page as CSV, JSON and drawing."""
    for number, link in enumerate(SELECTIONS):
        path, _mark, query = link.partition("?")
        page = path.strip("/").replace("-", "_") or "overview"
        for language in LANGUAGES:
            name = f"links/{slug(number, link)}/{language}"
            target = spoken(link, language)
            answer(capture, client, f"{name}/shell.html", target, headers={"Accept": "text/html"})
            if page in ("portfolio", "publish") or "mode=meeting" in link or len(link) > 4000:
                continue
            for form in ("csv", "json", "svg"):
                file = spoken(f"/download/{page}.{form}{'?' if query else ''}{query}", language)
                answer(capture, client, f"{name}/file.{form}", file)
    answer(capture, client, "links/browser-fr.html", "/", headers={"Accept": "text/html", "Accept-Language": "fr-FR"})
    answer(capture, client, "links/browser-en.html", "/", headers={"Accept": "text/html", "Accept-Language": "en-US"})


def office(capture: Capture, client: Client) -> None:
    """Slides, documents, workbooks and pictures of some pages; previews."""
    for number, (page, query, languages) in enumerate(OFFICE):
        for language in languages:
            for form in ("pptx", "pdf", "xlsx", "png"):
                if page == "brief" and form in ("xlsx", "png"):
                    continue
                target = spoken(f"/download/{page}.{form}{'?' if query else ''}{query}", language)
                answer(capture, client, f"files/{slug(number, f'{page} {query}')}/{language}.{form}", target)
    for number, target in enumerate(PICTURES):
        answer(capture, client, f"social/{slug(number, target)}", f"/social/{target}")


def interface(capture: Capture, client: Client) -> None:
    """The API, the feed, probes, and every kind of error."""
    for path, queries in API:
        for number, query in enumerate(queries):
            for language in LANGUAGES:
                # French is the default: its addresses do not name it.
                asked = "&".join(part for part in (query, "lang=en" if language == "en" else "") if part)
                target = f"{path}?{asked}" if asked else path
                answer(capture, client, f"api{path.removeprefix('/api')}/{slug(number, query)}-{language}", target)
    for number, target in enumerate(PLAIN):
        answer(capture, client, f"api/plain/{slug(number, target)}", target, headers={"Accept": "text/html,*/*"})
    for number, query in enumerate(SERIES_FILES):
        for language in LANGUAGES:
            target = spoken(f"/download/series.csv?{query}", language)
            answer(capture, client, f"api/series/{slug(number, query)}-{language}.csv", target)
    for number, target in enumerate(WRONG):
        for language in LANGUAGES:
            answer(capture, client, f"api/errors/{slug(number, target)}-{language}", spoken(target, language))
    answer(capture, client, "api/errors/language", "/api/v1/calls.json?lang=de")
    methods(capture, client)
    names(capture, client)


def methods(capture: Capture, client: Client) -> None:
    """Other methods than GET, bodies, conditional requests, compression."""
    for path in ("/api/v1/calls.json", "/api/v1/nothing", "/feed.atom", "/healthz", "/download/method.json"):
        for method in ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"):
            for language in LANGUAGES:
                name = f"api/methods/{slug(0, path)}-{method}-{language}"
                answer(capture, client, name, spoken(path, language), method, {"Origin": "https://example.org"})
    for language in LANGUAGES:
        target = spoken("/api/v1/calls.json", language)
        answer(capture, client, f"api/bodies/large-{language}", target, "GET", body=b"x" * 2000)
        answer(capture, client, f"api/bodies/small-{language}", target, "GET", body=b"x" * 100)
        answer(capture, client, f"api/bodies/posted-{language}", target, "POST", body=b"x" * 2000)
    targets = ("/api/v1/calls.json", "/api/v1/observations.csv?indicator=esa_budget&asof=e1", "/feed.atom?lang=en")
    for number, target in enumerate((*targets, "/api/openapi.json", "/api/v1/calls.json?asof=2015-06")):
        headers = answer(capture, client, f"api/conditional/{number}-first", target)
        tag = headers.get("etag", "")
        for name, known in (("weak", tag), ("strong", tag.removeprefix("W/")), ("any", "*"), ("other", '"x"')):
            answer(capture, client, f"api/conditional/{number}-{name}", target, headers={"If-None-Match": known})
        answer(capture, client, f"api/conditional/{number}-gzip", target, headers={"Accept-Encoding": "gzip"})


def names(capture: Capture, client: Client) -> None:
    """The names and labels of /metrics, which is asked for last; numbers are left out."""
    began = time.perf_counter()
    status, _headers, content = client.ask("GET", "/metrics")
    seen = dict.fromkeys(
        line if line.startswith("#") else line.rpartition(" ")[0] for line in content.decode().splitlines()
    )
    # The first line of a route of the capture's own waiting is there or not, by how fast the server starts.
    kept = [line for line in seen if 'status="503"' not in line]
    text = "\n".join((str(status), *kept)) + "\n"
    capture.keep("api/metrics-names", text.encode(), time.perf_counter() - began)


def served(capture: Capture) -> None:
    """Everything that is asked over HTTP, and how often the server logged what it did not foresee."""
    with serving(capture) as (client, log):
        links(capture, client)
        office(capture, client)
        interface(capture, client)
        said = log.read_text(errors="replace")
        tracebacks = re.findall(r"Traceback \(most recent call last\).*?\n(\S[^\n]*)", said, re.DOTALL)
        text = f"{said.count('Traceback (most recent call last)')} tracebacks\n" + "\n".join(tracebacks)
        capture.keep("server/tracebacks", capture.hide(text).encode(), 0.0)


# ------------------------------------------------------------------------------------------- pages, commands, the store


def pages(capture: Capture) -> None:
    """What the script of the pages sends for some links, by Streamlit's own test runner."""
    found = sorted(capture.checkout.glob("observatory/pages/**/main.py"))
    if len(found) != 1:
        raise RuntimeError(f"one script of the pages is expected under observatory/pages, found {len(found)}")
    folder = capture.folder / "pages"
    folder.mkdir()
    (folder / "render.py").write_text(RENDER, encoding="utf-8")
    wanted = [
        (spoken(link, language), str(folder / f"{slug(number, link)}-{language}.json"))
        for number, link in enumerate(RENDERED)
        for language in LANGUAGES
    ]
    (folder / "wanted.json").write_text(json.dumps(wanted), encoding="utf-8")
    log = folder / "log"
    with log.open("wb") as errors:
        done = subprocess.run(
            [capture.python, folder / "render.py", found[0], folder / "wanted.json"],
            cwd=capture.checkout,
            env=capture.environment(OBSERVATORY_STORE=capture.copied("rendered")),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            timeout=PAGES_SECONDS,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"pages could not be run: {log.read_text(errors='replace')[-1500:]}")
    seconds = dict(json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith('["'))
    for _link, target in wanted:
        text = capture.hide(Path(target).read_text(encoding="utf-8"))
        text = re.sub(r"\$\$ID-[0-9a-f]+", "$$ID-", text)  # made from the path of the script, among others
        text = re.sub(
            r'"word": "[0-9a-f]{8}\.', '"word": "<random>.', text
        )  # of the link of a mix, new in each session
        capture.keep(f"pages/{Path(target).name}", text.encode(), seconds.get(target, 0.0))


def told(text: str) -> str:
    """What a command wrote, without progress bars, which depend on how fast the machine is, and moments."""
    lines = [line for part in text.split("\n") for line in [part.rpartition("\r")[2]] if not line.startswith("[#")]
    kept = [line for line in lines if not re.match(r"\[[#\- .]*\] +\d+ *%", line)]
    return "\n".join(kept)


def command(
    capture: Capture, name: str, arguments: Sequence[str], language: str, store: str, moments: bool = False, **more: str
) -> None:
    """Runs a command of the checkout and keeps its output and exit code; `moments` hides days with hours."""
    capture.check_time()
    began = time.perf_counter()
    done = subprocess.run(
        [capture.python, "-m", "observatory", *arguments],
        cwd=capture.checkout,
        env=capture.environment(OBSERVATORY_STORE=store, LANG=LOCALES[language], **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    out, errors = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
    said = f"exit code {done.returncode}\n-- output\n{out}\n-- errors\n{told(errors)}\n"
    text = f"observatory {' '.join(arguments)}\n{said}"
    if moments:
        text = re.sub(r"\d{4}-\d{2}-\d{2}([T ])\d{2}:\d{2}(:\d{2}(\.\d+)?)?", r"<day>\1<time>", text)
    capture.keep(f"commands/{name}-{language}", capture.hide(text).encode(), time.perf_counter() - began)


def commands(capture: Capture) -> None:
    """The commands that publish nothing, in both languages."""
    store = capture.copied("asked")
    folder = capture.folder / "files"
    folder.mkdir()
    good, bad, series = folder / "good.csv", folder / "bad.csv", folder / "series.csv"
    for path, text in ((good, GOOD), (bad, BAD), (series, long_file())):
        path.write_text(text, encoding="utf-8")
    space = "/segment?segment=space"
    rows: list[tuple[str, list[str], Sequence[str]]] = [
        ("help", ["--help"], LANGUAGES),
        ("version", ["--version"], ("en",)),
        ("nothing", [], LANGUAGES),
        ("unknown", ["nonsense"], ("fr",)),
        *((f"help-{name.replace(' ', '-')}", [*name.split(), "--help"], LANGUAGES) for name in COMMANDS),
        ("calls", ["calls"], LANGUAGES),
        ("calls-json", ["calls", "--format", "json", "--horizon", "5"], ("en",)),
        ("calls-asof", ["calls", "--asof", "2026-11-22"], ("fr",)),
        ("calls-wrong", ["calls", "--asof", "yesterday"], LANGUAGES),
        ("vintages", ["vintages"], LANGUAGES),
        ("vintages-json", ["vintages", "--format", "json"], ("fr",)),
        ("check", ["check"], LANGUAGES),
        ("check-files", ["check", str(good), str(bad)], LANGUAGES),
        ("check-json", ["check", str(bad), "--format", "json"], ("en",)),
        ("check-absent", ["check", str(folder / "absent.csv")], LANGUAGES),
        ("datapackage", ["datapackage", "--check"], LANGUAGES),
        ("forecast", ["forecast", str(series), "--horizon", "4"], LANGUAGES),
        ("forecast-json", ["forecast", str(series), "--horizon", "2", "--format", "json"], ("en",)),
        (
            "forecast-written",
            ["forecast", str(series), "--horizon", "2", "--format", "json", "--output", str(folder / "out.csv")],
            ("en",),
        ),
        ("forecast-wrong", ["forecast", str(good), "--horizon", "2"], LANGUAGES),
        ("backtest", ["backtest", str(series), "--horizon", "3"], LANGUAGES),
        ("backtest-json", ["backtest", str(series), "--format", "json"], ("en",)),
        ("keys", ["key", "list"], LANGUAGES),
        ("export-csv", ["export", spoken(space, "fr"), "--format", "csv"], ("fr",)),
        ("export-json", ["export", spoken(f"https://{HOST}{space}&asof=e1", "en"), "--format", "json"], ("en",)),
        ("export-wrong", ["export", "/nowhere", "--format", "pdf"], LANGUAGES),
        ("revert-wrong", ["revert", "99"], LANGUAGES),
    ]
    for name, arguments, languages in rows:
        for language in languages:
            command(capture, name, arguments, language, store)


def stored(capture: Capture) -> None:
    """What is written: a new store with three indicators, a revision, a new indicator and an undoing; all its rows."""
    folder = capture.folder / "written"
    data = folder / "data"

    def others(path: str, found: list[str]) -> list[str]:
        thinned = Path(path).name in ("indicators", "observations")
        return [name for name in found if (thinned and Path(name).stem not in FEW) or name == "topics.toml"]

    shutil.copytree(capture.checkout / "data", data, ignore=others)
    revision, novelty, about = folder / "revision.csv", folder / "novelty.csv", folder / "facts.toml"
    for path, text in ((revision, REVISION), (novelty, NOVELTY), (about, ABOUT)):
        path.write_text(text, encoding="utf-8")
    store = f"sqlite:///{folder / 'observatory.db'}"
    steps: list[tuple[str, list[str], str]] = [
        ("curated", ["publish", "--curated"], "fr"),
        ("curated-again", ["publish", "--curated"], "en"),
        ("dry-run", ["publish", str(revision), "--dry-run", "--format", "json"], "en"),
        ("revision", ["publish", str(revision), "--note", "figures of October"], "fr"),
        ("revision-again", ["publish", str(revision)], "en"),
        ("novelty-undescribed", ["publish", str(novelty)], "fr"),
        ("novelty", ["publish", str(novelty), "--about", str(about), "--format", "json"], "en"),
        ("revert", ["revert", "2", "--note", "a mistake"], "en"),
        ("vintages", ["vintages", "--format", "json"], "en"),
        ("calls", ["calls"], "fr"),
    ]
    for name, arguments, language in steps:
        command(capture, f"publish/{name}", arguments, language, store, moments=True, OBSERVATORY_DATA=str(data))
    began = time.perf_counter()
    with closing(sqlite3.connect(f"file:{folder / 'observatory.db'}?mode=ro", uri=True)) as opened:
        rows = opened.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        schema = "\n".join(f"{kind} {name}\n{sql}\n" for kind, name, sql in rows)
        capture.keep("store/schema", schema.encode(), time.perf_counter() - began)
        for kind, name, _sql in rows:
            if kind == "table" and not name.startswith("sqlite_"):
                content = capture.hide(table(opened, name)).encode()
                capture.keep(f"store/{name}", content, time.perf_counter() - began)


def table(opened: sqlite3.Connection, name: str) -> str:
    """All rows of a table as text; moments of this run are left out, bytes are given by length and sha256."""
    found = opened.execute(f'SELECT * FROM "{name}"')
    heads = [row[0] for row in found.description]

    def cell(head: str, value: Any) -> str:
        if isinstance(value, bytes):
            return f"{len(value)} bytes {hashlib.sha256(value).hexdigest()}"
        if head in ("recorded", "at") and not str(value).startswith("2026-11-22"):
            return "<moment>"
        return repr(value)

    lines = ["\t".join(cell(head, value) for head, value in zip(heads, row, strict=True)) for row in found]
    return "\n".join(("\t".join(heads), *sorted(lines))) + "\n"


# -------------------------------------------------------------------------------------------------- capture and compare

PARTS: Mapping[str, Callable[[Capture], None]] = {
    "server": served,
    "pages": pages,
    "commands": commands,
    "store": stored,
}


def capture_all(asked: argparse.Namespace) -> int:
    """Makes a capture: 0 if it is whole."""
    prefix = "sqlite:///"
    store = Path(asked.store.removeprefix(prefix))
    if not asked.store.startswith(prefix) or not store.is_file():
        raise SystemExit(f"--store must be sqlite:/// and the path of a file that exists: {asked.store}")
    checkout, output = asked.checkout.resolve(), asked.output.resolve()
    if not (checkout / "observatory").is_dir():
        raise SystemExit(f"--checkout holds no folder observatory: {checkout}")
    if output.exists() and any(output.iterdir()):
        raise SystemExit(f"--output must be new or empty: {output}")
    output.mkdir(parents=True, exist_ok=True)
    day, began = today(), time.monotonic()
    python = Path(os.path.abspath(asked.python))  # noqa: PTH100 - the link is what makes it that of an environment
    with tempfile.TemporaryDirectory(prefix="same-answers-") as place:
        folder = Path(place).resolve()
        made = Capture(checkout, python, store.resolve(), output, folder, began + asked.minutes * 60)
        made.hidden += [(str(folder), "<folder>"), (str(checkout), "<checkout>")]
        versions = json.loads(subprocess.run([python, "-c", VERSIONS], capture_output=True, check=True).stdout)
        chosen = asked.parts.split(",")
        with ThreadPoolExecutor(asked.jobs) as pool:
            for name, future in [(name, pool.submit(timed, name, made)) for name in chosen]:
                future.result()
                print(f"{name}: done after {time.monotonic() - began:.0f} s", flush=True)
    if today() != day:
        raise SystemExit("the day changed during the capture: make it again")
    index = {
        "day": day,
        "store": hashlib.sha256(store.read_bytes()).hexdigest(),
        "parts": chosen,
        "versions": dict(sorted(versions.items())),
        "items": dict(sorted(made.items.items())),
    }
    (output / "index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
    print(f"{len(made.items)} items in {time.monotonic() - began:.0f} s: {output}")
    return 0


def timed(name: str, made: Capture) -> None:
    PARTS[name](made)


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def compare_all(asked: argparse.Namespace) -> int:
    """Prints how two captures differ: 0 if they do not, 1 if they do, 2 if they cannot be compared."""
    before, after = (json.loads((path / "index.json").read_text("utf-8")) for path in (asked.before, asked.after))
    for name in ("day", "store", "parts"):
        if before[name] != after[name]:
            print(f"these captures cannot be compared, for they differ in {name}: {before[name]} and {after[name]}")
            return 2
    for name in sorted(before["versions"].keys() | after["versions"].keys()):
        versions = [row["versions"].get(name, "none") for row in (before, after)]
        if versions[0] != versions[1]:
            print(f"note: {name} is {versions[0]} before and {versions[1]} after")
    names, differing = sorted(before["items"].keys() | after["items"].keys()), 0
    for name in names:
        rows = [row["items"].get(name) for row in (before, after)]
        if None in rows:
            differing += 1
            print(f"\n{name}: only {'after' if rows[0] is None else 'before'}")
        elif rows[0]["sha256"] != rows[1]["sha256"]:
            differing += 1
            print(f"\n{name}: {rows[0]['size']} bytes before, {rows[1]['size']} after")
            if differing <= asked.most:
                print(difference((asked.before / name).read_bytes(), (asked.after / name).read_bytes(), asked.lines))
    print(f"{len(names)} items compared, {differing} differ")
    return 1 if differing else 0


def difference(before: bytes, after: bytes, most: int) -> str:
    """The first lines of a unified diff; for bytes that are no text, where they begin to differ."""
    try:
        sides = [lines_of(part.decode("utf-8")) for part in (before, after)]
    except UnicodeDecodeError:
        at = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
        return f"  not text; they differ from byte {min(len(before), len(after)) if at is None else at} on"
    start = 0
    while start < min(map(len, sides)) and sides[0][start] == sides[1][start]:
        start += 1
    first = max(0, start - 2)  # a file can have a hundred thousand lines: only what is around the first one
    sides = [side[first : first + 400] for side in sides]
    found = list(difflib.unified_diff(*sides, "before", "after", f"line {first + 1}", lineterm="", n=1))
    shown = [f"  {line[:300]}" for line in found[:most]]
    return "\n".join([*shown, f"  ... {len(found) - most} more lines"] if len(found) > most else shown)


def lines_of(text: str) -> list[str]:
    """Its lines; long ones, as those of JSON and HTML, are cut after a mark, so that a difference is short."""
    found: list[str] = []
    for line in text.splitlines():
        found += [line] if len(line) < 300 else re.sub(r"(>|,|;|\})(?=\S)", r"\1\n", line).split("\n")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Captures what a checkout answers, and compares two captures.",
        epilog="Example: python benchmarks/same_answers.py compare before after",
    )
    listed = parser.add_subparsers(required=True, metavar="COMMAND")
    take = listed.add_parser(
        "capture",
        help="write down what a checkout answers",
        description="Writes down what a checkout answers: a file for each item, and index.json.",
        epilog="Example: python benchmarks/same_answers.py capture --python .venv/bin/python --checkout . "
        "--store sqlite:////tmp/store/observatory.db --output /tmp/before",
    )
    take.add_argument("--python", type=Path, required=True, help="the interpreter of the checkout's environment")
    take.add_argument("--checkout", type=Path, required=True, metavar="DIR", help="the checkout that is driven")
    take.add_argument(
        "--store", required=True, metavar="ADDRESS", help="sqlite:////..., of at least 4 editions; copied"
    )
    take.add_argument("--output", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")
    take.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)} (default: all)")
    take.add_argument("--jobs", type=int, default=2, metavar="N", help="parts at the same time (default: 2)")
    take.add_argument("--minutes", type=float, default=40, metavar="N", help="give up after so long (default: 40)")
    take.set_defaults(run=capture_all)
    set_against = listed.add_parser(
        "compare",
        help="compare two captures",
        description="Prints each item that differs; exit code 1 if any does, 2 if they cannot be compared.",
        epilog="Example: python benchmarks/same_answers.py compare /tmp/before /tmp/after --lines 20",
    )
    set_against.add_argument("before", type=Path, metavar="BEFORE_DIR")
    set_against.add_argument("after", type=Path, metavar="AFTER_DIR")
    set_against.add_argument("--lines", type=int, default=12, metavar="N", help="of each difference (default: 12)")
    set_against.add_argument("--most", type=int, default=60, metavar="N", help="differences shown (default: 60)")
    set_against.set_defaults(run=compare_all)
    asked = parser.parse_args()
    unknown = set(getattr(asked, "parts", "").split(",")) - set(PARTS) - {""}
    if unknown:
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")
    code: int = asked.run(asked)
    return code


if __name__ == "__main__":
    sys.exit(main())
