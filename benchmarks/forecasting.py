"""Forecasting benchmark: our engine against the libraries on the benchmark series, and on the observatory's indicators.

    python benchmarks/forecasting.py ../shared/bench [--quick]

Prints the tables of docs/benchmarks.md as Markdown. Scores are those of the M4 competition, over the clean series of
the fixed sample, as `score.py` in that folder computes them; the libraries' are in its `baselines.parquet`. `--quick`
leaves out the rows for which the engine is trained anew without the data set that is scored.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from forecasting_data import DATASETS, GROUPS, LEVELS, MEDIAN, SEASONS, Group, print_table
from forecasting_own import print_own_indicators

from observatory.forecast import engine
from observatory.forecast.ensemble_weights import EnsembleParameters, read_parameters
from observatory.forecast.features import compute_model_paths
from observatory.forecast.models import select_pool
from observatory.forecast.preprocessing import prepare_histories
from observatory.forecast.train import main as train


def compute_plain_mean(group: Group) -> np.ndarray:
    """The mean of the pool with equal weights, on the engine's common scale."""
    parts = []
    for y in engine.split_pieces(group.y, group.season):
        prepared = prepare_histories(y, group.season)
        parts.append(
            prepared.scale.to_units(compute_model_paths(prepared, select_pool(group.season), group.steps).mean(axis=2))
        )
    return np.concatenate(parts)


def print_scores(
    groups: dict[tuple[str, str], Group], retrained: dict[tuple[str, str], dict[int, EnsembleParameters] | None]
) -> None:
    """Prints scores of points and ranges; `retrained` has, by group, parameters trained without its data set."""
    heads = ["", *(f"{dataset} {frequency}" for frequency, dataset in GROUPS), "mean"]
    scores_by_name: dict[str, list[float]] = {}

    def put(name: str, value: float) -> None:
        scores_by_name.setdefault(name, []).append(value)

    for key in GROUPS:
        group = groups[key]
        for model in ("AutoETS", "AutoTheta", "DynamicOptimizedTheta", MEDIAN):
            row = group.libraries.loc[model]
            put(
                f"OWA {model}",
                (row.smape / group.naive2.naive2_smape + row.mase / group.naive2.naive2_mase) / 2,
            )
        put("OWA plain mean of the pool", group.owa(compute_plain_mean(group)))
        without_dataset = retrained.get(key)
        for name, learned in (("engine", None), ("engine, data set left out", without_dataset)):
            if name != "engine" and without_dataset is None:
                continue
            parameters = learned[group.season] if learned else None
            forecast = engine.forecast_matrix(group.y, group.season, group.steps, LEVELS, parameters)
            put(f"OWA {name}", group.owa(forecast.median))
            for index, level in enumerate(LEVELS):
                put(f"coverage {level} % {name}", group.coverage(forecast.low[:, :, index], forecast.high[:, :, index]))
            score = group.msis(forecast.low[:, :, 2], forecast.high[:, :, 2])
            put(f"MSIS {name}", score)
            put(f"MSIS {name} / AutoETS", score / group.naive2.msis95)
        put("MSIS AutoETS", group.naive2.msis95)
        put("coverage 95 % AutoETS", group.naive2.coverage95)
    for part, title in (
        ("OWA", "**Points** (OWA, lower is better)"),
        ("coverage", "**Coverage**"),
        ("MSIS", "**MSIS**"),
    ):
        print_table(
            title,
            heads,
            [[name, *row, float(np.mean(row))] for name, row in scores_by_name.items() if name.startswith(part)],
        )


def print_growth(
    groups: dict[tuple[str, str], Group], retrained: dict[tuple[str, str], dict[int, EnsembleParameters] | None]
) -> None:
    """Prints the scores of P(the level in h years is above today's) on annual series."""
    rows = []
    for dataset in DATASETS:
        group = groups["A", dataset]
        last = group.y[:, -1]
        real = np.isfinite(group.actual)
        has_grown = (group.actual > last[:, None])[real].astype(float)
        for name, learned in (("engine", None), ("left out", retrained.get(("A", dataset)))):
            if name != "engine" and learned is None:
                continue
            parameters = learned[1] if learned else None
            probability = engine.compute_rise_probability(group.y, 1, group.steps, parameters)[real]
            bins = np.minimum((probability * 10).astype(int), 9)
            gaps = [
                abs(probability[bins == b].mean() - has_grown[bins == b].mean()) * (bins == b).mean() for b in set(bins)
            ]
            sure = probability >= 0.8
            brier = float(((probability - has_grown) ** 2).mean())
            base = float(has_grown.mean() * (1 - has_grown.mean()))
            rows.append(
                [
                    dataset,
                    name,
                    len(has_grown),
                    base,
                    brier,
                    float(sum(gaps)),
                    float(has_grown[sure].mean()),
                    int(sure.sum()),
                ]
            )
    heads = ["", "", "n", "Brier, base rate", "Brier", "calibration error", "right at P >= .8", "n at P >= .8"]
    print_table("**Growth of annual series**", heads, rows)


def measure_cpu(work: Callable[[], object], times: int = 3) -> float:
    """The minimum of CPU seconds over a few runs."""
    seconds = []
    for _ in range(times):
        begin = time.process_time()
        work()
        seconds.append(time.process_time() - begin)
    return min(seconds)


def print_speed(groups: dict[tuple[str, str], Group]) -> None:
    """Prints CPU of many series, one series and a first forecast; memory of the command on 100,000 series."""
    group = groups["M", "M3"]
    many = np.tile(group.y, (8, 1))
    bulk = measure_cpu(lambda: engine.forecast_matrix(many, 12, 18, LEVELS))
    one = group.y[:1]
    single = measure_cpu(lambda: engine.forecast_matrix(one, 12, 18, LEVELS), 20)
    script = (
        "import time, resource, numpy as np\n"
        "from observatory.forecast.engine import forecast_matrix\n"
        "forecast_matrix(np.arange(1.0, 121.0)[None], 12, 18, [50, 80, 95])\n"
        "print(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in range(3)
    ]
    first = min(float(run.stdout) for run in runs)
    wall, memory, rows = run_command()
    print_table(
        "**Speed and memory**",
        ["", ""],
        [
            ["monthly series of M3 with ranges, per core-second", f"{len(many) / bulk:,.0f}"],
            ["one monthly series", f"{single * 1000:.1f} ms"],
            ["import and first forecast, CPU", f"{first:.2f} s"],
            ["`observatory forecast`, 100,000 monthly series of 96 values: wall time", f"{wall:.0f} s"],
            ["the same: peak memory", f"{memory / 1024:.2f} GB"],
            ["the same: rows written", f"{rows:,}"],
        ],
    )


def run_command(count: int = 100_000, length: int = 96) -> tuple[float, float, int]:
    """Wall time, peak memory in MB and rows of the command on many generated series."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        random = np.random.default_rng(1)
        months = [str(month) for month in np.arange("2016-01", "2024-01", dtype="datetime64[M]")]
        with source.open("w", encoding="utf-8") as file:
            file.write("unique_id,ds,y\n")
            for number in range(count):
                values = 100 * np.exp(np.cumsum(random.normal(0, 0.05, length)))
                file.writelines(
                    f"s{number},{month}-01,{value:.6g}\n" for month, value in zip(months, values, strict=True)
                )
        script = (
            "import re, sys\n"
            "from pathlib import Path\n"
            "from observatory.cli.parser import main\n"
            "code = main(sys.argv[1:])\n"
            "print(int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) / 1024)\n"
            "sys.exit(code)"
        )
        begin = time.perf_counter()
        call = ["forecast", str(source), "--horizon", "12", "--frequency", "M", "--output", str(target)]
        done = subprocess.run([sys.executable, "-c", script, *call], capture_output=True, text=True, check=True)
        wall = time.perf_counter() - begin
        with target.open("rb") as file:
            rows = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1
        return wall, float(done.stdout.split()[-1]), rows


def main() -> None:
    """Prints all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    groups = {key: Group(options.folder, *key) for key in GROUPS}
    retrained: dict[tuple[str, str], dict[int, EnsembleParameters] | None] = {}
    if not options.quick:
        with tempfile.TemporaryDirectory() as folder:
            for dataset in DATASETS:
                file = Path(folder) / f"{dataset}.json"
                train([str(options.folder), "--leave-out", dataset, "--output", str(file)])
                learned = {season: read_parameters(season, file) for season in SEASONS.values()}
                retrained |= {(frequency, dataset): learned for frequency in SEASONS}
    print_scores(groups, retrained)
    print_growth(groups, retrained)
    if not options.quick:
        print_speed(groups)
    print_own_indicators()


if __name__ == "__main__":
    main()
