"""The figures of docs/signals.md: what passed each gate, what chance alone passes, the flags' records, the time taken.

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
    list_pairs,
    run_permutation_test,
)
from observatory.outlook.leads.leads import FALSE_DISCOVERY_RATE, compute_leads
from observatory.outlook.leads.validation import MIN_ORIGIN_YEARS, validate_lead
from observatory.outlook.shocks.shocks import compute_shocks
from observatory.timeseries import SeriesKey, StoredObservation, TimeSeries, build_panel


def main() -> None:
    """Prints everything; `--worlds` is how often the leads are shuffled to see what chance alone passes."""
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
    found = compute_leads(catalogue, panel, day)
    print(f"CPU seconds: shocks {middle - begin:.2f}, leads {time.process_time() - middle:.2f}\n")
    tell_shocks(past)
    tell_leads(found)
    tell_chance(list_pairs(catalogue, panel), worlds)
    tell_flags(catalogue, panel, day)


def tell_shocks(found: dict) -> None:
    print(f"{'shock':<12}{'market':<22}{'series':>7}{'fell':>5}{'depth':>8}{'trough':>8}{'back':>7}{'calm':>8}")
    for row in found["shocks"]:
        for name, each in row["segments"].items():
            calm = found["calm"].get(name, {}).get("depth")
            print(
                f"{row['start']:<12}{name:<22}{each['count']:>7}{each['fell']:>5}{said(each['depth'], 3):>8}"
                f"{said(each['trough_months'], 1):>8}{said(each['back_months'], 1):>7}{said(calm, 3):>8}"
            )


def tell_leads(found: dict) -> None:
    names = ("pairs", "tested", "together", "ahead", "judged")
    print(f"\n{'market':<22}" + "".join(f"{name:>10}" for name in (*names, "reliable")))
    for name, row in found["segments"].items():
        print(f"{name:<22}" + "".join(f"{row[part]:>10}" for part in names) + f"{len(row['reliable']):>10}")
    print()
    for row in (each for part in found["segments"].values() for each in (*part["reliable"], *part["near"])):
        halves = " / ".join(said(half, 3) for half in row["halves"] or ())
        print(
            f"{row['lead']} -> {row['market']}: {row['lag_months']} months, r {row['correlation']:.2f}, "
            f"p {row['p']:.4f}, q {row['q']:.3f}, gain {said(row['gain'], 3)} ({halves}), {row['origins']} years"
        )


def tell_chance(candidates: list[LeadLagPair], worlds: int) -> None:
    """How many pairs pass each gate once the past of every lead is shuffled: what chance alone would show."""
    proved = [
        made
        for pair in candidates
        if (made := validate_lead(pair)) is not None and made.origin_years >= MIN_ORIGIN_YEARS
    ]
    gains = [made.gain for made in proved]
    above, both = sum(gain > 0 for gain in gains), sum(made.is_useful for made in proved)
    print(
        f"\nall pairs with {MIN_ORIGIN_YEARS} years to judge: {len(proved)}, "
        f"gain above 0 {above}, in both halves {both}"
    )
    print(f"median gain {np.median(gains):.3f}")
    for world in range(worlds):
        made = [shuffled(pair, world) for pair in candidates]
        seen = [each for pair in made if (each := run_permutation_test(pair)) is not None]
        rates = compute_q_values([each.p_value for each in seen])
        trials = [validate_lead(pair) for pair in made]
        judged = [each for each in trials if each is not None and each.origin_years >= MIN_ORIGIN_YEARS]
        print(
            f"shuffled {world}: tested {len(seen)}, p below .05 {sum(each.p_value < 0.05 for each in seen)}, "
            f"together {int((rates <= FALSE_DISCOVERY_RATE).sum())}; "
            f"judged {len(judged)}, helps {sum(each.is_useful for each in judged)}"
        )


def shuffled(pair: LeadLagPair, world: int) -> LeadLagPair:
    """The pair with the past of its lead in another order."""
    swing = pair.lead.detrended.copy()
    known = np.flatnonzero(np.isfinite(swing))
    if known.size:
        inside = slice(int(known[0]), int(known[-1]) + 1)
        size = len(swing[inside])
        swing[inside] = swing[inside][
            draw_block_permutations(size, PERMUTATION_BLOCK_YEARS * pair.per_year, 1000)[world]
        ]
    return LeadLagPair(replace(pair.lead, swing=swing), pair.market)


def tell_flags(catalogue: Catalogue, panel: dict[SeriesKey, TimeSeries], day: date) -> None:
    tracks = track_flags(catalogue, panel, day)
    print(f"\n{'flag':<14}{'raised':>8}{'followed':>10}{'false':>8}{'base':>8}{'with record':>13}{'better':>8}")
    for kind in FLAG_DIRECTIONS:
        records = [row.summarize() for row in tracks if row.kind == kind]
        raised = sum(row["raised"] for row in records)
        followed = sum(row["followed"] for row in records)
        base = sum(row["raised"] * (row["base"] or 0) for row in records) / raised
        known = [row for row in records if row["raised"] >= MIN_RAISED]
        print(
            f"{kind:<14}{raised:>8}{followed:>10}{1 - followed / raised:>8.3f}{base:>8.3f}{len(known):>13}"
            f"{sum(beats_base_rate(row) for row in known):>8}"
        )


def said(value: float | None, places: int) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None else f"{value:.{places}f}"


if __name__ == "__main__":
    main()
