"""The commands on a long file of anybody's series, forecast and backtest: each imports what it needs when it runs."""

import argparse
from typing import TYPE_CHECKING, Any

from observatory.cli.output import (
    EXIT_INVALID_DATA,
    EXIT_OK,
    build_progress_bar,
    encode_finding,
    finding_text,
    print_json,
    print_status,
)
from observatory.errors import Finding, ObservatoryError
from observatory.language import Localizer
from observatory.settings import MAX_ECHOED_CHARS

if TYPE_CHECKING:
    from observatory.catalogue.periods import Frequency
    from observatory.forecast.evaluation import ModelScore
    from observatory.ingest.long.table import LongFileResult
    from observatory.timeseries import RaggedPanel
    from observatory.workspace import Workspace

_DEFAULT_HORIZONS = {"A": 3, "Q": 4, "M": 12}  # periods ahead where nobody says
_MAX_PRINTED_FINDINGS = 20  # findings that are shown to people; programs get them all


def run_forecast(args: argparse.Namespace, localizer: Localizer) -> int:
    """Forecasts every series of a file that can be, names the rows and series that cannot."""
    from observatory.export.csv import forecasts as forecasts_csv
    from observatory.forecast.batch import ComputeBackend, iterate_forecasts, split_forecastable

    if args.format == "json" and args.output is None:
        raise ObservatoryError("error.forecast.output")
    read = _read_file(args, localizer)
    levels = list(dict.fromkeys(args.level))
    _good, few = split_forecastable(read.table)
    findings = [*read.findings, *_build_short_findings(read.table, few.tolist(), args.file.name)]
    draw = build_progress_bar(localizer)
    done = 0
    with forecasts_csv.open_atomically(args.output) as file:
        file.write(forecasts_csv.format_header(levels))
        engines = ComputeBackend(args.jobs, args.cluster)
        for batch in iterate_forecasts(
            read.table, args.horizon, levels, engines, lambda part: draw("progress.forecasting", part)
        ):
            for lines in forecasts_csv.iter_lines(read.table, batch):
                file.write(lines)
            done += len(batch.series_indices)
            findings += [
                _build_series_finding(read.table, place, args.file.name, "long_refused")
                for place in batch.failed_indices
            ]
    if args.format == "json":
        print_json({**_encode_summary(read, done), **_encode_findings(read, findings, localizer)})
    else:
        _print_findings(read, findings, localizer)
        print_status(
            localizer.plural("cli.forecast.done", done, rows=localizer.plural("cli.forecast.rows", read.row_count))
        )
    return EXIT_INVALID_DATA if findings or read.omitted_count else EXIT_OK


def run_backtest(args: argparse.Namespace, localizer: Localizer) -> int:
    """Scores of every model on the past of a file's own series."""
    from observatory.export.csv import forecasts as forecasts_csv
    from observatory.export.csv import scores as scores_csv
    from observatory.forecast.batch import ComputeBackend, split_forecastable
    from observatory.forecast.evaluation import backtest_models

    if args.calls:
        return _backtest_calls(args, localizer)
    read = _read_file(args, localizer) if args.file else _read_own_series(args, localizer)
    _good, few = split_forecastable(read.table)
    findings = [
        *read.findings,
        *(_build_short_findings(read.table, few.tolist(), args.file.name) if args.file else ()),
    ]
    draw = build_progress_bar(localizer)
    engines = ComputeBackend(args.jobs, args.cluster)
    steps = args.horizon or _DEFAULT_HORIZONS[read.table.frequency]
    scores = backtest_models(read.table, steps, args.origins, engines, lambda part: draw("progress.scoring", part))
    if args.output is not None:
        with forecasts_csv.open_atomically(args.output) as file:
            file.write(scores_csv.write_scores_csv(scores))
    judged = max((row.series_count for row in scores), default=0)
    if args.format == "json":
        rows = {} if args.output is not None else {"scores": scores_csv.build_score_rows(scores)}
        print_json({**_encode_summary(read, judged), **rows, **_encode_findings(read, findings, localizer)})
    else:
        _print_findings(read, findings, localizer)
        if args.output is None:
            _print_scores(scores, localizer)
        print_status(
            localizer.plural("cli.backtest.done", judged, rows=localizer.plural("cli.forecast.rows", read.row_count))
        )
    return EXIT_INVALID_DATA if findings or read.omitted_count or not judged else EXIT_OK


def _read_file(args: argparse.Namespace, localizer: Localizer) -> "LongFileResult":
    from observatory.ingest.long.table import read_long_file

    draw = build_progress_bar(localizer)
    found = read_long_file(args.file, args.frequency, lambda part: draw("progress.reading", part))
    if found.is_frequency_inferred and args.format == "text":
        print_status(
            localizer.text("cli.frequency", frequency=localizer.text(f"cli.frequency.{found.table.frequency}"))
        )
    return found


def _backtest_calls(args: argparse.Namespace, localizer: Localizer) -> int:
    """The replay of all past calls, computed anew from what is published: a row a call, and its record in words."""
    from observatory.export.csv import calls
    from observatory.export.csv import forecasts as forecasts_csv
    from observatory.outlook.calls.scores import summarize_scores

    opened = _open_workspace(localizer)
    draw = build_progress_bar(localizer)
    past = opened.recompute_backtest(lambda part: draw("progress.scoring", part))
    if args.horizon:
        past = tuple(row for row in past if row.horizon == args.horizon)
    if args.format == "json":
        print_json({"calls": calls.build_call_rows(past), "scores": summarize_scores(past)})
        return EXIT_OK
    with forecasts_csv.open_atomically(args.output) as file:
        file.write(calls.write_calls_csv(past))
    for line in calls.describe_scores(summarize_scores(past), localizer):
        print_status(line)
    return EXIT_OK


def _open_workspace(localizer: Localizer) -> "Workspace":
    from observatory import workspace

    opened = workspace.get_workspace()
    if not opened.has_vintages():
        opened.publish_curated(build_progress_bar(localizer))
    return opened


def _read_own_series(args: argparse.Namespace, localizer: Localizer) -> "LongFileResult":
    """The observatory's own series of one frequency, as they stand in the store; years unless asked otherwise."""
    from observatory.ingest.long.table import LongFileResult
    from observatory.timeseries import RaggedPanel

    frequency: Frequency = args.frequency or "A"
    opened = _open_workspace(localizer)
    table = RaggedPanel.from_series(frequency, opened.get_outlook().panel.values())
    print_status(localizer.text("cli.backtest.own", frequency=localizer.text(f"cli.frequency.{frequency}")))
    return LongFileResult(table, int(table.observed_counts.sum()), False, (), 0)


def _build_short_findings(table: "RaggedPanel", indices: list[int], file: str) -> list[Finding]:
    from observatory.forecast.batch import MIN_VALUES

    known = table.observed_counts
    return [
        _build_series_finding(table, k, file, "long_too_short", found=int(known[k]), wanted=MIN_VALUES) for k in indices
    ]


def _build_series_finding(table: "RaggedPanel", index: int, file: str, code: str, **values: int) -> Finding:
    """A finding on a whole series, at the line that first names it."""
    name = table.ids[index]
    return Finding(
        "error",
        code,
        file,
        int(table.first_lines[index]),
        "",
        name[:MAX_ECHOED_CHARS],
        {"series": name[:MAX_ECHOED_CHARS], **values},
    )


def _encode_summary(result: "LongFileResult", series_count: int) -> dict[str, Any]:
    return {
        "series": series_count,
        "rows": result.row_count,
        "frequency": result.table.frequency,
        "inferred": result.is_frequency_inferred,
    }


def _encode_findings(result: "LongFileResult", findings: list[Finding], localizer: Localizer) -> dict[str, Any]:
    """All findings for programs; `more` counts those beyond the thousands that are kept."""
    rows = [
        encode_finding(row, localizer) | {"series": row.values.get("series", "")} for row in _sort_by_line(findings)
    ]
    return {"findings": rows, "more": result.omitted_count}


def _print_findings(result: "LongFileResult", findings: list[Finding], localizer: Localizer) -> None:
    """The first findings as sentences, and how many there are beyond them."""
    for row in _sort_by_line(findings)[:_MAX_PRINTED_FINDINGS]:
        print_status(finding_text(row, localizer))
    more = len(findings[_MAX_PRINTED_FINDINGS:]) + result.omitted_count
    if more:
        print_status(localizer.plural("cli.findings.more", more))


def _sort_by_line(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda row: row.line or 0)


def _print_scores(scores: "list[ModelScore]", localizer: Localizer) -> None:
    """One line a model, all horizons together, then in words whether the naive forecast is beaten."""
    from observatory.forecast.evaluation import ALL_HORIZONS, OBSERVATORY_MODEL
    from observatory.settings import INTERVAL_LEVELS

    heads = [localizer.text("cli.backtest.model"), "sMAPE", "MASE", localizer.text("cli.backtest.skill")]
    rows = [row for row in scores if row.horizon == ALL_HORIZONS]
    if not rows:
        return
    print(f"{heads[0]:<22}" + "".join(f"{head:>12}" for head in heads[1:]))
    for row in rows:
        figures = (localizer.number(row.smape, 2), localizer.number(row.mase, 3))
        skill = "-" if row.skill is None else localizer.number(row.skill, 3)
        print(f"{row.model:<22}" + "".join(f"{figure:>12}" for figure in (*figures, skill)))
    own = next(row for row in rows if row.model == OBSERVATORY_MODEL)
    for level, share in zip(INTERVAL_LEVELS, own.coverage, strict=True):
        print(localizer.text("cli.backtest.coverage", level=level, coverage=localizer.percent_digits(share)))
    better = own.skill is not None and own.skill > 0
    print(localizer.text("cli.backtest.better") if better else localizer.text("cli.backtest.not_better"))
