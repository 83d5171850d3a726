"""`observatory doctor`: each check of an installation finds nothing in a sound one, and finds what is really wrong."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from observatory import settings
from observatory.cli.parser import main
from observatory.diagnosis.model import Check, Installation, Problem, run_checks
from observatory.diagnosis.registry import INSTALLATION_CHECKS
from observatory.language import Localizer
from observatory.store import schema
from observatory.store.inspection import inspect_file
from observatory.store.refreshes import RefreshReport
from observatory.store.store import Store
from tests.support.paths import ROOT
from tests.support.stores import copy_store

NOBODY = 65_534
CHECKS = {row.id: row for row in INSTALLATION_CHECKS}
# A process with less than it needs: it lowers its own limits, which is for good, and prints what two checks find.
_LIMITED = """
import json, resource
from observatory.diagnosis.machine import check_descriptors, check_memory
from observatory.diagnosis.model import Installation
resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000))
found = [[row.key, row.values["readers"]] for row in check_descriptors(Installation())]
resource.setrlimit(resource.RLIMIT_AS, (1100 * 2**20, 1100 * 2**20))
print(json.dumps(found + [[row.key, row.values["found"]] for row in check_memory(Installation())]))
"""


def _with(installation: Installation, **variables: str) -> Installation:
    return replace(installation, environment={**installation.environment, **variables})


def _path(installation: Installation) -> Path:
    path = installation.store_path
    assert path is not None
    return path


def _find(check: str, installation: Installation) -> dict[str, Problem]:
    (result,) = run_checks([CHECKS[check]], installation)
    return {row.key: row for row in result.problems}


@pytest.fixture
def sound(few: Path, few_address: str, tmp_path: Path) -> Installation:
    """An installation with a store of three indicators, on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    store = copy_store(few_address, tmp_path) / "observatory.db"
    newest = inspect_file(store).newest
    assert newest is not None
    environment = {"OBSERVATORY_STORE": f"sqlite:///{store}", "OBSERVATORY_DATA": str(few), "PORT": str(port)}
    return Installation({**environment, "HOME": str(tmp_path)}, lambda: newest[1] + timedelta(days=1))


# What is broken, by the check that must find it; each gives the installation to examine, until the end of the test.
Break = Callable[[Installation, Path, ExitStack], Installation]


def _break_versions(sound: Installation, folder: Path, _stack: ExitStack) -> Installation:
    """A lock file that asks for another pandas, for a package that is not there, and for a Python to come."""
    (folder / "requirements.txt").write_text("pandas==0.1 \\\n    --hash=sha256:0\nno-such-package==1.0\n")
    (folder / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.99"\n')
    return replace(sound, root=folder)


def _break_files(sound: Installation, folder: Path, _stack: ExitStack) -> Installation:
    """A copy of the program without one font, and with an empty map."""
    code = shutil.ignore_patterns("*.py", "__pycache__")
    package = Path(shutil.copytree(ROOT / "observatory", folder / "observatory", ignore=code))
    next((package / "pages" / "assets" / "fonts").glob("b612*400*")).unlink()
    (package / "charts" / "world.json").write_text("")
    return replace(sound, package=package)


def _break_extras(sound: Installation, _folder: Path, stack: ExitStack) -> Installation:
    """A store in PostgreSQL, where its driver cannot be imported."""
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setitem(sys.modules, "psycopg", None)
    return _with(sound, OBSERVATORY_STORE="postgresql://localhost/nowhere")


def _break_port(sound: Installation, _folder: Path, stack: ExitStack) -> Installation:
    """Another program listens, and says nothing."""
    other = stack.enter_context(socket.socket())
    other.bind(("127.0.0.1", 0))
    other.listen(0)
    stack.enter_context(pytest.MonkeyPatch.context()).setattr("observatory.diagnosis.machine._ANSWER_SECONDS", 0.2)
    return _with(sound, PORT=str(other.getsockname()[1]))


def _break_disk(sound: Installation, folder: Path, _stack: ExitStack) -> Installation:
    """A store of more than a tenth of what is free; it has holes, and takes nothing."""
    os.truncate(_path(sound), shutil.disk_usage(folder).free // 10 + 2**30)
    return sound


def _break_writing(sound: Installation, _folder: Path, stack: ExitStack) -> Installation:
    """A folder that may not be written; the administrator, who may, becomes nobody."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    store = Path(shutil.copy(_path(sound), folder))
    store.chmod(0o444)
    folder.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
        stack.callback(os.seteuid, 0)
    else:
        stack.callback(folder.chmod, 0o755)
    return _with(sound, OBSERVATORY_STORE=f"sqlite:///{store}")


def _break_store(sound: Installation, _folder: Path, _stack: ExitStack) -> Installation:
    """A trigger is gone, and with it the protection of what is published."""
    _execute(sound, f"DROP TRIGGER {_first_trigger()}")
    return sound


def _break_refresh(sound: Installation, _folder: Path, _stack: ExitStack) -> Installation:
    """The last collection ended ten days ago, although there should be one a day."""
    at = sound.clock() - timedelta(days=10)
    store = Store(f"sqlite:///{_path(sound)}")
    store.refreshes.save(RefreshReport("20260101T000000Z", at, at))
    store.close()
    return _with(sound, OBSERVATORY_REFRESH_AT="06:17")


def _first_trigger() -> str:
    return next(iter(schema.build_triggers())).removeprefix(schema.TRIGGER_PREFIX).split()[0]


def _execute(installation: Installation, *statements: str) -> None:
    with closing(sqlite3.connect(_path(installation))) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


BROKEN: dict[str, tuple[Break, set[str]]] = {
    "versions": (_break_versions, {"doctor.python", "doctor.absent_packages", "doctor.other_versions"}),
    "files": (_break_files, {"doctor.absent_files"}),
    "extras": (_break_extras, {"doctor.absent_extra"}),
    "variables": (lambda one, _f, _s: _with(one, **{"OBSERVATORY_" + "STROE": "x"}), {"doctor.variable_near"}),
    "settings": (lambda one, _f, _s: _with(one, PORT="no"), {"error.settings.port"}),
    "proxy": (lambda one, _f, _s: _with(one, OBSERVATORY_ADDRESS="https://a.example"), {"doctor.no_proxies"}),
    "port": (_break_port, {"error.port_in_use"}),
    "disk": (_break_disk, {"doctor.disk"}),
    "writing": (_break_writing, {"doctor.read_only"}),
    "store": (_break_store, {"store.fault.trigger"}),
    "clock": (
        lambda one, _f, _s: replace(one, clock=lambda: datetime(2011, 1, 1, tzinfo=UTC)),
        {"doctor.clock_behind"},
    ),
    "refresh": (_break_refresh, {"doctor.refresh_stopped"}),
}
LIMITED = {"descriptors", "memory"}  # shown in a process of its own


@pytest.mark.parametrize("check", INSTALLATION_CHECKS, ids=lambda row: row.id)
def test_nothing_is_wrong_with_a_sound_installation(check: Check[Installation], sound: Installation) -> None:
    """No check finds anything where all is well, and each has a title in both languages."""
    assert run_checks([check], sound)[0].problems == ()
    assert all(Localizer(language).text(f"doctor.check.{check.id}") for language in ("fr", "en"))


def test_every_check_is_shown_to_fail() -> None:
    """Each row of the registry has what breaks it, here or in a process with lower limits; what lacks it is named."""
    assert [row.id for row in INSTALLATION_CHECKS if row.id not in BROKEN and row.id not in LIMITED] == []


@pytest.mark.parametrize("check", [row for row in INSTALLATION_CHECKS if row.id in BROKEN], ids=lambda row: row.id)
def test_every_check_finds_what_is_really_wrong(
    check: Check[Installation], sound: Installation, tmp_path: Path
) -> None:
    """Each row of the registry finds its fault in an installation that has it, in a sentence of both languages."""
    broken, keys = BROKEN[check.id]
    with ExitStack() as stack:
        found = _find(check.id, broken(sound, tmp_path, stack))
    assert found.keys() == keys
    for row in found.values():
        assert row.level == "fault"
        assert all(Localizer(language).error_text(row.key, row.values) for language in ("fr", "en"))


def test_limits_of_a_process() -> None:
    """A thousand descriptors are too few, for 250 readers; 1,100 MB are too little memory."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run([sys.executable, "-c", _LIMITED], env=environment, capture_output=True, check=True)
    assert json.loads(ended.stdout) == [["doctor.descriptors", 250], ["doctor.memory", 1100]]
    assert {"descriptors", "memory"} == LIMITED
    for language in ("fr", "en"):
        assert Localizer(language).error_text("doctor.descriptors", {"count": 1000, "readers": 250})
        assert Localizer(language).text("doctor.memory", found=1100, needed=1200)


@pytest.mark.parametrize(
    ("variables", "key", "level"),
    [
        ({"OBSERVATORY_" + "ADRESS": "x"}, "doctor.variable_near", "fault"),
        ({"OBSERVATORY_" + "QQQQQQQQQQQ": "x"}, "doctor.variable", "fault"),
        ({"OBSERVATOR_" + "STORE": "x"}, "doctor.variable_near", "fault"),
        ({"OBSERVATORY_TEST_STORE": "x", "OBSERVATORY_EIA_KEY": "x"}, "", ""),
    ],
)
def test_names_that_nobody_reads(variables: dict[str, str], key: str, level: str, sound: Installation) -> None:
    """A name with a typing error gets the nearest one; those of tests and of keys of publishers are known."""
    found = _find("variables", _with(sound, **variables))
    assert [(row.key, row.level) for row in found.values()] == ([(key, level)] if key else [])
    if key == "doctor.variable_near":
        nearest = "OBSERVATORY_ADDRESS" if "ADRESS" in str(variables) else "OBSERVATORY_STORE"
        assert found[key].values["nearest"] == nearest


def test_the_variables_are_those_of_the_documents() -> None:
    """The names that the check knows are those of the tables of README.md and CONTRIBUTING.md."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    known = {*settings.VARIABLES, "OBSERVATORY_EIA_KEY"}
    assert known == {row.split("`")[1] for row in text.splitlines() if row.startswith("| `OBSERVATORY_")}
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = {row.split("`")[1] for row in text.splitlines() if row.startswith("| `OBSERVATORY_")}
    assert set(settings.DEVELOPMENT_VARIABLES) == {row for row in names if not row.startswith(settings.TEST_PREFIX)}


@pytest.mark.parametrize(
    ("check", "variables", "key"),
    [
        ("settings", {"OBSERVATORY_DATA": "/nowhere"}, "doctor.data"),
        ("settings", {"OBSERVATORY_ANALYST_CLAIM": "groups"}, "doctor.claim"),
        ("settings", {"OBSERVATORY_ANALYSTS": "a@example.org"}, "doctor.no_provider"),
        ("settings", {"OBSERVATORY_NOTIFY": "nosuch://host"}, "cli.notify.unknown"),
        ("settings", {"OBSERVATORY_NOTIFY_LANG": "en"}, "doctor.notify_lang"),
        ("settings", {"OBSERVATORY_BRAND": "/nowhere"}, "error.brand.file"),
        ("settings", {"OBSERVATORY_REFRESH_AT": "25:00"}, "error.settings.refresh_at"),
        ("proxy", {"OBSERVATORY_PROXIES": "127.0.0.1"}, "doctor.no_address"),
        ("proxy", {"OBSERVATORY_ADDRESS": "https://a.example/path"}, "doctor.address"),
        ("proxy", {"OBSERVATORY_ADDRESS": "https://a.example", "OBSERVATORY_PROXIES": "caddy"}, "doctor.proxy_name"),
        ("proxy", {"HOST": "0.0.0.0"}, "doctor.open"),
        ("port", {"HOST": "no.such.host.invalid"}, "error.host"),
        ("store", {"OBSERVATORY_STORE": "sqlite:////nowhere/at/all.db"}, "doctor.store_absent"),
        ("store", {"OBSERVATORY_STORE": "mysql://localhost/x"}, "error.store.address"),
    ],
)
def test_settings_that_are_wrong(check: str, variables: dict[str, str], key: str, sound: Installation) -> None:
    """Each value that cannot be used, and each contradiction, is named once."""
    found = _find(check, _with(sound, **variables))
    assert key in found
    assert all(
        Localizer(language).error_text(row.key, row.values) for row in found.values() for language in ("fr", "en")
    )


def test_a_provider_of_identities_is_found(sound: Installation, tmp_path: Path) -> None:
    """Analysts with addresses are no contradiction where a file of secrets configures a provider."""
    (tmp_path / "secrets.toml").write_text('[auth]\nclient_id = "x"\n')
    variables = {"OBSERVATORY_ANALYSTS": "a@example.org", "STREAMLIT_SECRETS_FILES": str(tmp_path / "secrets.toml")}
    assert _find("settings", _with(sound, **variables)) == {}


def test_disks_of_a_network(sound: Installation, tmp_path: Path) -> None:
    """The store is on the disk whose mount point is nearest above it."""
    mounts = tmp_path / "mounts"
    for kind, keys in (("nfs4", ["doctor.network_disk"]), ("ext4", [])):
        mounts.write_text(
            f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} {kind} rw 0 0\nserver:/y /other nfs rw\n"
        )
        assert list(_find("disk", replace(sound, mounts=mounts))) == keys


def test_stores_that_are_wrong(sound: Installation) -> None:
    """A changed edition, a store of a newer or former version, one of another program, and damage are told apart."""
    path = _path(sound)
    kept = path.read_bytes()

    def examine(*statements: str) -> list[str]:
        path.write_bytes(kept)
        _execute(sound, *statements)
        return list(_find("store", replace(sound)))

    trigger = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'vintages' AND sql LIKE '%UPDATE%'"
    with closing(sqlite3.connect(path)) as raw:
        name, sql = raw.execute(trigger.replace("name FROM", "name, sql FROM")).fetchone()
    change = (f"DROP TRIGGER {name}", "UPDATE vintages SET who = 'somebody else'", sql)
    assert examine(*change) == ["store.fault.digest"]
    assert examine(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}") == ["error.store.newer"]
    assert examine(f"PRAGMA user_version = {schema.SCHEMA_VERSION - 1}") == ["doctor.store_former"]
    assert examine("PRAGMA application_id = 7") == ["error.store.foreign"]
    path.write_bytes(b"not a database at all, but some text" * 100)
    assert list(_find("store", replace(sound))) == ["error.store.unreadable"]


def test_nothing_is_written(sound: Installation) -> None:
    """All checks together leave the store and its folder as they were; a store that is absent is not made."""
    path = _path(sound)
    before = path.read_bytes(), path.stat().st_mtime_ns
    run_checks(INSTALLATION_CHECKS, sound)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    elsewhere = path.with_name("elsewhere.db")
    run_checks(INSTALLATION_CHECKS, _with(sound, OBSERVATORY_STORE=f"sqlite:///{elsewhere}"))
    assert not elsewhere.exists()


def test_a_clock_a_year_ahead(sound: Installation) -> None:
    """A clock more than a year past the newest edition is asked about."""
    assert list(_find("clock", replace(sound, clock=lambda: datetime(2036, 1, 1, tzinfo=UTC)))) == [
        "doctor.clock_ahead"
    ]


def test_collections_that_are_not_daily(sound: Installation, tmp_path: Path) -> None:
    """A time without any collection yet, and a collection without a time, are notes and no faults."""
    assert [
        (row.key, row.level) for row in _find("refresh", _with(sound, OBSERVATORY_REFRESH_AT="06:17")).values()
    ] == [("doctor.refresh_never", "note")]
    with ExitStack() as stack:
        _break_refresh(sound, tmp_path, stack)
    assert [(row.key, row.level) for row in _find("refresh", replace(sound)).values()] == [
        ("doctor.refresh_unset", "note")
    ]


def test_a_server_of_ours_may_have_the_port(sound: Installation) -> None:
    """A port on which /healthz answers ok is in use by the server itself."""
    with _answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok") as port:
        assert _find("port", _with(sound, PORT=str(port))) == {}


@contextmanager
def _answering(answer: bytes) -> Iterator[int]:
    """A process that gives one answer to all requests on a port of its own."""
    script = (
        "import socket, sys\n"
        "one = socket.create_server(('127.0.0.1', 0))\n"
        "print(one.getsockname()[1], flush=True)\n"
        "while True:\n"
        "    line, _peer = one.accept()\n"
        "    line.recv(4096)\n"
        f"    line.sendall({answer!r})\n"
        "    line.close()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


def test_the_command(sound: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`observatory doctor` exits with 0 where nothing is wrong and with 1 else; --json has each check with its code."""
    for name in [name for name in os.environ if name.startswith("OBSERVATORY_")]:
        monkeypatch.delenv(name)
    for name, value in sound.environment.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor"], sound.clock) == 0
    assert capsys.readouterr().out.count("\n") == len(INSTALLATION_CHECKS) + 1
    monkeypatch.setenv("OBSERVATORY_PROXIES", "127.0.0.1")
    assert main(["doctor", "--json"], sound.clock) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [row["check"] for row in answer["checks"]] == [row.id for row in INSTALLATION_CHECKS]
    assert [one["code"] for row in answer["checks"] for one in row["problems"]] == ["doctor.no_address"]
    assert not answer["ok"]
    assert main(["doctor"], sound.clock) == 1
    assert "OBSERVATORY_ADDRESS=https://" in capsys.readouterr().out
