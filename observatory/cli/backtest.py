"""Command backtest: scores of forecasts on the past of a long file, or of the observatory's own series."""

import argparse

from observatory.briefs.common.standing import compare
from observatory.catalogue.periods import Frequency
from observatory.cli.long_files import (
    build_series_finding,
    build_short_findings,
    encode_findings,
    encode_summary,
    has_errors,
    print_findings,
    read_file,
)
from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, build_progress_bar, print_json, print_status
from observatory.cli.records import RECORDS, open_published_workspace
from observatory.export.csv.forecasts import open_atomically
from observatory.export.csv.scores import build_score_rows, write_scores_csv
from observatory.forecast.batch import ComputeBackend, split_forecastable
from observatory.forecast.evaluation import ALL_HORIZONS, OWN_MODEL, ModelScore, backtest_models, find_unscored
from observatory.ingest.long.table import LongFileResult
from observatory.language import Localizer
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import RaggedPanel

_DEFAULT_HORIZONS = {"A": 3, "Q": 4, "M": 12}  # periods ahead, by frequency
_SKILL_DECIMALS = 3  # as printed, and as compared in words


def run_backtest(args: argparse.Namespace, localizer: Localizer) -> int:
    """Backtest scores of every model on the series of a file."""
    for option, replay in RECORDS.items():
        if getattr(args, option):
            return replay(args, localizer)
    result = read_file(args, localizer) if args.file else _read_own_series(args, localizer)
    _forecastable, short_indices = split_forecastable(result.table)
    findings = [
        *result.findings,
        *(build_short_findings(result.table, short_indices.tolist(), args.file.name) if args.file else ()),
    ]
    draw_progress = build_progress_bar(localizer)
    backend = ComputeBackend(args.jobs, args.cluster)
    steps = args.horizon or _DEFAULT_HORIZONS[result.table.frequency]
    for index, reason in find_unscored(result.table, steps, args.origins) if args.file else ():
        counts = {"found": int(result.table.observed_counts[index]), "steps": steps}
        findings.append(build_series_finding(result.table, index, args.file.name, reason, "warning", **counts))
    scores = backtest_models(
        result.table, steps, args.origins, backend, lambda part: draw_progress("progress.scoring", part)
    )
    if args.output is not None:
        with open_atomically(args.output) as file:
            file.write(write_scores_csv(scores))
    scored_count = max((row.series_count for row in scores), default=0)
    if args.format == "json":
        rows = {} if args.output is not None else {"scores": build_score_rows(scores)}
        print_json({**encode_summary(result, scored_count), **rows, **encode_findings(result, findings, localizer)})
    else:
        print_findings(result, findings, localizer)
        if args.output is None:
            _print_scores(scores, localizer)
        print_status(
            localizer.plural(
                "cli.backtest.done", scored_count, rows=localizer.plural("cli.forecast.rows", result.row_count)
            )
        )
    return EXIT_INVALID_DATA if has_errors(findings) or result.omitted_count or not scored_count else EXIT_OK


def _read_own_series(args: argparse.Namespace, localizer: Localizer) -> LongFileResult:
    """The observatory's own series of one frequency, as in the store; yearly by default."""
    frequency: Frequency = args.frequency or "A"
    workspace = open_published_workspace(localizer)
    table = RaggedPanel.from_series(frequency, workspace.get_outlook().panel.values())
    print_status(localizer.text("cli.backtest.own", frequency=localizer.text(f"cli.frequency.{frequency}")))
    return LongFileResult(table, int(table.observed_counts.sum()), False, (), 0)


def _print_scores(scores: list[ModelScore], localizer: Localizer) -> None:
    """One line a model, all horizons together, then in words whether the naive forecast is beaten."""
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
