"""The commands on long files: forecast and backtest, as somebody at a terminal meets them."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from observatory.cli.backtest import _print_scores
from observatory.cli.parser import main
from observatory.forecast.batch import ComputeBackend, map_calls
from observatory.forecast.evaluation import ALL_HORIZONS, OWN_MODEL, ModelScore
from observatory.language import Localizer
from tests.support.paths import ROOT
from tests.support.vintages import copy_with_vintage
from tests.test_cli import run


def written(path: Path, count: int = 5, length: int = 60) -> Path:
    """A file of monthly series that begin in 2019."""
    rng = np.random.default_rng(3)
    lines = ["unique_id,ds,y"]
    for k in range(count):
        values = 100 * np.exp(np.cumsum(rng.normal(0.01, 0.03, length)))
        lines += [f"s{k},{2019 + t // 12}-{t % 12 + 1:02d}-01,{value:.4f}" for t, value in enumerate(values)]
    path.write_text("\n".join(lines) + "\n")
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_file_becomes_forecasts(tmp_path: Path) -> None:
    """Columns by level in the order asked, a row for each series and step, dated by the first day, limits in order."""
    done = run("forecast", str(written(tmp_path / "in.csv")), "--horizon", "3", "--level", "95", "50")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "unique_id,ds,mean,lo-95,hi-95,lo-50,hi-50"
    rows = rows_of(done.stdout)
    assert [(row["unique_id"], row["ds"]) for row in rows[:4]] == [
        ("s0", "2024-01-01"),
        ("s0", "2024-02-01"),
        ("s0", "2024-03-01"),
        ("s1", "2024-01-01"),
    ]
    assert len(rows) == 15
    for row in rows:
        limits = [float(row[name]) for name in ("lo-95", "lo-50", "mean", "hi-50", "hi-95")]
        assert limits == sorted(limits)
    assert "mensuelle (M)" in done.stderr


@pytest.mark.parametrize(
    ("dates", "next_dates"),
    [
        ([f"{2000 + k}" for k in range(20)], ["2020-01-01", "2021-01-01"]),
        ([f"{2000 + k // 4}-Q{k % 4 + 1}" for k in range(20)], ["2005-01-01", "2005-04-01"]),
    ],
)
def test_years_and_quarters(
    tmp_path: Path, dates: list[str], next_dates: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Years and quarters are found and go on where they end; an id that needs quotes comes back as it was."""
    path = tmp_path / "in.csv"
    path.write_text("unique_id,ds,y\n" + "".join(f'"a, ""b""",{when},{10 + k % 3}\n' for k, when in enumerate(dates)))
    assert main(["forecast", str(path), "--horizon", "2", "--level", "80"]) == 0
    rows = rows_of(capsys.readouterr().out)
    assert [row["ds"] for row in rows] == next_dates
    assert {row["unique_id"] for row in rows} == {'a, "b"'}


def test_bad_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A bad cell and a series of one value: exit 1, both named on standard error, everything else forecast."""
    path = written(tmp_path / "in.csv")
    with path.open("a") as file:
        file.write("s0,2024-01-01,much\nlonely,2024-01-01,5\n")
    done = run("forecast", str(path), "--horizon", "2")
    assert done.returncode == 1
    assert {row["unique_id"] for row in rows_of(done.stdout)} == {f"s{k}" for k in range(5)}
    sentence = done.stderr.replace("\u00a0", " ")
    assert "in.csv, ligne 302, colonne « y » : série « s0 » : « much » n’est pas un nombre." in sentence
    assert "in.csv, ligne 303 : série « lonely » : 1 des 3 valeurs nécessaires" in sentence
    assert "5 séries prévues ; 302 lignes lues." in sentence.replace("\u202f", " ")


def test_long_lists_are_cut_for_people_not_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of fifty findings people see twenty and the number of the others; JSON has them all, alone on standard output."""
    path, out = written(tmp_path / "in.csv"), tmp_path / "out.csv"
    with path.open("a") as file:
        file.write("s0,someday,1\n" * 50)
    done = run("forecast", str(path), "--horizon", "2", "--output", str(out), LANG="en_GB.UTF-8")
    assert done.stderr.count("is not a date") == 20
    assert "And 30 more" in done.stderr
    assert done.stdout == ""
    assert main(["forecast", str(path), "--horizon", "2", "--output", str(out), "--format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["series"], answer["rows"], len(answer["findings"]), answer["more"]) == (5, 350, 50, 0)
    assert answer["findings"][0]["series"] == "s0"
    assert len(rows_of(out.read_text())) == 10


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["forecast", "none.csv", "--horizon", "2"], 2, "ne peut pas être lu"),
        (["forecast", "wrong.csv", "--horizon", "2"], 1, "la colonne « ds » doit y figurer"),
        (["forecast", "wrong.csv", "--horizon", "0"], 2, "from 1 to"),
        (["forecast", "wrong.csv", "--horizon", "2", "--level", "100"], 2, "from 1 to 99"),
        (["forecast", "wrong.csv", "--horizon", "2", "--format", "json"], 2, "--output"),
        (["forecast", "in.csv", "--horizon", "2", "--output", "no/such/folder.csv"], 2, "n’a pas pu être écrite"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, words: list[str], code: int, says: str) -> None:
    """A missing file or column, a number out of range, a folder that is not there: a sentence and its exit code."""
    written(tmp_path / "in.csv")
    (tmp_path / "wrong.csv").write_text("unique_id,date,y\na,2024,1\n")
    done = run(*(str(tmp_path / word) if word.endswith(".csv") else word for word in words))
    assert done.returncode == code
    assert says in done.stderr.replace("\u00a0", " ")


def test_what_was_not_read_is_not_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A header alone, or no date at all, is an error without a frequency; fiscal years name the option, which works."""
    path = tmp_path / "in.csv"
    words = ["forecast", str(path), "--horizon", "2"]
    for rows in ("", "a,soon,1\na,later,2\n", "a,2001-02,1\na,2002-03,2\na,2003-04,4\n"):
        path.write_text("unique_id,ds,y\n" + rows)
        assert main(words) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert "(A)" not in shown.err
    assert "--fiscal-year end" in shown.err
    assert main([*words, "--fiscal-year", "end"]) == 0
    assert [row["ds"] for row in rows_of(capsys.readouterr().out)] == ["2005-01-01", "2006-01-01"]


def test_a_mark_of_missing_values_is_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """-9999 among positive values: named, and the command succeeds; with --missing it is a gap."""
    path = written(tmp_path / "in.csv", 1)
    path.write_text(path.read_text() + "s0,2024-01,-9999\n")
    assert main(["forecast", str(path), "--horizon", "1"]) == 0
    shown = capsys.readouterr()
    assert "--missing=-9999" in shown.err
    assert rows_of(shown.out)[0]["ds"] == "2024-02-01"
    assert main(["forecast", str(path), "--horizon", "1", "--missing=-9999"]) == 0
    shown = capsys.readouterr()
    assert "-9999" not in shown.err
    assert rows_of(shown.out)[0]["ds"] == "2024-01-01"


def test_a_series_that_is_not_judged_has_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A constant series and one too short for the horizon are named by a backtest, each with its reason."""
    path = written(tmp_path / "in.csv", 1)
    flat = "".join(f"flat,{2019 + k // 12}-{k % 12 + 1:02d},7\n" for k in range(60))
    path.write_text(path.read_text() + flat + "".join(f"brief,2024-0{k},{k}\n" for k in range(1, 6)))
    assert main(["backtest", str(path), "--horizon", "6", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["series"] == 1
    assert [(row["series"], row["code"]) for row in answer["findings"]] == [
        ("flat", "long_constant"),
        ("brief", "long_few_origins"),
    ]


@pytest.mark.slow
def test_a_killed_forecast_leaves_nothing_at_its_output(tmp_path: Path) -> None:
    """Killed while it writes, at its last step: what stood at OUT before still stands there, whole."""
    path, out = written(tmp_path / "in.csv", 4000, 40), tmp_path / "out.csv"
    out.write_text("before")
    script = (
        "import os, sys; from observatory.cli.parser import main\n"
        "os.fsync = lambda _file: os.kill(os.getpid(), 9)\n"
        "main(sys.argv[1:])\n"
    )
    words = ["forecast", str(path), "--horizon", "2", "--output", str(out)]
    killed = subprocess.run([sys.executable, "-c", script, *words], cwd=ROOT, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert list(tmp_path.glob(".out.csv.*.part"))
    assert out.read_text() == "before"


@pytest.mark.cluster
def test_processes_and_a_cluster_write_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One process, two, and a real Dask cluster of two workers on this machine: the same file to the byte."""
    import distributed

    path = written(tmp_path / "in.csv", 1200, 30)
    words = ["forecast", str(path), "--horizon", "4", "--output"]
    assert main([*words, str(tmp_path / "one.csv")]) == 0
    assert main([*words, str(tmp_path / "two.csv"), "--jobs", "2"]) == 0
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        assert main([*words, str(tmp_path / "many.csv"), "--cluster", cluster.scheduler_address]) == 0
        where = set(map_calls(os.getpid, iter([()] * 20), ComputeBackend(cluster_address=cluster.scheduler_address)))
        assert where <= {worker.pid for worker in cluster.workers.values()}
    capsys.readouterr()
    one = (tmp_path / "one.csv").read_bytes()
    assert one.count(b"\n") == 1 + 1200 * 4
    assert (tmp_path / "two.csv").read_bytes() == one
    assert (tmp_path / "many.csv").read_bytes() == one


def test_the_scores_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row for each model and horizon; the naive one has skill 0, ours alone has coverage; the table has the means."""
    path, out = written(tmp_path / "in.csv"), tmp_path / "scores.csv"
    assert main(["backtest", str(path), "--horizon", "6", "--origins", "2", "--output", str(out)]) == 0
    assert capsys.readouterr().out == ""
    rows = rows_of(out.read_text())
    assert list(rows[0]) == [
        *("model", "horizon", "series", "origins", "smape", "mase", "skill"),
        *("coverage-50", "coverage-80", "coverage-95", "msis-95"),
    ]
    for model in ("observatory", "naive", "seasonal_naive"):
        mine = [row for row in rows if row["model"] == model]
        assert [row["horizon"] for row in mine] == ["1", "2", "3", "4", "5", "6"]
        assert {(row["series"], row["origins"]) for row in mine} == {("5", "10")}
        assert all(bool(row["msis-95"]) == (model == "observatory") for row in mine)
    assert {row["skill"] for row in rows if row["model"] == "naive"} == {"0.0"}
    assert main(["backtest", str(path), "--horizon", "6"]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[1].startswith("observatory")
    assert "ranges contained" in shown or "fourchettes" in shown
    assert main(["backtest", str(path), "--horizon", "6", "--origins", "2", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["scores"]) == len(rows)


@pytest.mark.slow
def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    """A forecast needs neither pandas nor scikit-learn nor Streamlit, Altair or SQLAlchemy, and does not load them."""
    code = (
        "import sys; from observatory.cli.parser import main; "
        f"main(['forecast', {str(written(tmp_path / 'in.csv'))!r}, '--horizon', '2']); "
        "print([name for name in ('pandas', 'sklearn', 'streamlit', 'altair', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_both_commands_have_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """Each explains itself with an example, and backtest says which origins it takes."""
    for command in ("forecast", "backtest"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "Example: observatory" in (sentence := capsys.readouterr().out)
    assert "no two windows overlap" in " ".join(sentence.split())


@pytest.mark.slow
def test_without_a_file_the_observatory_judges_its_own_series(seeded_address: str) -> None:
    """Backtest alone scores the published series of a frequency, our row among those of the models."""
    done = run("backtest", "--frequency", "Q", "--format", "json", OBSERVATORY_STORE=seeded_address)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["frequency"], answer["series"]) == (0, "Q", 20)
    assert {row["model"] for row in answer["scores"]} >= {"observatory", "naive", "theta"}


@pytest.mark.parametrize(
    ("skill", "word"), [(0.0006, "better"), (0.0004, "level"), (-0.0004, "level"), (-0.0006, "worse"), (None, "")]
)
def test_the_verdict_follows_the_figure_printed(
    capsys: pytest.CaptureFixture[str], skill: float | None, word: str
) -> None:
    """A gain printed as 0.000 is level, 0.001 is better, -0.001 worse; without a gain no verdict is given."""
    score = ModelScore(OWN_MODEL, ALL_HORIZONS, 1, 1, 10.0, 1.0, skill, (0.5, 0.8, 0.95))
    _print_scores([score], Localizer("en"))
    verdict = [line for line in capsys.readouterr().out.splitlines() if "same as the last value" in line]
    assert len(verdict) == bool(word)
    assert all(word in line for line in verdict)


@pytest.fixture
def with_a_vintage(few: Path, few_address: str, tmp_path: Path) -> dict[str, str]:
    """A store of three indicators, and a copy of one of them as published in 2020."""
    folder = copy_with_vintage(few, tmp_path / "data")
    return {"OBSERVATORY_DATA": str(folder), "OBSERVATORY_STORE": few_address}


def test_the_record_in_real_time_is_a_row_an_outcome(with_a_vintage: dict[str, str], few: Path, tmp_path: Path) -> None:
    """The year after the copy, with both forecasts, goes to the file; the scores are one sentence, or JSON."""
    output = tmp_path / "real.csv"
    done = run("backtest", "--real-time", "--output", str(output), **with_a_vintage)
    assert done.returncode == 0, done.stderr
    observed = (few / "observations/airbus_deliveries.csv").read_text()
    figures = {row[2]: row[3] for row in csv.reader(observed.splitlines()) if row[:2] == ["WORLD", ""]}
    (row,) = rows_of(output.read_text())
    assert (row["indicator"], row["geo"], row["vintage"]) == ("airbus_deliveries", "WORLD", "2020-02-10")
    assert (row["origin"], row["period"], row["step"], row["first_outcome"]) == ("2019", "2020", "1", "")
    assert float(row["outcome"]) == float(figures["2020"])
    assert float(row["usual_level"]) == float(figures["2019"])
    assert 0 < float(row["final_forecast"]) - float(row["real_forecast"]) < 3
    assert "1 valeur" in done.stderr.replace("\u00a0", " ")
    scores = json.loads(run("backtest", "--real-time", "--format", "json", **with_a_vintage).stdout)["scores"]
    assert (scores["vintages"], scores["outcomes"], scores["difference"]) == (1, 1, [])
    error = abs(float(row["real_forecast"]) - float(row["outcome"])) / float(row["usual_level"])
    assert scores["real_error"] == pytest.approx(error, rel=1e-4)


def test_a_store_without_copies_says_so(few: Path, few_address: str) -> None:
    """No dated copy, no row: the command says where they are listed."""
    done = run("backtest", "--real-time", OBSERVATORY_DATA=str(few), OBSERVATORY_STORE=few_address)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert "data/vintages.csv" in done.stderr


@pytest.mark.slow
def test_backtest_of_the_outlooks_of_others(seeded_address: str, tmp_path: Path) -> None:
    """A row for each forecast of others, and the same scores as the stored record; selection is said first."""
    out = tmp_path / "outlooks.csv"
    done = run("backtest", "--outlooks", "--output", str(out), OBSERVATORY_STORE=seeded_address, LANG="en_GB.UTF-8")
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0].startswith("What was found, not all that was published: 383 forecasts of 21 publishers")
    assert any(line.startswith("WSTS growth: n 85, targets 20") and "absolute 6.8" in line for line in lines)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:8] == ["publisher", "published", "target", "lead", "theirs", "ours", "naive", "outcome"]
    assert len(rows) == 383
    assert sum(row["scored"] == "1" for row in rows) == 262


@pytest.mark.parametrize("pair", [("--calls", "--real-time"), ("--indicators", "--outlooks")])
def test_two_records_at_once_are_a_wrong_call(pair: tuple[str, str]) -> None:
    """A backtest writes one record: a second one is refused, never left out in silence."""
    done = run("backtest", *pair)
    assert done.returncode == 2
    assert pair[1] in done.stderr
