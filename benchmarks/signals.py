"""The figures of docs/signals.md: leads that pass each test, and by chance alone; track record of the flags; run time.

    python benchmarks/signals.py [--worlds 5]

Reads the curated data under data/; opens no store.
"""

import argparse
import time
from dataclasses import replace
from datetime import date

import numpy as np

from observatory import settings, workspace
from observatory.catalogue import loader
from observatory.catalogue.models import Catalogue
from observatory.outlook.leads.flags import FLAG_DIRECTIONS, MIN_RAISED, beats_base_rate, track_flags
from observatory.outlook.leads.lead_lag import (
    PERMUTATION_BLOCK_YEARS,
    LeadLagPair,
    compute_q_values,
    draw_block_permutations,
    run_permutation_test,
    select_pairs,
)
from observatory.outlook.leads.leads import FALSE_DISCOVERY_RATE, compute_leads
from observatory.outlook.leads.validation import MIN_ORIGIN_YEARS, validate_lead
from observatory.outlook.shocks.shocks import compute_shocks
from observatory.timeseries import SeriesKey, StoredObservation, TimeSeries, build_panel


def main() -> None:
    """Prints all figures; `--worlds` is the number of shuffles that measure what passes by chance alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=5)
    worlds = parser.parse_args().worlds
    chosen = settings.load_settings()
    catalogue = loader.load_catalogue(chosen.data_dir)
    rows = [row for report in workspace.build_curated_reports(catalogue, chosen) for row in report.observations]
    panel = build_panel(StoredObservation(row.indicator, row.geo, row.item, row.period, row.value) for row in rows)
    day = catalogue.edition.at.date()
    begin = time.process_time()
    past = compute_shocks(catalogue, panel)
    middle = time.process_time()
    study = compute_leads(catalogue, panel, day)
    print(f"CPU seconds: shocks {middle - begin:.2f}, leads {time.process_time() - middle:.2f}\n")
    print_shocks(past)
    print_leads(study)
    print_chance(select_pairs(catalogue, panel).pairs, worlds)
    print_flags(catalogue, panel, day)


def print_shocks(study: dict) -> None:
    print(f"{'shock':<12}{'market':<22}{'series':>7}{'fell':>5}{'depth':>8}{'trough':>8}{'back':>7}{'calm':>8}")
    for row in study["shocks"]:
        for name, shock in row["segments"].items():
            depth, calm = (format_figure(part.get("depth"), 3) for part in (shock, study["calm"].get(name, {})))
            trough, back = (format_figure(shock[key], 1) for key in ("trough_months", "back_months"))
            print(
                f"{row['start']:<12}{name:<22}{shock['count']:>7}{shock['fell']:>5}{depth:>8}"
                f"{trough:>8}{back:>7}{calm:>8}"
            )


def print_leads(study: dict) -> None:
    names = ("pairs", "tested", "together", "ahead", "judged")
    print(f"\n{'market':<22}" + "".join(f"{name:>10}" for name in (*names, "reliable")))
    for name, row in study["segments"].items():
        print(f"{name:<22}" + "".join(f"{row[part]:>10}" for part in names) + f"{len(row['reliable']):>10}")
    print()
    for row in (lead for part in study["segments"].values() for lead in (*part["reliable"], *part["near"])):
        halves = " / ".join(format_figure(half, 3) for half in row["halves"] or ())
        gain = format_figure(row["gain"], 3)
        print(
            f"{row['lead']} -> {row['market']}: {row['lag_months']} months, r {row['correlation']:.2f}, "
            f"p {row['p']:.4f}, q {row['q']:.3f}, gain {gain} ({halves}), {row['origins']} years"
        )


def print_chance(candidates: list[LeadLagPair], worlds: int) -> None:
    """Prints how many pairs pass each test after the past of every lead is shuffled, that is by chance alone."""
    validated = [
        trial
        for pair in candidates
        if (trial := validate_lead(pair)) is not None and trial.origin_years >= MIN_ORIGIN_YEARS
    ]
    gains = [trial.gain for trial in validated]
    above, both = sum(gain > 0 for gain in gains), sum(trial.is_useful for trial in validated)
    print(
        f"\nall pairs with {MIN_ORIGIN_YEARS} years to judge: {len(validated)}, "
        f"gain above 0 {above}, in both halves {both}"
    )
    print(f"median gain {np.median(gains):.3f}")
    for world in range(worlds):
        pairs = [shuffle_lead(pair, world) for pair in candidates]
        tests = [test for pair in pairs if (test := run_permutation_test(pair)) is not None]
        rates = compute_q_values([test.p_value for test in tests])
        trials = [validate_lead(pair) for pair in pairs]
        long_trials = [trial for trial in trials if trial is not None and trial.origin_years >= MIN_ORIGIN_YEARS]
        print(
            f"shuffled {world}: tested {len(tests)}, p below .05 {sum(test.p_value < 0.05 for test in tests)}, "
            f"together {int((rates <= FALSE_DISCOVERY_RATE).sum())}; "
            f"judged {len(long_trials)}, helps {sum(trial.is_useful for trial in long_trials)}"
        )


def shuffle_lead(pair: LeadLagPair, world: int) -> LeadLagPair:
    """The pair with the past of its lead shuffled in blocks."""
    shuffled = pair.lead.detrended.copy()
    indices = np.flatnonzero(np.isfinite(shuffled))
    if indices.size:
        inside = slice(int(indices[0]), int(indices[-1]) + 1)
        size = len(shuffled[inside])
        shuffled[inside] = shuffled[inside][
            draw_block_permutations(size, PERMUTATION_BLOCK_YEARS * pair.per_year, 1000)[world]
        ]
    return LeadLagPair(replace(pair.lead, detrended=shuffled), pair.market)


def print_flags(catalogue: Catalogue, panel: dict[SeriesKey, TimeSeries], day: date) -> None:
    tracks = track_flags(catalogue, panel, day)
    print(f"\n{'flag':<14}{'raised':>8}{'followed':>10}{'false':>8}{'base':>8}{'with record':>13}{'better':>8}")
    for kind in FLAG_DIRECTIONS:
        records = [row.summarize() for row in tracks if row.kind == kind]
        raised = sum(row["raised"] for row in records)
        followed = sum(row["followed"] for row in records)
        base = sum(row["raised"] * (row["base"] or 0) for row in records) / raised
        with_record = [row for row in records if row["raised"] >= MIN_RAISED]
        print(
            f"{kind:<14}{raised:>8}{followed:>10}{1 - followed / raised:>8.3f}{base:>8.3f}{len(with_record):>13}"
            f"{sum(beats_base_rate(row) for row in with_record):>8}"
        )


def format_figure(value: float | None, places: int) -> str:
    """A figure, or a dash for None."""
    return "-" if value is None else f"{value:.{places}f}"


if __name__ == "__main__":
    main()
