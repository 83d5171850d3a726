"""Fixtures of all tests: the curated catalogue, a store seeded with it once a run, and the folder ../shared."""

import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as options

from observatory import settings
from observatory.catalogue import loader
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.outlook.time_machine import reconstruct_outlook
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.workspace import Workspace
from tests.support.clock import one_day_clock
from tests.support.once import folder_of_run
from tests.support.paths import ROOT, SHARED
from tests.support.stores import copy_store, digest_of_store, seed_store

# A busy machine is slow, not wrong; and what passed once passes again: the examples of a test are always the same.
# `make test-fast` asks for a tenth of the examples, of tests that do not count their own.
options.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
options.register_profile("fast", options.get_profile("suite"), max_examples=10)
options.load_profile(os.environ.get("OBSERVATORY_TEST_PROFILE", "suite"))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return loader.load_catalogue(ROOT / "data")


@pytest.fixture(scope="session")
def seeded_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store that holds the curated edition; never written to by a test.

    Built once a run, by the worker that comes first, while the others wait. `OBSERVATORY_TEST_STORE` names one that is
    there already (the tests of a copied checkout read that of the run that copied it). `OBSERVATORY_TEST_CACHE` names a
    folder that keeps stores from run to run, one for each state of the data and of the code that makes it.
    """
    if address := os.environ.get("OBSERVATORY_TEST_STORE"):
        return address
    if cache := os.environ.get("OBSERVATORY_TEST_CACHE"):
        return seed_store((ROOT / cache).resolve() / digest_of_store())
    return seed_store(folder_of_run(tmp_path_factory))


@pytest.fixture(scope="session")
def workspace(seeded_address: str) -> Iterator[Workspace]:
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": seeded_address}), one_day_clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def outlook(workspace: Workspace) -> Outlook:
    return workspace.get_outlook()


@pytest.fixture(scope="session")
def october(outlook: Outlook) -> Outlook:
    """The end of October 2010, rebuilt: what could have been said then; no test changes it."""
    return reconstruct_outlook(outlook, 2010 * 12 + 9)


FEW = ("airbus_deliveries", "atr_backlog", "esa_budget")  # of which a publication takes a fraction of a second


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data with three indicators only, and all the other nouns."""

    def others(folder: str, names: list[str]) -> list[str]:
        thinned = Path(folder).name in ("indicators", "observations")
        name_of_topics = "topics.toml"  # of indicators that are left out
        left_out = (name_of_topics, "editions", "outlooks", "vintages", "vintages.csv")
        return [name for name in names if (thinned and Path(name).stem not in FEW) or name in left_out]

    return Path(shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("few") / "data", ignore=others))


def _open_few(few: Path, address: str) -> Workspace:
    return Workspace(
        settings.load_settings({"OBSERVATORY_STORE": address, "OBSERVATORY_DATA": str(few)}), one_day_clock
    )


@pytest.fixture(scope="session")
def few_address(few: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with the first edition of three indicators; never written to by a test."""
    address = f"sqlite:///{tmp_path_factory.mktemp('few') / 'few.db'}"
    opened = _open_few(few, address)
    opened.publish_curated()
    opened.close()
    return address


@pytest.fixture
def small(few: Path, few_address: str, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of its own, with the first edition of three indicators."""
    opened = _open_few(few, f"sqlite:///{copy_store(few_address, tmp_path, 'small.db') / 'small.db'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def known(catalogue: Catalogue) -> dict[SeriesKey, TimeSeries]:
    """The figures under data/, as the first vintage holds them."""
    from tests.ingest.corpus import published  # the corpus is read by few tests only

    return published(catalogue)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """A generator seeded by the name of the test: the same numbers whichever tests ran before."""
    return np.random.default_rng(zlib.crc32(request.node.nodeid.encode()))


@pytest.fixture(params=["fr", "en"])
def localizer(request: pytest.FixtureRequest) -> Localizer:
    return Localizer(request.param)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The read-only folder that lies beside the checkout; only tests marked `shared` ask for it."""
    if not SHARED.is_dir():
        pytest.skip(f"no folder {SHARED}: set OBSERVATORY_SHARED to compare with the original data")
    return SHARED
