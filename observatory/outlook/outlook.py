"""The Outlook: catalogue, data, forecasts, calls and study as of one vintage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from observatory.catalogue.models import Catalogue, Indicator, KnowHow
from observatory.outlook.calls.backtest import ReplayedCall
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scores import select_scored
from observatory.outlook.portfolio.portfolio import JointDraws
from observatory.outlook.study import Study
from observatory.settings import CALL_THRESHOLDS, HORIZONS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Catalogue, panel, forecasts, calls and study as of one vintage (`edition`, published at `published_at`).

    Of an outlook that is reconstructed (edition below zero), `later_panel` has the figures that followed, and
    `realized_growth` the growth a year that each market then had, by horizon; `real_vintage_days` names the indicators
    whose figures are those that their publisher showed then, with the day of that vintage; `base_edition` is the
    edition from whose figures it was reconstructed, 0 for the first.
    """

    edition: int
    published_at: datetime
    catalogue: Catalogue
    panel: Mapping[SeriesKey, TimeSeries]
    forecasts: Mapping[SeriesKey, Forecast]
    calls: Mapping[tuple[str, int], Call]
    study: Study = field(default_factory=Study)
    later_panel: Mapping[SeriesKey, TimeSeries] = field(default_factory=dict)
    realized_growth: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    real_vintage_days: Mapping[str, date] = field(default_factory=dict)
    base_edition: int = 0

    @cached_property
    def price_cache(self) -> dict[tuple[str, str], Any]:
        """What was computed from the stored paths of prices, by its kind and input: it never changes."""
        return {}

    @property
    def replayed_calls(self) -> tuple[ReplayedCall, ...]:
        """The calls of the backtest, one a row."""
        return self.study.replayed_calls

    @cached_property
    def growing_record(self) -> Mapping[str, tuple[int, int, float]]:
        """By market: "growing" calls of the backtest that came true, their number, and the base rate of growth."""
        records = {}
        for market in self.catalogue.markets:
            judged = select_scored(self.replayed_calls, None, market)
            outcomes = [(row.grew or 0.0) > CALL_THRESHOLDS.flat_band for row in judged]
            called = [grew for row, grew in zip(judged, outcomes, strict=True) if row.call == "growing"]
            records[market] = (sum(called), len(called), sum(outcomes) / len(outcomes) if outcomes else 0.0)
        return records

    @cached_property
    def drawn_series(self) -> Mapping[SeriesKey, str]:
        """The series whose forecast was moved to the pace that the draws of a market have for it, with that market."""
        markets = self.study.market_draws
        return {
            key: market
            for market, horizons in markets.items()
            if len(horizons) == len(HORIZONS)
            for name in set.intersection(*(set(drawn.indicators) for drawn in horizons.values()))
            if name in self.catalogue.indicators
            and (key := self.headline_key(self.catalogue.indicators[name])) in self.forecasts
            and len(self.forecasts[key].median)
        }

    @property
    def joint_draws(self) -> JointDraws:
        """The joint draws of the markets; without a market in an edition older than them."""
        return self.study.joint_draws

    @property
    def knowhow(self) -> tuple[KnowHow, ...]:
        """The know-how of each market, as assessed in this vintage."""
        return tuple(self.catalogue.knowhow.values())

    @property
    def is_reconstructed(self) -> bool:
        """Whether it is a reconstruction, not a vintage."""
        return self.edition < 0

    @property
    def day(self) -> date:
        """The day of the vintage."""
        return self.published_at.date()

    @property
    def base_year(self) -> int:
        """The year from which horizons are counted."""
        return next(iter(self.calls.values())).base_year if self.calls else self.day.year

    @property
    def label(self) -> str:
        """The vintage as every file names it, in both languages: its number, or that it is rebuilt, and its day."""
        base = f" from edition {self.base_edition}" if self.base_edition else ""
        return f"{f'reconstructed{base}' if self.is_reconstructed else self.edition} ({self.day})"

    @property
    def asof(self) -> str:
        """The `asof` of a link that always answers with it; a day alone may have several editions."""
        if not self.is_reconstructed:
            return f"e{self.edition}"
        return f"{self.day}.e{self.base_edition}" if self.base_edition else self.day.isoformat()

    def list_series(self, indicator: str) -> list[SeriesKey]:
        """The series of an indicator: the headline first, then totals by place, then items."""
        row = self.catalogue.indicators[indicator]
        first = (indicator, row.headline_geo, row.headline_item)
        keys = [key for key in self.panel if key[0] == indicator]
        return sorted(keys, key=lambda key: (key != first, key[2] != "", key[1], key[2]))

    def headline_key(self, indicator: Indicator) -> SeriesKey:
        """The series of an indicator that is shown first."""
        return (indicator.id, indicator.headline_geo, indicator.headline_item)
