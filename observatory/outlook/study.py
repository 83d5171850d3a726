"""The study of a vintage: backtest, scores, shocks, leads, scenarios, inputs and joint draws, as stored with it.

The stored document is JSON, and stays as it is; each part is parsed when it is first read, since a page reads few.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

from observatory.outlook.calls.backtest import ReplayedCall, from_columns
from observatory.outlook.calls.indicator_backtest import GrowthScores
from observatory.outlook.calls.scores import ReliabilityBin
from observatory.outlook.calls.stored_draws import IndicatorGrowth, MarketDraws
from observatory.outlook.external.judging import ExternalRecord, decode_record, encode_record
from observatory.outlook.external.scores import ScoredGroup, group_forecasts
from observatory.outlook.portfolio.portfolio import JointDraws, parse_joint_draws
from observatory.outlook.real_time_scores import RealTimeRecord
from observatory.outlook.study_parts import (
    BasketRecord,
    CalmPeriods,
    HorizonScenarios,
    InputPaths,
    Lead,
    MarketScenarios,
    MarketShock,
    OddsRecord,
    OddsScores,
    PastShock,
    PurchasingStudy,
    QuotedScores,
    RaisedFlag,
    SegmentLeads,
    TimingRule,
)

_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Study:
    """The study of a vintage. A part that the edition is too old to have reads as empty; unknown parts are kept.

    Reading a part raises KeyError or TypeError if its JSON is not what was stored.
    """

    _document: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Study":
        """The study of a stored document."""
        return cls(document)

    def as_json(self) -> dict[str, Any]:
        """The document as it is stored, key by key."""
        return dict(self._document)

    @cached_property
    def replayed_calls(self) -> tuple[ReplayedCall, ...]:
        """The calls of the backtest, one a row."""
        return from_columns(self._document["rows"]) if "rows" in self._document else ()

    @property
    def since(self) -> int:
        """The first year of the backtest. Raises KeyError in a study without scores."""
        return int(self._document["since"])

    @cached_property
    def horizon_scores(self) -> Mapping[int, QuotedScores]:
        """The scores of replayed calls by horizon; horizons without any are absent."""
        return {int(years): _parse(QuotedScores, row) for years, row in self._document.get("horizons", {}).items()}

    @cached_property
    def overall_scores(self) -> QuotedScores:
        """The scores of all replayed calls; all zero if there is none."""
        return _parse(QuotedScores, self._document.get("all", {}))

    @cached_property
    def interval_hits(self) -> Mapping[str, Mapping[int, Sequence[int]]]:
        """How often the ranges of series held: by frequency and years ahead [outcomes, inside by level]."""
        return {
            frequency: {int(years): counts for years, counts in rows.items()}
            for frequency, rows in self._document.get("ranges", {}).items()
        }

    @cached_property
    def shocks(self) -> tuple[PastShock, ...]:
        """The named past shocks, oldest first."""
        return tuple(_parse_shock(row) for row in self._part("shocks").get("shocks", ()))

    @cached_property
    def calm_periods(self) -> Mapping[str, CalmPeriods]:
        """What markets did where no shock began."""
        return {name: _parse(CalmPeriods, row) for name, row in self._part("shocks").get("calm", {}).items()}

    @cached_property
    def leads(self) -> Mapping[str, SegmentLeads]:
        """The leads of each market."""
        return {
            name: _parse(SegmentLeads, row, reliable=tuple(_parse(Lead, lead) for lead in row["reliable"]))
            for name, row in self._part("leads").get("segments", {}).items()
        }

    @cached_property
    def raised_flags(self) -> tuple[RaisedFlag, ...]:
        """The flags that stand."""
        return tuple(_parse(RaisedFlag, row) for row in self._part("leads").get("flags", {}).get("now", ()))

    @cached_property
    def scenarios(self) -> Mapping[str, MarketScenarios]:
        """The scenarios of each market that has any."""
        return {
            name: MarketScenarios(
                row["together"],
                {int(years): _parse(HorizonScenarios, drawn) for years, drawn in row["horizons"].items()},
            )
            for name, row in self._document.get("scenarios", {}).items()
        }

    @cached_property
    def purchasing(self) -> PurchasingStudy:
        """What is known of the inputs of a firm."""
        stored = self._part("inputs")
        baskets = stored.get("baskets")
        return PurchasingStudy(
            _parse(InputPaths, stored["paths"]) if stored.get("paths") else None,
            _parse_odds(stored["crossings"]) if stored.get("crossings") else None,
            BasketRecord(
                baskets["baskets"], baskets["dates"], {int(months): row for months, row in baskets["held"].items()}
            )
            if baskets
            else None,
            tuple(_parse(TimingRule, row) for row in stored.get("timing") or ()),
            stored.get("asked"),
        )

    @cached_property
    def joint_draws(self) -> JointDraws:
        """The joint draws of the markets; without a market in an edition older than them."""
        return parse_joint_draws(self._part("draws"))

    @cached_property
    def real_time(self) -> RealTimeRecord:
        """The record in real time; empty in an edition that has none."""
        return RealTimeRecord.from_json(self._part("real_time"))

    def with_real_time(self, record: RealTimeRecord) -> "Study":
        """The study with a record in real time in place of its own."""
        return Study({**self._document, "real_time": record.as_json()})

    @cached_property
    def external_record(self) -> ExternalRecord:
        """The forecasts of others and what came of them; empty in an edition older than them."""
        return decode_record(self._part("external"))

    def with_external_record(self, record: ExternalRecord) -> "Study":
        """The study with another record of the forecasts of others."""
        return Study({**self._document, "external": encode_record(record)})

    @cached_property
    def external_groups(self) -> tuple[ScoredGroup, ...]:
        """The forecasts of others by publisher and kind of figure, with their scores."""
        return group_forecasts(self.external_record.rows)

    @cached_property
    def market_draws(self) -> Mapping[str, Mapping[int, MarketDraws]]:
        """The draws of the demand indicators by market and horizon; empty in an edition that did not draw them."""
        return {
            name: {int(years): MarketDraws.from_json(row) for years, row in horizons.items()}
            for name, horizons in self._part("draws").get("markets", {}).items()
        }

    def find_growth(self, indicator: str, market: str, horizon: int) -> IndicatorGrowth | None:
        """What the draws of its market say of a demand indicator; None if it is not among them."""
        drawn = self.market_draws.get(market, {}).get(horizon)
        return drawn.indicators.get(indicator) if drawn is not None else None

    @cached_property
    def growth_scores(self) -> Mapping[str, GrowthScores]:
        """The scores of the replayed growth of demand indicators: "all", "early", "recent"; empty in older editions."""
        return {name: _parse(GrowthScores, row) for name, row in self._document.get("indicators", {}).items()}

    def _part(self, name: str) -> Mapping[str, Any]:
        return self._document.get(name) or {}


def _parse(kind: type[_Part], row: Mapping[str, Any], **given: Any) -> _Part:
    """A dataclass from the keys of a row that are its fields, those `given` in their place; other keys are left."""
    names = [one.name for one in fields(kind) if one.name in row]  # type: ignore[arg-type]
    return kind(**{name: row[name] for name in names} | given)


def _parse_shock(row: Mapping[str, Any]) -> PastShock:
    markets = row["segments"]
    return PastShock(
        row["start"],
        row["end"],
        {name: _parse(MarketShock, market, monthly_path=market.get("course")) for name, market in markets.items()},
        has_paths=not markets or any("course" in market for market in markets.values()),
    )


def _parse_odds(stored: Mapping[str, Any]) -> OddsRecord:
    scores = {
        name: _parse(OddsScores, stored[name], bins=tuple(ReliabilityBin(*row) for row in stored[name]["bins"]))
        for name in ("some", "then")
    }
    return _parse(OddsRecord, stored, **scores)
