"""The scripts in examples/ run as they are: on a real server, and through the command line."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.stores import StoreMaker

START_LIMIT = 120  # seconds; a busy machine is slow, not wrong


def run_example(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """An example in a process of its own, in English."""
    return subprocess.run(
        [sys.executable, str(ROOT / "examples" / name), *arguments],
        cwd=ROOT,
        env=os.environ | {"LC_ALL": "en_GB.UTF-8", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(seeded_address: str, stores: StoreMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `observatory serve` on a copy of the seeded store."""
    folder = tmp_path_factory.mktemp("examples")
    store = stores.copy(seeded_address, folder)
    address, log = f"http://127.0.0.1:{(port := _free_port())}", folder / "log.txt"
    environment = os.environ | {"OBSERVATORY_STORE": store, "PORT": str(port)}
    with log.open("wb") as output:
        command = [sys.executable, "-m", "observatory", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            _wait_until_ready(process, address, log)
            yield address
        finally:
            process.terminate()
            process.wait(START_LIMIT)


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    end = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=10).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(log.read_text(errors="replace"))


@pytest.mark.slow
def test_calls_are_read_from_the_api(server: str) -> None:
    """Nine markets with their odds; the second request, with the ETag of the first, is answered by 304."""
    done = run_example("read_calls.py", server)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["segment", "call", "probability_clear", "low", "growth", "high"]
    assert len(lines) == 1 + 9 + 2
    assert lines[-1].endswith("(304).")


@pytest.mark.slow
def test_deliveries_are_forecast(tmp_path: Path) -> None:
    """Three years ahead for each type, with the limits of the interval in order."""
    output = tmp_path / "forecasts.csv"
    done = run_example("forecast_deliveries.py", str(output))
    assert done.returncode == 0, done.stderr
    header, *rows = output.read_text(encoding="utf-8").splitlines()
    assert header == "unique_id,ds,mean,lo-80,hi-80"
    assert len(rows) >= 3
    for row in rows:
        mean, low, high = map(float, row.split(",")[2:])
        assert low <= mean <= high


@pytest.mark.slow
def test_a_file_is_checked(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound file gives 0; one with a bad cell gives 1 and names its line, column and cure."""
    monkeypatch.setenv("OBSERVATORY_DATA", str(few))
    path = tmp_path / "figures.csv"
    path.write_text("indicator,geo,item,period,value\nesa_budget,ESA,,2024,7.79\n")
    assert run_example("check_upload.py", str(path)).returncode == 0
    with path.open("a") as file:
        file.write("esa_budget,ESA,,2025,lots\n")
    done = run_example("check_upload.py", str(path))
    assert done.returncode == 1
    assert "error, line 3, value:" in done.stdout
    assert done.stdout.endswith("1 figures can be published.\n")


def test_every_example_is_listed() -> None:
    """examples/README.md names each script."""
    text = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "examples").glob("*.py"):
        assert f"`python examples/{path.name}" in text


@pytest.mark.slow
def test_calls_and_a_chart_from_a_store(seeded_address: str, tmp_path: Path) -> None:
    """The growing markets, a figure with unit and source, and a chart in a file."""
    chart = tmp_path / "chart.html"
    done = run_example("growing_markets.py", str(chart), seeded_address)
    assert done.returncode == 0, done.stderr
    assert "Order book of ATR: " in done.stdout
    assert "vega" in chart.read_text(encoding="utf-8")


@pytest.mark.slow
def test_revised_figures_of_a_store(seeded_address: str) -> None:
    """The second edition has figures of the oil price that the first did not have."""
    done = run_example("revised_figures.py", "brent_price", seeded_address)
    assert done.returncode == 0, done.stderr
    assert "in edition 1 (2026-11-22)" in done.stdout
