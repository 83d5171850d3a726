"""Skill and coverage of the forecasts of the observatory's own indicators."""

import numpy as np
from forecasting_data import LEVELS, print_table

from observatory.catalogue import loader
from observatory.catalogue.files import EditionFiles
from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency
from observatory.forecast import cross_validation as folding
from observatory.forecast import panel
from observatory.settings import load_settings
from observatory.timeseries import build_panel
from observatory.workspace import build_curated_reports


def print_own_indicators() -> None:
    """Prints skill and coverage of the observatory's own series over rolling origins."""
    settings = load_settings()
    catalogue = loader.load_catalogue(settings.data_dir)
    rows = [
        row
        for report in build_curated_reports(catalogue, EditionFiles(settings.data_dir))
        for row in report.observations
    ]
    tasks = folding.build_tasks(catalogue, build_panel(rows))
    day = catalogue.edition.at.date()
    summary, detail = [], []
    for frequency in PERIODS_PER_YEAR:
        active = [
            task for task in tasks if task.history.frequency == frequency and panel.find_skip_status(task, day) is None
        ]
        folds = folding.build_folds(active, frequency)
        evaluations = panel.evaluate_folds(folds)
        summary += _summary(frequency, folds)
        for name in sorted({row.key[0] for row in evaluations}):
            of_indicator = [row for row in evaluations if row.key[0] == name and row.judged]
            gains = [row.gain for row in of_indicator if row.gain is not None]
            count = sum(row.judged for row in of_indicator)
            if count:
                coverages = [
                    f"{sum(row.hits[index] for row in of_indicator) / count:.2f}" for index in range(len(LEVELS))
                ]
                gain = f"{np.mean(gains):+.3f}" if gains else ""
                pool_count = sum(row.status == "pool" for row in of_indicator)
                detail.append(
                    [
                        f"`{name}`",
                        frequency,
                        len(of_indicator),
                        count,
                        gain,
                        f"{pool_count}/{len(of_indicator)}",
                        *coverages,
                    ]
                )
    heads = ["", "", "series", "outcomes", "skill, mean", "skill, median", "50 %", "80 %", "95 %"]
    print_table(
        f"**Own indicators** (day {day:%Y-%m-%d}; skill = 1 - MAE / MAE of the naive, first three years)",
        heads,
        summary,
    )
    heads = ["indicator", "", "series", "outcomes", "skill", "pool shown", "50 %", "80 %", "95 %"]
    print_table("**By indicator**", heads, detail)


def _summary(frequency: Frequency, folds: folding.Folds) -> list[list[object]]:
    """Table rows for all origins, those whose outcomes do not cross the spring of 2020, and those that do."""
    last_calm = {"A": 2020, "Q": 2020 * 4, "M": 2020 * 12 + 2}[frequency]
    crossing = (folds.origins[:, None] < last_calm) & (folds.target_ordinals >= last_calm)
    rows: list[list[object]] = []
    for name, mask in (("all", np.ones_like(crossing)), ("not across 2020", ~crossing), ("across 2020", crossing)):
        part = panel.evaluate_folds(folds, mask)
        gains = np.array([row.gain for row in part if row.gain is not None])
        count = sum(row.judged for row in part)
        if not count:
            continue
        coverages = [float(sum(row.hits[index] for row in part) / count) for index in range(len(LEVELS))]
        rows.append([frequency, name, len(gains), count, *_middle(gains), *coverages])
    return rows


def _middle(gains: np.ndarray) -> list[object]:
    return [float(gains.mean()), float(np.median(gains))] if len(gains) else ["too few origins", ""]
