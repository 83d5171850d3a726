"""Fixtures of all tests: the curated catalogue, a store seeded with it once a run, and the folder ../shared."""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from itertools import count
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
from observatory.store.store import Store
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.workspace import Workspace
from tests.support.clock import one_day_clock
from tests.support.databases import DatabaseServer, serve_databases
from tests.support.once import folder_of_run
from tests.support.paths import ROOT, SHARED
from tests.support.stores import ORIGINS, StoreMaker, copy_store, digest_of_store, seed_store

# A busy machine is slow, not wrong; and what passed once passes again: the examples of a test are always the same.
# `make test-fast` asks for a tenth of the examples, of tests that do not count their own.
options.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
options.register_profile("fast", options.get_profile("suite"), max_examples=10)
options.load_profile(os.environ.get("OBSERVATORY_TEST_PROFILE", "suite"))


BACKEND = os.environ.get("OBSERVATORY_TEST_BACKEND", "sqlite")  # postgresql: the shared stores are databases


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several workers the first makes the shared store; the others begin with tests that need none.

    `--dist worksteal` gives each worker an equal part of this order, and later what another has not come to.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        readers = [item for item in items if "seeded_address" in getattr(item, "fixturenames", ())]
        others = [item for item in items if "seeded_address" not in getattr(item, "fixturenames", ())]
        first = len(items) // workers
        items[:] = readers[:first] + others + readers[first:]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return loader.load_catalogue(ROOT / "data")


@pytest.fixture(scope="session")
def seeded_address(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """The address of a store that holds the curated edition; never written to by a test.

    Built once a run, by the worker that comes first, while the others wait. `OBSERVATORY_TEST_STORE` names one that is
    there already (the tests of a copied checkout read that of the run that copied it). `OBSERVATORY_TEST_CACHE` names a
    folder that keeps stores from run to run, one for each state of the data and of the code that makes it.
    `OBSERVATORY_TEST_BACKEND=postgresql` copies it to a database, which is then read in place of the file.
    """
    if address := os.environ.get("OBSERVATORY_TEST_STORE"):
        made = address
    elif cache := os.environ.get("OBSERVATORY_TEST_CACHE"):
        made = seed_store((ROOT / cache).resolve() / digest_of_store())
    else:
        made = seed_store(folder_of_run(tmp_path_factory))
    if BACKEND == "postgresql" and made.startswith("sqlite:"):
        return _copy_to_database(request.getfixturevalue("database_server"), made)
    return made


@pytest.fixture(scope="session")
def seeded_file(seeded_address: str) -> str:
    """The address of a file with the curated edition, also where `seeded_address` is that of a database."""
    return ORIGINS.get(seeded_address, seeded_address)


@pytest.fixture(scope="session")
def seeded_database(seeded_address: str, request: pytest.FixtureRequest) -> str:
    """The address of a database with the curated edition, also where `seeded_address` is that of a file."""
    if seeded_address.startswith("postgresql:"):
        return seeded_address
    return _copy_to_database(request.getfixturevalue("database_server"), seeded_address)


def _copy_to_database(server: DatabaseServer, address: str) -> str:
    made = server.import_store(address)
    ORIGINS[made] = address
    return made


@pytest.fixture(scope="session")
def database_server() -> Iterator[DatabaseServer]:
    """A PostgreSQL of this worker; without one the test fails, and says how to get it."""
    with serve_databases() as server:
        yield server


@pytest.fixture(scope="session")
def empty_database(database_server: DatabaseServer) -> str:
    """The name of a database with a store that has no edition; copied, never written to."""
    name = database_server.create_database()
    Store(database_server.address(name)).close()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def make_address(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the address of a new store at each call: the test runs once in files, once in databases."""
    if request.param == "postgresql":
        server: DatabaseServer = request.getfixturevalue("database_server")
        template: str = request.getfixturevalue("empty_database")
        return lambda: server.address(server.create_database(template))
    numbers = count(1)
    return lambda: f"sqlite:///{tmp_path / 'new' / f'{next(numbers)}.db'}"


@pytest.fixture
def make_database(database_server: DatabaseServer) -> Callable[[], str]:
    """Gives the address of an empty database at each call, without a store."""
    return lambda: database_server.address(database_server.create_database())


@pytest.fixture(scope="session")
def stores(request: pytest.FixtureRequest) -> StoreMaker:
    """Makes stores of a test's own, on the back end of the run."""
    return StoreMaker(request.getfixturevalue("database_server") if BACKEND == "postgresql" else None)


@pytest.fixture
def store_address(make_address: Callable[[], str]) -> str:
    """The address of a new store: the test runs once in a file, once in a database."""
    return make_address()


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
def few_file(few: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a file with the first edition of three indicators; never written to by a test."""
    address = f"sqlite:///{tmp_path_factory.mktemp('few') / 'few.db'}"
    opened = _open_few(few, address)
    opened.publish_curated()
    opened.close()
    return address


@pytest.fixture(scope="session")
def few_database(few_file: str, database_server: DatabaseServer) -> str:
    """The address of a database with what `few_file` has; never written to by a test."""
    return _copy_to_database(database_server, few_file)


@pytest.fixture(scope="session")
def few_address(few_file: str, request: pytest.FixtureRequest) -> str:
    """The address of a store with the first edition of three indicators; never written to by a test."""
    return str(request.getfixturevalue("few_database")) if BACKEND == "postgresql" else few_file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def own_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store of its own, with the first edition of three indicators: once a file, once a database."""
    if request.param == "postgresql":
        server: DatabaseServer = request.getfixturevalue("database_server")
        return server.copy_database(request.getfixturevalue("few_database"))
    return f"sqlite:///{copy_store(request.getfixturevalue('few_file'), tmp_path, 'small.db') / 'small.db'}"


@pytest.fixture
def small_on_both(few: Path, own_address: str) -> Iterator[Workspace]:
    """A workspace of its own, with the first edition of three indicators: once in a file, once in a database."""
    opened = _open_few(few, own_address)
    yield opened
    opened.close()


@pytest.fixture
def small_file(few: Path, few_file: str, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of its own, in a file whatever the back end: for tests of what happens to files."""
    opened = _open_few(few, f"sqlite:///{copy_store(few_file, tmp_path, 'small.db') / 'small.db'}")
    yield opened
    opened.close()


@pytest.fixture
def small(few: Path, few_address: str, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A workspace of its own, with the first edition of three indicators."""
    if BACKEND != "postgresql":
        yield request.getfixturevalue("small_file")
        return
    server: DatabaseServer = request.getfixturevalue("database_server")
    opened = _open_few(few, server.copy_database(few_address))
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
