"""Records computed anew from the newest edition, for the command line: a stored record must be the same."""

from collections.abc import Callable
from dataclasses import replace

from observatory.outlook.calls.backtest import ReplayedCall, run_backtest
from observatory.outlook.calls.indicator_backtest import ReplayedGrowth, replay_indicators
from observatory.outlook.calls.verdict import FittedRule, fit_rule
from observatory.outlook.external.judging import ExternalRecord, judge_forecasts
from observatory.outlook.real_time import RealTimeOutcome, list_real_time_outcomes
from observatory.workspace.outlook_reader import OutlookReader

Progress = Callable[[float], None]


def recompute_backtest(reader: OutlookReader, progress: Progress = lambda _done: None) -> tuple[ReplayedCall, ...]:
    """The backtest of calls."""
    rows = run_backtest(_fit_newest(reader, progress))
    progress(1.0)
    return rows


def recompute_indicator_backtest(
    reader: OutlookReader, progress: Progress = lambda _done: None
) -> tuple[ReplayedGrowth, ...]:
    """The backtest of the growth of demand indicators."""
    rows = replay_indicators(_fit_newest(reader, progress))
    progress(1.0)
    return rows


def recompute_real_time_outcomes(reader: OutlookReader) -> tuple[RealTimeOutcome, ...]:
    """The forecasts in real time and on final figures with their outcomes."""
    outlook = reader.get_outlook()
    return list_real_time_outcomes(outlook.catalogue, outlook.panel, reader.real_vintages)


def recompute_external_record(reader: OutlookReader) -> ExternalRecord:
    """The forecasts of others under data/ and those that editions added, judged."""
    outlook = reader.get_outlook()
    forecasts = reader.catalogue.external_forecasts.with_added_of(outlook.catalogue.external_forecasts)
    catalogue = replace(outlook.catalogue, external_forecasts=forecasts)
    return judge_forecasts(catalogue, outlook.panel, outlook.replayed_calls, reader.real_vintages)


def _fit_newest(reader: OutlookReader, progress: Progress) -> FittedRule:
    progress(0.0)
    outlook = reader.get_outlook()
    return fit_rule(outlook.catalogue, outlook.panel, outlook.day, progress)
