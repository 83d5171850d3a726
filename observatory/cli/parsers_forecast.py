"""Parsers of the commands on long files: forecast and backtest."""

import argparse
from pathlib import Path

from observatory import settings
from observatory.catalogue.periods import FREQUENCIES
from observatory.cli.arguments import (
    AddCommand,
    add_date_options,
    add_format_option,
    import_lazily,
    integer_between,
    parse_finite,
)

_MAX_JOBS_OR_ORIGINS = 1000  # processes, or origins
_AHEAD = integer_between(1, 240)  # steps: twenty years of months
_RECORDS = {
    "--calls": "replay all past calls: segment, origin, horizon, call, probability, outcome",
    "--indicators": ("replay the growth of each demand indicator: indicator, origin, horizon, growth, range, outcome"),
    "--real-time": (
        "forecasts from the figures that publishers showed then, beside those from figures as revised since"
    ),
    "--outlooks": "judge the forecasts of others: publisher, published, target, lead, theirs, ours, naive, outcome",
}


def add_forecast_commands(add_command: AddCommand) -> None:
    """The commands on long files."""
    for parser in (_add_forecast_command(add_command), _add_backtest_command(add_command)):
        _add_long_file_options(parser)


def _add_forecast_command(add_command: AddCommand) -> argparse.ArgumentParser:
    forecast = add_command(
        "forecast",
        import_lazily("run_forecast", "forecast"),
        "forecast any series of a long CSV, Excel or Parquet file",
        "observatory forecast sales.csv --horizon 12 --output forecasts.csv",
        "Columns unique_id, ds (2024, 2024-Q1, 2024-01, 2024-01-31, and whatever else 'check' reads) and y; an empty y "
        "is a value that is absent. A series needs 3 values. Out come unique_id, ds (the first day of the period), "
        "mean and lo-L, hi-L by level.",
    )
    forecast.add_argument("file", type=Path, metavar="IN.csv", help="the series: unique_id, ds, y")
    forecast.add_argument("--horizon", type=_AHEAD, required=True, metavar="H", help="periods ahead")
    forecast.add_argument(
        "--level",
        type=integer_between(1, 99),
        nargs="+",
        default=list(settings.INTERVAL_LEVELS),
        metavar="L",
        help="per cent of outcomes inside each interval (default: 50 80 95)",
    )
    return forecast


def _add_backtest_command(add_command: AddCommand) -> argparse.ArgumentParser:
    backtest = add_command(
        "backtest",
        import_lazily("run_backtest", "backtest"),
        "score forecasts on the past of a long file or of our own series, by model and horizon",
        "observatory backtest sales.csv --horizon 12 --origins 3",
        "Rolling origins: with T the last value of a series and H the horizon, the forecasts made at T - H, T - 2H, "
        "... are compared with what came: no two windows overlap, and nothing later than an origin is known there. "
        "sMAPE, MASE and skill (1 - MASE / MASE of the naive forecast); coverage and MSIS for our own row.",
    )
    backtest.add_argument(
        "file", type=Path, nargs="?", metavar="IN.csv", help="the series: unique_id, ds, y (default: our own)"
    )
    backtest.add_argument(
        "--horizon", type=_AHEAD, metavar="H", help="periods ahead (default: 3 years, 4 quarters or 12 months)"
    )
    ours = backtest.add_mutually_exclusive_group()
    for option, text in _RECORDS.items():
        ours.add_argument(option, action="store_true", help=text)
    backtest.add_argument(
        "--origins",
        type=integer_between(1, _MAX_JOBS_OR_ORIGINS),
        default=3,
        metavar="N",
        help="how many origins a series (default: 3)",
    )
    return backtest


def _add_long_file_options(parser: argparse.ArgumentParser) -> None:
    """The options of both commands on long files."""
    parser.add_argument(
        "--frequency", choices=FREQUENCIES, help="years, quarters or months (default: what the file shows)"
    )
    parser.add_argument("--decimal", choices=(",", "."), help="the decimal separator, where the file leaves it open")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook (default: the first)")
    add_date_options(parser)
    parser.add_argument(
        "--missing",
        type=parse_finite,
        nargs="+",
        default=[],
        metavar="V",
        help="numbers that stand for absent values: --missing=-9999",
    )
    parser.add_argument("--output", type=Path, metavar="OUT.csv", help="a file (default: standard output)")
    parser.add_argument(
        "--jobs",
        type=integer_between(1, _MAX_JOBS_OR_ORIGINS),
        default=1,
        metavar="N",
        help="processes of this machine (default: 1)",
    )
    parser.add_argument(
        "--cluster", default="", metavar="ADDRESS", help="a Dask cluster that is running: tcp://host:8786"
    )
    add_format_option(parser)
