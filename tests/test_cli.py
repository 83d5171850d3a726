"""The command line: what each command answers, and one sentence for whatever is wrong."""

import contextlib
import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from observatory import settings
from observatory.briefs.common.context import Context
from observatory.briefs.overview.page import build_overview
from observatory.cli.parser import main
from observatory.errors import SettingsError
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.store import schema
from observatory.workspace import forget_workspace
from tests.support.curated import count_figures, count_indicators
from tests.support.paths import ROOT


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command in this process, in French unless the test says otherwise: its exit code and what it wrote."""
    env = {**os.environ, "LANG": "fr_FR.UTF-8", "LC_ALL": "", **environment}
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    forget_workspace()  # each command opens the store of its own environment
    with (
        mock.patch.dict(os.environ, {name: value for name, value in env.items() if value}, clear=True),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = main(list(words))
        except SystemExit as ended:
            code = int(ended.code or 0)
    forget_workspace()
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return subprocess.CompletedProcess(words, code, *texts)


def start(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command in a process of its own, in French unless the test says otherwise."""
    env = {**os.environ, "LANG": "fr_FR.UTF-8", "LC_ALL": "", **environment}
    env = {name: value for name, value in env.items() if value}
    done = subprocess.run(
        [sys.executable, "-m", "observatory", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.slow
def test_check_of_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    """The curated catalogue is sound: exit 0, and how much of it was read."""
    assert main(["check", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"ok": True, "indicators": count_indicators(), "accepted": count_figures(), "findings": []}


def test_check_of_a_catalogue_in_text(few: Path) -> None:
    """A sound catalogue: exit 0 in text as in JSON, with the same two numbers."""
    answer = json.loads(run("check", "--format", "json", OBSERVATORY_DATA=str(few)).stdout)
    assert answer == {"ok": True, "indicators": 3, "accepted": count_figures(few), "findings": []}
    done = run("check", OBSERVATORY_DATA=str(few))
    french = Localizer("fr")
    wanted = french.text("cli.check.good", indicators=3, observations=french.number(answer["accepted"]))
    assert (done.returncode, done.stdout.strip()) == (0, wanted)


def test_check_of_a_file(
    few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file with a bad cell: exit 1, the cell named with its cure, the good rows accepted."""
    monkeypatch.setenv("OBSERVATORY_DATA", str(few))
    path = tmp_path / "figures.csv"
    path.write_text("indicator,geo,item,period,value\nesa_budget,ESA,,2024,7.79\nesa_budget,ESA,,2025,lots\n")
    assert main(["check", str(path), "--format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["accepted"] == 1
    finding = answer["findings"][0]
    assert [finding[name] for name in ("code", "line", "column", "value")] == ["not_a_number", 3, "value", "lots"]
    assert finding["message"]
    assert finding["hint"]


@pytest.mark.slow
def test_calls_and_vintages(seeded_address: str) -> None:
    """Calls as the overview shows them, and the list of vintages; JSON on standard output alone."""
    text = start("calls", "--horizon", "1", OBSERVATORY_STORE=seeded_address)
    assert text.returncode == 0
    assert text.stdout.count("\n") == 9
    assert "En croissance" in text.stdout
    assert text.stdout.splitlines()[0].startswith("Aviation militaire")
    answer = json.loads(start("calls", "--format", "json", OBSERVATORY_STORE=seeded_address).stdout)
    assert {row["horizon"] for row in answer} == {2}
    rows = json.loads(start("vintages", "--format", "json", OBSERVATORY_STORE=seeded_address).stdout)
    assert [row["at"] for row in rows] == ["2026-11-22T08:00:00+00:00", "2026-11-30T08:00:00+00:00"]
    again = start("publish", "--curated", OBSERVATORY_STORE=seeded_address)
    assert (again.returncode, "Rien de nouveau" in again.stdout) == (0, True)


@pytest.mark.slow
def test_calls_are_those_of_the_overview(outlook: Outlook, seeded_address: str) -> None:
    """Market by market, the command prints the order, the probability and the pace that the overview shows."""
    lines = run("calls", OBSERVATORY_STORE=seeded_address).stdout.splitlines()
    rows = build_overview(Context(outlook, Selection(lang="fr"), Localizer("fr"), outlook.day)).rows
    for line, row in zip(lines, rows, strict=True):
        assert line.startswith(row.title)
        assert row.growth in line
        assert f"{row.probability_percent or '-'}" in line


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "environment", "says"),
    [
        (["serve"], {"PORT": "abc"}, "PORT vaut"),
        (["serve"], {"PORT": "9" * 5000}, "PORT vaut"),
        (["serve", "--host", "192.0.2.1"], {}, "ne peut pas être écoutée"),
        (["serve", "--host", "é..x"], {}, "ne peut pas être écoutée"),
        (["calls"], {"OBSERVATORY_STORE": "somewhere"}, "n’est pas une adresse"),
        (["calls"], {"OBSERVATORY_STORE": "mysql://x/y"}, "ne sait pas ouvrir"),
        (
            ["calls"],
            {"OBSERVATORY_STORE": "postgresql://me:s3cret@127.0.0.1:1/y"},
            "La base postgresql://me@127.0.0.1:1/y",
        ),
        (["calls"], {"OBSERVATORY_STORE": "sqlite:///:memory:"}, "ne sait pas ouvrir"),
        (["check"], {"OBSERVATORY_DATA": "/nowhere/at/all"}, "dossier absent"),
        (["check", "/nowhere/file.csv"], {}, "ne peut pas être lu"),
    ],
)
def test_a_wrong_call_is_one_sentence(words: list[str], environment: dict[str, str], says: str, tmp_path: Path) -> None:
    """A setting, host, store or file that cannot be used: what, the value seen, the cure; exit 1 or 2, no traceback."""
    done = run(*words, **({"OBSERVATORY_STORE": f"sqlite:///{tmp_path / 'a.db'}"} | environment))
    assert done.returncode in (1, 2)
    assert says in done.stdout + done.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """Another program on the port: one sentence with another port to try, and nothing is started."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", "--port", port, OBSERVATORY_STORE=f"sqlite:///{tmp_path / 'a.db'}")
    assert done.returncode == 2
    assert f"Le port {port} est déjà pris" in done.stderr


def test_a_newer_store_is_left_alone(tmp_path: Path) -> None:
    """A store from a newer version is refused with the cure."""
    path = tmp_path / "newer.db"
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    done = run("vintages", OBSERVATORY_STORE=f"sqlite:///{path}")
    assert done.returncode == 2
    assert "version plus récente (format 99" in done.stderr


@pytest.mark.slow
def test_a_broken_catalogue_stops_nothing_half(tmp_path: Path) -> None:
    """Publishing from a broken folder names every fault and leaves the store without a vintage."""
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    with (data / "observations" / "esa_budget.csv").open("a", encoding="utf-8") as file:
        file.write("ESA,,2027,beaucoup\nMOON,,2027,1\n")
    place = {"OBSERVATORY_STORE": f"sqlite:///{tmp_path / 'a.db'}", "OBSERVATORY_DATA": str(data)}
    done = run("publish", "--curated", **place)
    assert done.returncode == 1
    assert "« beaucoup » n’est pas un nombre" in done.stderr.replace("\u00a0", " ")
    assert "zone « MOON » inconnue" in done.stderr.replace("\u00a0", " ")
    assert json.loads(run("vintages", "--format", "json", **place).stdout) == []


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command explains itself with an example; --version is the package's."""
    for command in ("serve", "check", "publish", "vintages", "calls", "forecast", "backtest", "datapackage"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "Example: observatory" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])
    assert ended.value.code == 2


def test_settings_have_defaults() -> None:
    """Without a variable the store lies in a per-user folder, and the server listens on this machine only."""
    chosen = settings.load_settings({})
    assert chosen.store_url.startswith("sqlite:////") or chosen.store_url.startswith("sqlite:///")
    assert (chosen.host, chosen.port) == ("127.0.0.1", 8501)
    with pytest.raises(SettingsError):
        settings.load_settings({"PORT": "70000"})
