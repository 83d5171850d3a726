"""The command refresh as a person or another program calls it: what it prints, where, and with which exit code."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from observatory.catalogue import loader
from observatory.cli import refresh as command
from observatory.cli.parser import main
from observatory.sources.client import Client
from tests.support.publishers import Publishers
from tests.support.refreshing import CENSUS_PATH, ECB_PATH, FRED_PATH, copy_data, publish_data
from tests.support.replay import Replay, Step, serve_replay
from tests.support.stores import StoreMaker

_KEY = "s3cr&t/k=y+ 42"
_MOMENT = datetime(2026, 12, 1, 6, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of six indicators, where one of the publishers asks for a key."""
    folder = copy_data(tmp_path_factory.mktemp("data") / "data")
    hosts = (folder / "refresh.toml").read_text(encoding="utf-8")
    keyed = '[census]\nkey_variable = "OBSERVATORY_EIA_KEY"\nkey_parameter = "key"\n'
    (folder / "refresh.toml").write_text(hosts.replace("[census]\n", keyed), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(data: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return publish_data(data, tmp_path_factory.mktemp("store") / "first.db")


@pytest.fixture
def replay(
    data: Path, address: str, stores: StoreMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Replay]:
    """Publishers on a server, and the environment of the command."""
    with serve_replay() as server:
        server.answer = Publishers(loader.load_catalogue(data)).answer
        for name, value in {
            "OBSERVATORY_STORE": stores.copy(address, tmp_path, "own.db"),
            "XDG_DATA_HOME": str(tmp_path),  # where the answers are kept if the store is a database
            "OBSERVATORY_DATA": str(data),
            "OBSERVATORY_REFRESH_BASE": server.base,
            "OBSERVATORY_EIA_KEY": _KEY,
            "LC_ALL": "en_GB.UTF-8",
        }.items():
            monkeypatch.setenv(name, value)
        yield server


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["refresh", *words], lambda: _MOMENT)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_json_alone_on_standard_output(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """Every indicator has a row, every source one; the bar is on standard error; nothing new is 0."""
    code, out, err = _run(capsys, "--dry-run", "--format", "json")
    answer: Any = json.loads(out)
    assert (code, answer["dry_run"], answer["published"], answer["edition"]) == (0, True, False, None)
    assert {row["indicator"]: row["state"] for row in answer["indicators"]} == {
        "airbus_deliveries": "manual",
        "airliner_deliveries_airbus_boeing": "unchanged",
        "boeing_deliveries": "manual",
        "brent_price": "unchanged",
        "eur_usd": "unchanged",
        "us_defense_aircraft_shipments": "unchanged",
    }
    assert [row["source"] for row in answer["sources"]] == ["census", "ecb", "fred"]
    assert answer["states"] == {"failed": 0, "held": 0, "fresh": 0, "unchanged": 4, "skipped": 0, "manual": 2}
    assert "100 %" in err


@pytest.mark.slow
def test_from_trial_to_edition(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """What is tried is published: the same figures, first as a trial, then as edition 2; then nothing is due."""
    body = replay.answer(FRED_PATH, {"id": "MCOILBRENTEU"})
    assert body is not None
    replay.add(FRED_PATH, body.body + b"2026-08-01,85.1\n")
    tried: Any = json.loads(_run(capsys, "--dry-run", "--format", "json")[1])
    code, out, _err = _run(capsys, "--format", "json", "--yes")
    published: Any = json.loads(out)
    assert (code, published["published"], published["edition"]) == (0, True, 2)
    assert tried["changes"] == published["changes"]
    assert published["changes"]["added"] == 1
    rows = {row["indicator"]: row for row in json.loads(_run(capsys, "--dry-run", "--format", "json")[1])["indicators"]}
    assert rows["eur_usd"]["why"].replace("\xa0", " ") == "The next figure is expected from 1 January 2027 on."
    code, out, _err = _run(capsys)
    assert (code, out.splitlines()[-1]) == (0, "Nothing new: these data are published already.")
    assert re.search(r"fred +0\.\d+ s +1 unchanged", out)
    assert re.search(r"ecb +0\.0 s +1 not due", out)


def test_a_failure_is_one_line_and_exit_code_1(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """The text names indicator, state, reason and what to do, in the reader's language."""
    replay.add(ECB_PATH, Step(b"", 403))
    code, out, _err = _run(capsys, "--source", "ecb")
    assert code == 1
    assert (
        "  eur_usd (failed): The server refuses programs (403). Download the file in a browser and upload it by hand. "
        "Download the file in a browser, then upload it on the page Publish."
    ) in out.splitlines()


def test_wrong_calls_are_2(replay: Replay, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown source, options that exclude one another, a base that is no address: one sentence, nothing asked."""
    for words in (("--source", "fredd"), ("--dry-run", "--resume"), ("--canary", "--dry-run")):
        code, out, err = _run(capsys, *words)
        assert (code, out, "Traceback" in err) == (2, "", False)
    monkeypatch.setenv("OBSERVATORY_REFRESH_BASE", "localhost")
    assert _run(capsys)[0] == 2
    assert replay.seen == []


@pytest.mark.slow
def test_a_terminal_is_asked(
    replay: Replay, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --yes somebody at a terminal is shown the changes and asked; no is no edition and no error."""
    body = replay.answer(FRED_PATH, {"id": "MCOILBRENTEU"})
    assert body is not None
    replay.add(FRED_PATH, body.body + b"2026-08-01,85.1\n")

    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

        @staticmethod
        def readline() -> str:
            return "n\n"

    monkeypatch.setattr(command.sys, "stdin", Terminal)
    monkeypatch.setattr(command.sys.stderr, "isatty", lambda: True, raising=False)
    code, out, err = _run(capsys, "--source", "fred")
    assert code == 0
    assert out.splitlines()[-1].startswith("Nothing was published.")
    assert "1 new figure" in err


def test_the_canary_asks_one_indicator_of_each_source(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """The newest point of each, or why there is none; the store is as before."""
    replay.add(ECB_PATH, b"<html>")
    code, out, _err = _run(capsys, "--canary", "--format", "json")
    rows = {row["source"]: row for row in json.loads(out)["canary"]}
    assert code == 1
    assert (rows["fred"]["period"], rows["fred"]["value"], rows["fred"]["why"]) == ("2026-07", 83.76, "")
    assert (rows["ecb"]["period"], rows["ecb"]["why"].startswith("The answer is a web page")) == (None, True)
    assert len(replay.seen) == 3


@pytest.mark.parametrize(
    "step",
    [
        None,
        Step(b'{"error": "key %s is over its quota"}' % _KEY.encode(), 429),
        Step(b'{"error": {"code": 400, "message": "bad key %s"}}' % _KEY.encode(), 400),
        Step(b"<html><title>%s</title></html>" % _KEY.encode()),
        Step(status=302, headers=(("Location", f"https://elsewhere.example/?key={_KEY.replace(' ', '%20')}"),)),
        Step(b"x" * 100, cut=10),
    ],
    ids=["figures", "quota", "fault", "page", "redirect", "cut"],
)
def test_no_key_in_any_output(
    replay: Replay,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    step: Step | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A key is sent, and is in nothing that is printed or stored, whatever the publisher answers with."""
    monkeypatch.setattr(command, "Client", partial(Client, sleep=lambda _seconds: None))
    if step is not None:
        replay.add(CENSUS_PATH, step)
    _code, out, err = _run(capsys, "--source", "census", "--format", "json")
    assert replay.seen[-1].params["key"] == _KEY
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = b"".join(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files)
    assert b"us_defense_aircraft_shipments" in kept
    for form in (_KEY, "s3cr%26t", "s3cr&amp;t", "s3cr"):
        assert form not in out + err
        assert form.encode() not in kept


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """`observatory refresh --help` says what it does, and how."""
    with pytest.raises(SystemExit):
        main(["refresh", "--help"])
    assert "Example: observatory refresh --source fred" in capsys.readouterr().out
