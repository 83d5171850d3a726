"""Settings of a deployment, read from the environment once, and constants, each with its reason."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Literal, cast

from platformdirs import user_data_path

from observatory.errors import SettingsError

PACKAGE_DIR = Path(__file__).resolve().parent

# The variables of a deployment, as README.md lists them; those with keys of publishers are in data/refresh.toml.
VARIABLES = (
    "OBSERVATORY_STORE",
    "OBSERVATORY_DATA",
    "OBSERVATORY_ANALYSTS",
    "OBSERVATORY_ANALYST_CLAIM",
    "OBSERVATORY_ADDRESS",
    "OBSERVATORY_BRAND",
    "OBSERVATORY_PROXIES",
    "OBSERVATORY_NOTIFY",
    "OBSERVATORY_NOTIFY_LANG",
    "OBSERVATORY_REFRESH_AT",
)
DEVELOPMENT_VARIABLES = ("OBSERVATORY_REFRESH_BASE", "OBSERVATORY_SHARED", "OBSERVATORY_SHOTS")
PREFIX = "OBSERVATORY_"  # of all variables of ours
TEST_PREFIX = f"{PREFIX}TEST_"  # of those that only tests read


@dataclass(frozen=True)
class CallThresholds:
    """The thresholds of a call; `/method` explains them, nothing else sets them."""

    flat_band: float = 0.01  # yearly growth within +-1 % is flat
    growing_from: float = 0.66  # P(growth > flat band) from which a market is called growing
    highest_probability: float = 0.90  # the backtest supports no higher one
    minimum_outcomes: int = 3  # known, non-overlapping outcomes of the segment's own record
    half_life_years: float = 15.0  # an outcome of that age counts half
    prior_outcomes: float = 8.0  # weight of the rate of all segments
    momentum_overdue_months: int = 6  # older months say nothing of the next ones
    warning_momentum: float = -0.5  # below it, recent months fall


CALL_THRESHOLDS = CallThresholds()
# Editions and rebuilt months before that day keep the figures that they were published with: pace and ranges of a
# market were then those of two views side by side, and each indicator had the engine's forecast alone.
COHERENT_SINCE = date(2026, 11, 30)
STOPPED_AFTER_MONTHS = 12  # a series is "stopped" once its next figure is that much overdue
MIN_OBSERVATIONS = 8  # fewer values than that are not forecast
HORIZONS = (1, 2, 3, 5)  # years
MAX_COMPARED_SERIES = 8  # in a comparison: more lines cannot be distinguished
INTERVAL_LEVELS = (50, 80, 95)  # per cent of outcomes inside an interval
MAX_ECHOED_CHARS = 60  # characters of a strange value that a sentence repeats
MAX_QUERY_CHARS = 4_000  # characters of an address that are read at all
MAX_BODY_BYTES = 1_024  # bytes that may come with a request that reads; none has a meaning
RATE_LIMIT_PER_SECOND = (
    50.0  # requests a second of one address to the interface: a fortieth of what two cores answer from memory
)
RATE_LIMIT_BURST = 400.0  # at once: a program that fetches the whole data package asks for 140 files in a row
MAX_RATE_LIMITED_ADDRESSES = 10_000  # addresses remembered, about 2 MB

# What a file of an analyst may hold: it is examined while somebody waits. The whole catalogue is 64,480 rows and 2 MB.
MAX_UPLOAD_BYTES = 5 * 1024 * 1024  # bytes
MAX_UNPACKED_BYTES = 48 * 1024 * 1024  # bytes of a workbook once unpacked, ten times what Excel packs into 5 MiB
MAX_COMPRESSION_RATIO = 100  # unpacked bytes to packed ones; Excel's own files stay below 30
MAX_ROWS = 200_000
MAX_COLUMNS = 2_000  # a monthly table of 60 years, one column a month, has 720
MAX_CELLS = 1_000_000  # of a workbook: 4 million XML tags, some 10 s to read
MAX_KNOWHOW_ROWS = 100  # rows of the table of know-how: it is shown whole on a page
MAX_FINDINGS = 10_000  # in a report, errors first; the rest is counted
MAX_CELL_CHARS = 200  # characters of a cell in a finding

# What is odd enough to be asked about before it is published; never an error.
JUMP_FACTOR = 1.2  # times the largest change that the series has known
MIN_JUMP = 0.10  # smaller changes are never a jump, however calm the series
MIN_UNCHANGED_RUN = 4  # equal values in a row, if the series never had as many
REVISION_THRESHOLD = 0.05  # of the value published


@dataclass(frozen=True)
class Settings:
    """Locations of a deployment. `store_url` is the address of a store, `data_dir` the folder of the catalogue."""

    store_url: str = field(repr=False)  # of a database, it may hold a password
    data_dir: Path
    host: str
    port: int
    public_url: str
    analysts: frozenset[str] = frozenset()  # addresses, in lower case, that may publish once signed in
    analyst_claim: str = ""  # NAME=VALUE of the identity provider that lets somebody publish
    notify: tuple[str, ...] = field(default=(), repr=False)  # addresses that get a message; they hold secrets
    notify_language: Literal["fr", "en"] = "fr"
    refresh_at: time | None = None  # local time at which the server collects from the publishers, every day

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def site(self) -> str:
        """What links begin with where no request says it: the public address, else that of the server."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def store_path(self) -> Path | None:
        """The file behind an SQLite address; None for a store elsewhere or in memory."""
        prefix = "sqlite:///"
        if not self.store_url.startswith(prefix) or self.store_url == prefix:
            return None
        return Path(self.store_url.removeprefix(prefix))

    @property
    def refresh_dir(self) -> Path:
        """The folder beside the store for answers of publishers and the lock of a run; STORE.refresh."""
        path = self.store_path
        if path is None:
            return user_data_path("observatory", appauthor=False) / "refresh"
        return path.with_name(f"{path.name}.refresh")


def project_root() -> Path:
    """The folder that holds app.py, data/ and .streamlit/: the checkout, or its copy inside an installed package."""
    packed = PACKAGE_DIR / "_root"
    return packed if packed.is_dir() else PACKAGE_DIR.parent


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises SettingsError with the variable, the value seen and the cure."""
    env = os.environ if environment is None else environment
    store = env.get("OBSERVATORY_STORE", "").strip()
    if not store:
        store = f"sqlite:///{user_data_path('observatory', appauthor=False) / 'observatory.db'}"
    elif "://" not in store:
        raise SettingsError("error.settings.store", value=store[:MAX_ECHOED_CHARS])
    text = env.get("PORT", "").strip() or "8501"
    if not text.isascii() or not text.isdigit() or len(text) > 5 or not 1 <= int(text) <= 65535:
        raise SettingsError("error.settings.port", value=text[:MAX_ECHOED_CHARS])
    notify_language = env.get("OBSERVATORY_NOTIFY_LANG", "").strip().lower() or "fr"
    if notify_language not in ("fr", "en"):
        raise SettingsError("error.settings.notify_lang", value=notify_language[:MAX_ECHOED_CHARS])
    return Settings(
        store_url=store,
        data_dir=Path(env.get("OBSERVATORY_DATA", "").strip() or project_root() / "data"),
        host=env.get("HOST", "").strip() or "127.0.0.1",
        port=int(text),
        public_url=read_public_url(env),
        analysts=frozenset(part for part in re.split(r"[\s,;]+", env.get("OBSERVATORY_ANALYSTS", "").lower()) if part),
        analyst_claim=env.get("OBSERVATORY_ANALYST_CLAIM", "").strip(),
        notify=tuple(env.get("OBSERVATORY_NOTIFY", "").split()),
        notify_language=cast(Literal["fr", "en"], notify_language),
        refresh_at=_parse_time_of_day(env.get("OBSERVATORY_REFRESH_AT", "").strip()),
    )


def _parse_time_of_day(text: str) -> time | None:
    if not text:
        return None
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", text, re.ASCII)
    if match is None:
        raise SettingsError("error.settings.refresh_at", value=text[:MAX_ECHOED_CHARS])
    return time(int(match[1]), int(match[2]))


def read_trusted_proxies(environment: Mapping[str, str] | None = None) -> frozenset[str]:
    """The addresses of the proxies whose X-Forwarded-For is believed; none by default."""
    env = os.environ if environment is None else environment
    return frozenset(part.strip() for part in env.get("OBSERVATORY_PROXIES", "").split(",") if part.strip())


def read_public_url(environment: Mapping[str, str] | None = None) -> str:
    """The public address of the server, without a slash at its end; empty if none is given."""
    env = os.environ if environment is None else environment
    return env.get("OBSERVATORY_ADDRESS", "").strip().rstrip("/")
