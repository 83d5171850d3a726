"""Commands forecast and backtest. Imports inside functions keep pandas, SQLAlchemy and pyarrow out of the start-up."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

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

_DEFAULT_HORIZONS = {"A": 3, "Q": 4, "M": 12}  # periods ahead, by frequency
_MAX_PRINTED_FINDINGS = 20  # in text; JSON has all
_SKILL_DECIMALS = 3  # as printed, and as compared in words


def run_forecast(args: argparse.Namespace, localizer: Localizer) -> int:
    """Forecasts the series of a file, and prints the rows and series that cannot be."""
    from observatory.export.csv.forecasts import format_header, iter_lines, open_atomically
    from observatory.forecast.batch import ComputeBackend, iterate_forecasts, split_forecastable

    if args.format == "json" and args.output is None:
        raise ObservatoryError("error.forecast.output")
    result = _read_file(args, localizer)
    levels = list(dict.fromkeys(args.level))
    _forecastable, short_indices = split_forecastable(result.table)
    findings = [*result.findings, *_build_short_findings(result.table, short_indices.tolist(), args.file.name)]
    draw_progress = build_progress_bar(localizer)
    forecast_count = 0
    with open_atomically(args.output) as file:
        file.write(format_header(levels))
        backend = ComputeBackend(args.jobs, args.cluster)
        for batch in iterate_forecasts(
            result.table, args.horizon, levels, backend, lambda part: draw_progress("progress.forecasting", part)
        ):
            for lines in iter_lines(result.table, batch):
                file.write(lines)
            forecast_count += len(batch.series_indices)
            findings += [
                _build_series_finding(result.table, index, args.file.name, "long_refused")
                for index in batch.failed_indices
            ]
    if args.format == "json":
        print_json({**_encode_summary(result, forecast_count), **_encode_findings(result, findings, localizer)})
    else:
        _print_findings(result, findings, localizer)
        print_status(
            localizer.plural(
                "cli.forecast.done", forecast_count, rows=localizer.plural("cli.forecast.rows", result.row_count)
            )
        )
    return EXIT_INVALID_DATA if _has_errors(findings) or result.omitted_count else EXIT_OK


def run_backtest(args: argparse.Namespace, localizer: Localizer) -> int:
    """Backtest scores of every model on the series of a file."""
    from observatory.export.csv.forecasts import open_atomically
    from observatory.export.csv.scores import build_score_rows, write_scores_csv
    from observatory.forecast.batch import ComputeBackend, split_forecastable
    from observatory.forecast.evaluation import backtest_models, find_unscored

    if args.calls:
        return _backtest_calls(args, localizer)
    if args.real_time:
        return _backtest_real_time(args, localizer)
    if args.outlooks:
        return _backtest_outlooks(args, localizer)
    if args.indicators:
        return _backtest_indicators(args, localizer)
    result = _read_file(args, localizer) if args.file else _read_own_series(args, localizer)
    _forecastable, short_indices = split_forecastable(result.table)
    findings = [
        *result.findings,
        *(_build_short_findings(result.table, short_indices.tolist(), args.file.name) if args.file else ()),
    ]
    draw_progress = build_progress_bar(localizer)
    backend = ComputeBackend(args.jobs, args.cluster)
    steps = args.horizon or _DEFAULT_HORIZONS[result.table.frequency]
    for index, reason in find_unscored(result.table, steps, args.origins) if args.file else ():
        counts = {"found": int(result.table.observed_counts[index]), "steps": steps}
        findings.append(_build_series_finding(result.table, index, args.file.name, reason, "warning", **counts))
    scores = backtest_models(
        result.table, steps, args.origins, backend, lambda part: draw_progress("progress.scoring", part)
    )
    if args.output is not None:
        with open_atomically(args.output) as file:
            file.write(write_scores_csv(scores))
    scored_count = max((row.series_count for row in scores), default=0)
    if args.format == "json":
        rows = {} if args.output is not None else {"scores": build_score_rows(scores)}
        print_json({**_encode_summary(result, scored_count), **rows, **_encode_findings(result, findings, localizer)})
    else:
        _print_findings(result, findings, localizer)
        if args.output is None:
            _print_scores(scores, localizer)
        print_status(
            localizer.plural(
                "cli.backtest.done", scored_count, rows=localizer.plural("cli.forecast.rows", result.row_count)
            )
        )
    return EXIT_INVALID_DATA if _has_errors(findings) or result.omitted_count or not scored_count else EXIT_OK


def _read_file(args: argparse.Namespace, localizer: Localizer) -> "LongFileResult":
    from observatory.ingest.long.table import read_long_file
    from observatory.ingest.report import CHOICE_NAMES, Choices

    draw_progress = build_progress_bar(localizer)
    result = read_long_file(
        args.file,
        args.frequency,
        lambda part: draw_progress("progress.reading", part),
        choices=Choices(**{name: getattr(args, name, None) or "" for name in CHOICE_NAMES}),
        missing=tuple(args.missing),
    )
    if result.is_frequency_inferred and args.format == "text":
        print_status(
            localizer.text("cli.frequency", frequency=localizer.text(f"cli.frequency.{result.table.frequency}"))
        )
    return result


def _backtest_calls(args: argparse.Namespace, localizer: Localizer) -> int:
    """Backtest of all past calls, recomputed from the store: a row for each call, then the scores in words."""
    from observatory.export.csv.calls import build_call_rows, describe_scores, write_calls_csv
    from observatory.export.csv.forecasts import open_atomically
    from observatory.outlook.calls.scores import summarize_scores
    from observatory.workspace.records import recompute_backtest

    workspace = _open_workspace(localizer)
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


def _backtest_real_time(args: argparse.Namespace, localizer: Localizer) -> int:
    """Forecasts from the real vintages and from final figures, recomputed: a row for each outcome, then the scores."""
    from observatory.export.csv.forecasts import open_atomically
    from observatory.export.csv.real_time import build_outcome_rows, write_outcomes_csv
    from observatory.outlook.real_time import score_vintages
    from observatory.outlook.real_time_scores import summarize_vintages
    from observatory.workspace.records import recompute_real_time_outcomes

    workspace = _open_workspace(localizer)
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
    from observatory.export.csv.forecasts import open_atomically
    from observatory.export.csv.outlooks import build_outlook_rows, describe_outlook_scores, write_outlooks_csv
    from observatory.workspace.records import recompute_external_record

    record = recompute_external_record(_open_workspace(localizer))
    if args.format == "json":
        print_json({"outlooks": build_outlook_rows(record)})
        return EXIT_OK
    with open_atomically(args.output) as file:
        file.write(write_outlooks_csv(record))
    for line in describe_outlook_scores(record, localizer):
        print_status(line)
    return EXIT_OK


def _backtest_indicators(args: argparse.Namespace, localizer: Localizer) -> int:
    """Backtest of the growth of each demand indicator: a row for each origin and horizon, then the scores in words."""
    from observatory.export.csv.forecasts import open_atomically
    from observatory.export.csv.indicators import build_indicator_rows, write_indicators_csv
    from observatory.outlook.calls.indicator_backtest import summarize_growth
    from observatory.workspace.records import recompute_indicator_backtest

    workspace = _open_workspace(localizer)
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


def _open_workspace(localizer: Localizer) -> "Workspace":
    from observatory import workspace

    opened_workspace = workspace.get_workspace()
    if not opened_workspace.has_vintages():
        opened_workspace.publish_curated(build_progress_bar(localizer))
    return opened_workspace


def _read_own_series(args: argparse.Namespace, localizer: Localizer) -> "LongFileResult":
    """The observatory's own series of one frequency, as in the store; yearly by default."""
    from observatory.ingest.long.table import LongFileResult
    from observatory.timeseries import RaggedPanel

    frequency: Frequency = args.frequency or "A"
    workspace = _open_workspace(localizer)
    table = RaggedPanel.from_series(frequency, workspace.get_outlook().panel.values())
    print_status(localizer.text("cli.backtest.own", frequency=localizer.text(f"cli.frequency.{frequency}")))
    return LongFileResult(table, int(table.observed_counts.sum()), False, (), 0)


def _has_errors(findings: list[Finding]) -> bool:
    return any(row.level == "error" for row in findings)


def _build_short_findings(table: "RaggedPanel", indices: list[int], file: str) -> list[Finding]:
    from observatory.forecast.batch import MIN_VALUES

    counts = table.observed_counts
    return [
        _build_series_finding(table, index, file, "long_too_short", found=int(counts[index]), wanted=MIN_VALUES)
        for index in indices
    ]


def _build_series_finding(
    table: "RaggedPanel", index: int, file: str, code: str, level: Literal["error", "warning"] = "error", **values: int
) -> Finding:
    """A finding on a whole series, at the line that first names it."""
    name = table.ids[index]
    return Finding(
        level,
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
    """All findings for programs; `more` counts those beyond the limit."""
    rows = [
        encode_finding(row, localizer) | {"series": row.values.get("series", "")} for row in _sort_by_line(findings)
    ]
    return {"findings": rows, "more": result.omitted_count}


def _print_findings(result: "LongFileResult", findings: list[Finding], localizer: Localizer) -> None:
    """The first findings as sentences, and how many there are beyond them."""
    for row in _sort_by_line(findings)[:_MAX_PRINTED_FINDINGS]:
        print_status(finding_text(row, localizer))
    hidden_count = len(findings[_MAX_PRINTED_FINDINGS:]) + result.omitted_count
    if hidden_count:
        print_status(localizer.plural("cli.findings.more", hidden_count))


def _sort_by_line(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda row: row.line or 0)


def _print_scores(scores: "list[ModelScore]", localizer: Localizer) -> None:
    """One line a model, all horizons together, then in words whether the naive forecast is beaten."""
    from observatory.briefs.common.standing import compare
    from observatory.forecast.evaluation import ALL_HORIZONS, OWN_MODEL
    from observatory.settings import INTERVAL_LEVELS

    headers = [localizer.text("cli.backtest.model"), "sMAPE", "MASE", localizer.text("cli.backtest.skill")]
    rows = [row for row in scores if row.horizon == ALL_HORIZONS]
    if not rows:
        return
    print(f"{headers[0]:<22}" + "".join(f"{header:>12}" for header in headers[1:]))
    for row in rows:
        figures = (localizer.number(row.smape, 2), localizer.number(row.mase, 3))
        skill = "-" if row.skill is None else localizer.number(row.skill, _SKILL_DECIMALS)
        print(f"{row.model:<22}" + "".join(f"{figure:>12}" for figure in (*figures, skill)))
    own_score = next(row for row in rows if row.model == OWN_MODEL)
    for level, share in zip(INTERVAL_LEVELS, own_score.coverage, strict=True):
        print(localizer.text("cli.backtest.coverage", level=level, coverage=localizer.percent_digits(share)))
    if own_score.skill is not None:
        print(localizer.text(f"cli.backtest.{compare(round(own_score.skill, _SKILL_DECIMALS))}"))
