"""A store of six indicators, publishers that answer with its figures, and what a run needs beside them."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from observatory import settings
from observatory.outlook.build import ignore_progress
from observatory.sources.client import Client
from observatory.sources.endpoints import BASE_VARIABLE, resolve_endpoints
from observatory.sources.retry import Limits
from observatory.store.refreshes import IndicatorResult
from observatory.workspace import Workspace
from observatory.workspace.refreshing.answers import RunOptions
from observatory.workspace.refreshing.run import RefreshOutcome, rehearse, run_refresh
from tests.support.paths import ROOT
from tests.support.publishers import Publishers, Values
from tests.support.replay import Replay

# Three that are fetched, two that are uploaded, and one that is computed from those two.
NAMES = (
    "brent_price",
    "eur_usd",
    "us_defense_aircraft_shipments",
    "airbus_deliveries",
    "boeing_deliveries",
    "airliner_deliveries_airbus_boeing",
)
BRENT, M3, EURO = "brent_price", "us_defense_aircraft_shipments", "eur_usd"
FRED_PATH = "/fred.stlouisfed.org/graph/fredgraph.csv"
ECB_PATH = "/data-api.ecb.europa.eu/service/data/EXR/M.USD.EUR.SP00.A"
CENSUS_PATH = "/www.census.gov/econ_getzippedfile/"
START = datetime(2026, 12, 1, 6, 17, tzinfo=UTC)


def copy_data(target: Path, names: tuple[str, ...] = NAMES) -> Path:
    """A folder of data with some indicators, without candidates, former editions and real vintages."""

    def others(folder: str, files: list[str]) -> list[str]:
        is_thinned = Path(folder).name in ("indicators", "observations")
        left_out = ("topics.toml", "candidates", "editions", "outlooks", "vintages", "vintages.csv")
        return [name for name in files if (is_thinned and Path(name).stem not in names) or name in left_out]

    return Path(shutil.copytree(ROOT / "data", target, ignore=others))


@dataclass
class Clock:
    """A clock that tests move."""

    moment: datetime = START

    def __call__(self) -> datetime:
        """The moment."""
        return self.moment

    def advance(self, days: float) -> None:
        """Moves it on."""
        self.moment += timedelta(days=days)


def open_workspace(data: Path, address: str, clock: Clock) -> Workspace:
    """A workspace on a store."""
    return Workspace(settings.load_settings({"OBSERVATORY_STORE": address, "OBSERVATORY_DATA": str(data)}), clock)


def publish_data(folder: Path, path: Path) -> str:
    """The address of a new store with a folder of data; no test writes to it."""
    address = f"sqlite:///{path}"
    opened = open_workspace(folder, address, Clock())
    opened.publish_curated()
    opened.close()
    return address


@dataclass
class Bench:
    """A workspace, the publishers that it asks, and their server."""

    workspace: Workspace
    publishers: Publishers
    replay: Replay
    clock: Clock
    limits: Limits = field(default_factory=lambda: Limits(pauses=(0, 0, 0)))
    waits: list[float] = field(default_factory=list)

    def client(self) -> Client:
        """A client whose requests all go to the replay server, and which notes its pauses instead of making them."""
        endpoints = resolve_endpoints(self.workspace.catalogue.refresh_hosts, {BASE_VARIABLE: self.replay.base})
        return Client(endpoints, self.limits, sleep=self.waits.append)

    def run(self, *sources: str, days: float = 40, **changes: object) -> RefreshOutcome:
        """A run of some sources (all), some days after the one before."""
        self.clock.advance(days)
        options = RunOptions(sources, ())
        with self.client() as client:
            return run_refresh(self.workspace, client, options, progress=ignore_progress, **changes)  # type: ignore[arg-type]

    def rehearse(self, *sources: str) -> RefreshOutcome:
        """A dry run."""
        with self.client() as client:
            return rehearse(self.workspace, client, RunOptions(sources, ()))

    def series(self, indicator: str) -> Values:
        """The figures that the publisher of an indicator shows, to be changed."""
        (values,) = self.publishers.figures[indicator].values()
        return values

    def published(self, indicator: str) -> Values:
        """The figures of the newest edition."""
        store = self.workspace.store
        return {row.period: row.value for row in store.observations(self.workspace.get_vintage(), [indicator])}

    def editions(self) -> int:
        """How many editions there are."""
        return len(self.workspace.store.vintages())


def results(outcome: RefreshOutcome) -> dict[str, IndicatorResult]:
    """The results of a run by indicator."""
    return {row.indicator: row for row in outcome.report.indicators}


def states(outcome: RefreshOutcome) -> dict[str, str]:
    """The states of fetched indicators."""
    return {row.indicator: row.state for row in outcome.report.indicators if row.source}
