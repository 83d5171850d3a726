"""Command forecast: forecasts of any series of a long file. It loads neither pandas nor SQLAlchemy."""

import argparse

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
from observatory.errors import ObservatoryError
from observatory.export.csv.forecasts import format_header, iter_lines, open_atomically
from observatory.forecast.batch import ComputeBackend, iterate_forecasts, split_forecastable
from observatory.language import Localizer


def run_forecast(args: argparse.Namespace, localizer: Localizer) -> int:
    """Forecasts the series of a file, and prints the rows and series that cannot be."""
    if args.format == "json" and args.output is None:
        raise ObservatoryError("error.forecast.output")
    result = read_file(args, localizer)
    levels = list(dict.fromkeys(args.level))
    _forecastable, short_indices = split_forecastable(result.table)
    findings = [*result.findings, *build_short_findings(result.table, short_indices.tolist(), args.file.name)]
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
                build_series_finding(result.table, index, args.file.name, "long_refused")
                for index in batch.failed_indices
            ]
    if args.format == "json":
        print_json({**encode_summary(result, forecast_count), **encode_findings(result, findings, localizer)})
    else:
        print_findings(result, findings, localizer)
        print_status(
            localizer.plural(
                "cli.forecast.done", forecast_count, rows=localizer.plural("cli.forecast.rows", result.row_count)
            )
        )
    return EXIT_INVALID_DATA if has_errors(findings) or result.omitted_count else EXIT_OK
