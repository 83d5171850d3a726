"""Records of past forecasts and calls, replayed for the command backtest: a row for each, then the scores in words."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict

from observatory.cli.output import EXIT_OK, build_progress_bar, print_json, print_status
from observatory.export.csv.calls import build_call_rows, describe_scores, write_calls_csv
from observatory.export.csv.forecasts import open_atomically
from observatory.export.csv.indicators import build_indicator_rows, write_indicators_csv
from observatory.export.csv.outlooks import build_outlook_rows, describe_outlook_scores, write_outlooks_csv
from observatory.export.csv.real_time import build_outcome_rows, write_outcomes_csv
from observatory.language import Localizer
from observatory.outlook.calls.indicator_backtest import summarize_growth
from observatory.outlook.calls.scores import summarize_scores
from observatory.outlook.real_time import score_vintages
from observatory.outlook.real_time_scores import summarize_vintages
from observatory.workspace import Workspace, get_workspace
from observatory.workspace.records import (
    recompute_backtest,
    recompute_external_record,
    recompute_indicator_backtest,
    recompute_real_time_outcomes,
)


def open_published_workspace(localizer: Localizer) -> Workspace:
    """The workspace of the settings, with the curated edition published if nothing is."""
    opened_workspace = get_workspace()
    if not opened_workspace.has_vintages():
        opened_workspace.publish_curated(build_progress_bar(localizer))
    return opened_workspace


def _backtest_calls(args: argparse.Namespace, localizer: Localizer) -> int:
    """Backtest of all past calls, recomputed from the store: a row for each call, then the scores in words."""
    workspace = open_published_workspace(localizer)
    draw_progress = build_progress_bar(localizer)
    past_calls = recompute_backtest(workspace, lambda part: draw_progress("progress.scoring", part))
    if args.horizon:
        past_calls = tuple(row for row in past_calls if row.horizon == args.horizon)
    if args.format == "json":
        print_json({"calls": build_call_rows(past_calls), "scores": summarize_scores(past_calls)})
        return EXIT_OK
    with open_atomically(args.output) as file:
        file.write(write_calls_csv(past_calls))
    for line in describe_scores(summarize_scores(past_calls), localizer):
        print_status(line)
    return EXIT_OK


def _backtest_indicators(args: argparse.Namespace, localizer: Localizer) -> int:
    """Backtest of the growth of each demand indicator: a row for each origin and horizon, then the scores in words."""
    workspace = open_published_workspace(localizer)
    draw_progress = build_progress_bar(localizer)
    rows = recompute_indicator_backtest(workspace, lambda part: draw_progress("progress.scoring", part))
    if args.horizon:
        rows = tuple(row for row in rows if row.horizon == args.horizon)
    scores = summarize_growth(rows)
    if args.format == "json":
        print_json({"indicators": build_indicator_rows(rows), "scores": scores})
        return EXIT_OK
    with open_atomically(args.output) as file:
        file.write(write_indicators_csv(rows))
    for name, row in scores.items():
        figures = {name: localizer.number(row[name], 4) for name in ("error", "naive", "engine", "rule")}
        print_status(
            localizer.text(
                "cli.indicators.record",
                span=localizer.text(f"cli.indicators.{name}"),
                n=localizer.number(row["n"]),
                held=localizer.percent_digits(row["held"]),
                **figures,
            )
        )
    return EXIT_OK


def _backtest_real_time(args: argparse.Namespace, localizer: Localizer) -> int:
    """Forecasts from the real vintages and from final figures, recomputed: a row for each outcome, then the scores."""
    workspace = open_published_workspace(localizer)
    draw_progress = build_progress_bar(localizer)
    draw_progress("progress.scoring", 0.0)
    outcomes = recompute_real_time_outcomes(workspace)
    draw_progress("progress.scoring", 1.0)
    scores = summarize_vintages(score_vintages(outcomes))
    if args.format == "json":
        print_json({"outcomes": build_outcome_rows(outcomes), "scores": asdict(scores) if scores else None})
        return EXIT_OK
    with open_atomically(args.output) as file:
        file.write(write_outcomes_csv(outcomes))
    if scores is None:
        print_status(localizer.text("cli.real_time.none"))
        return EXIT_OK
    print_status(
        localizer.text(
            "cli.real_time.record",
            n=localizer.number(scores.outcomes),
            vintages=localizer.number(scores.vintages),
            real=localizer.number(scores.real_error * 100, 1),
            final=localizer.number(scores.final_error * 100, 1),
            real_held=localizer.percent_digits(scores.real_held / scores.outcomes),
            final_held=localizer.percent_digits(scores.final_held / scores.outcomes),
        )
    )
    return EXIT_OK


def _backtest_outlooks(args: argparse.Namespace, localizer: Localizer) -> int:
    """The forecasts of others judged anew by the newest edition: a row for each, then their scores in words."""
    record = recompute_external_record(open_published_workspace(localizer))
    if args.format == "json":
        print_json({"outlooks": build_outlook_rows(record)})
        return EXIT_OK
    with open_atomically(args.output) as file:
        file.write(write_outlooks_csv(record))
    for line in describe_outlook_scores(record, localizer):
        print_status(line)
    return EXIT_OK


# By the option of the command that asks for it.
RECORDS: Mapping[str, Callable[[argparse.Namespace, Localizer], int]] = {
    "calls": _backtest_calls,
    "real_time": _backtest_real_time,
    "outlooks": _backtest_outlooks,
    "indicators": _backtest_indicators,
}
