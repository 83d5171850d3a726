"""Connection: the figures of an edition as pandas tables, with their units, and as Altair charts."""

import io
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Self

import altair as alt
import pandas as pd

from observatory import settings
from observatory.language import LANGUAGES
from observatory.notebook.answers import Ask, QueryError, ask_server, ask_workspace
from observatory.notebook.charts import build_chart
from observatory.workspace import Workspace

_CODES = ("indicator", "geo", "item", "segment", "status", "reference", "call", "why")  # columns with few values
_PROVENANCE = ("unit", "source", "licence")
_TEXTS = (*_CODES, *_PROVENANCE, "period", "origin", "due", "latest", "vintage")
_INTEGERS = ("horizon", "base_year", "families")
_PAGE_ROWS = 100_000  # rows of a JSON answer, the most that the API gives


def connect(address: str | Path | None = None, *, language: Literal["fr", "en"] = "fr") -> "Connection":
    """Opens the figures of an observatory.

    `address` is that of a server (`https://...`), a store (`sqlite:///...`, `postgresql://...`), or a folder of curated
    data, which is published in a temporary store first (about a minute). Without one, the store of the environment
    (`OBSERVATORY_STORE`) is opened. `language` is that of titles, units and errors. Raises QueryError for an address
    that is none of these, StoreError for a store that cannot be opened.

        import observatory
        obs = observatory.connect()
        obs.observations("atr_backlog").tail()
    """
    if language not in LANGUAGES:
        raise QueryError(f"language={language!r}: {', '.join(LANGUAGES)}.")
    place = "" if address is None else str(address)
    if place.startswith(("http://", "https://")):
        return Connection(ask_server(place), language=language)
    loaded, resources = settings.load_settings(), ExitStack()
    if "://" in place:
        loaded = replace(loaded, store_url=place)
    elif place:
        folder = Path(place).expanduser()
        if not (folder / "segments.toml").is_file():
            raise QueryError(
                f"{place!r} is no address of a server (https://...) or store (sqlite:///..., postgresql://...), "
                "and no folder of curated data: it has no segments.toml."
            )
        store = resources.enter_context(TemporaryDirectory(prefix="observatory-"))
        loaded = replace(loaded, store_url=f"sqlite:///{store}/observatory.db", data_dir=folder)
    workspace = Workspace(loaded)
    resources.callback(workspace.close)
    if place and "://" not in place:
        workspace.publish_curated()
    if not workspace.has_vintages():
        resources.close()
        raise QueryError(f"{workspace.store.address}: nothing is published yet. Run: observatory publish --curated")
    return Connection(ask_workspace(workspace), language=language, close=resources.close)


class Connection:
    """An open observatory, as of its newest edition, or of what `as_of` names.

    Tables have a row a value. `.attrs` of a table has `edition` (its number and day), and for tables of series
    `units`, `sources` and `licences` by indicator: whoever shows a figure names its source.
    """

    def __init__(self, ask: Ask, *, language: str = "fr", asof: str = "", close: Callable[[], None] | None = None):
        self._ask, self._language, self._asof, self._close = ask, language, asof, close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the store, if this connection opened one."""
        if self._close:
            self._close()
            self._close = None

    def as_of(self, when: str) -> "Connection":
        """The same observatory as it was known then: an edition (`e1`), a day, a month or a year.

        Months before the first edition are rebuilt from what was published by then, which takes seconds.

            before = obs.as_of("2024-06")
            before.calls(horizon=3)
        """
        return Connection(self._ask, language=self._language, asof=when)

    def segments(self) -> pd.DataFrame:
        """The markets and sections: id, market (whether it gets calls), title, summary, number of indicators."""
        return pd.DataFrame(self._read_rows("segments"))

    def indicators(self, segment: str = "") -> pd.DataFrame:
        """The indicators, all or of a segment: id, title, unit, frequency, publisher, licence, caveats, series.

        obs.indicators("space")[["id", "title", "unit"]]
        """
        return pd.DataFrame(self._read_rows("indicators", segment=segment))

    def editions(self) -> pd.DataFrame:
        """The editions published, the newest first: id, at, note, number of values."""
        table = pd.DataFrame(self._read_rows("vintages"))
        return table.assign(at=pd.to_datetime(table["at"]), recorded=pd.to_datetime(table["recorded"]))

    def observations(
        self, indicator: str | Sequence[str] = "", *, segment: str = "", geo: str = "", item: str = ""
    ) -> pd.DataFrame:
        """Observed values: indicator, geo, item, period (2024, 2024-Q1, 2024-01), date (its first day), value.

        Values are in the unit of their indicator, `table.attrs["units"]`.

            deliveries = obs.observations("airbus_deliveries")
            deliveries.set_index("date")["value"].plot()
        """
        return self._read_series("observations", indicator, {"segment": segment, "geo": geo, "item": item})

    def forecasts(
        self, indicator: str | Sequence[str] = "", *, segment: str = "", geo: str = "", item: str = ""
    ) -> pd.DataFrame:
        """Forecasts: a row a period ahead, with median and ranges of 50, 80 and 95 % (`low_80`, `high_80`).

        `origin` is the last period known. A series that is not forecast has one row without figures, whose `status`
        says why (stopped, too_short).

            obs.forecasts("brent_price")[["period", "low_80", "median", "high_80"]]
        """
        return self._read_series("forecasts", indicator, {"segment": segment, "geo": geo, "item": item})

    def calls(self, segment: str = "", *, horizon: int | None = None) -> pd.DataFrame:
        """Calls: will the market grow, how surely, by how much a year (0.04 is 4 %), and when it is judged.

        obs.calls(horizon=3).sort_values("probability_clear", ascending=False)
        """
        table = self._read_csv("calls", {"segment": segment, "horizon": "" if horizon is None else str(horizon)})
        table = table.assign(due=pd.to_datetime(table["due"]))
        return _finish(table, {"edition": _take_edition(table)}, drop=("vintage",))

    def chart(self, indicator: str, *, geo: str = "", item: str = "", height: int = 320) -> alt.LayerChart:
        """A series with its forecast and its 50 and 80 % ranges, as an Altair chart.

        Without `geo` and `item`, the series that the page of the indicator shows first.

            obs.chart("atr_backlog").properties(width=600)
        """
        observed = self.observations(indicator, geo=geo, item=item)
        facts = {row["id"]: row for row in self._read_rows("indicators")}[indicator]
        if not geo and not item:
            geo, item = facts["headline_geo"], facts["headline_item"]
            observed = observed[(observed["geo"] == geo) & (observed["item"] == item)]
        geo, item = observed["geo"].iloc[0], observed["item"].iloc[0]
        expected = self.forecasts(indicator, geo=geo)
        observed, expected = (table[(table["geo"] == geo) & (table["item"] == item)] for table in (observed, expected))
        return build_chart(observed, expected, facts, height)

    def _read_rows(self, name: str, **query: str) -> list[dict[str, Any]]:
        """The rows of a JSON answer."""
        complete = self._complete({**query, "limit": str(_PAGE_ROWS)}, dated=name != "vintages")
        rows: list[dict[str, Any]] = json.loads(self._ask(f"/api/v1/{name}", complete))["data"]
        return rows

    def _read_series(self, name: str, indicator: str | Sequence[str], query: Mapping[str, str]) -> pd.DataFrame:
        """A table of series with its provenance in `.attrs`."""
        names = [indicator] if isinstance(indicator, str) else list(indicator)
        table = pd.concat([self._read_csv(name, {**query, "indicator": row}) for row in names], ignore_index=True)
        facts = table.drop_duplicates("indicator").set_index("indicator")
        attributes: dict[Hashable | None, Any] = {"edition": _take_edition(table)}
        attributes |= {f"{part}s": facts[part].to_dict() for part in _PROVENANCE}
        table.insert(list(table.columns).index("period") + 1, "date", _parse_periods(table["period"]))
        return _finish(table, attributes, drop=(*_PROVENANCE, "vintage"))

    def _read_csv(self, name: str, query: Mapping[str, str]) -> pd.DataFrame:
        body = self._ask(f"/api/v1/{name}.csv", self._complete(query))
        header = pd.read_csv(io.BytesIO(body), nrows=0).columns
        numbers = [column for column in header if column not in _TEXTS]
        table = pd.read_csv(
            io.BytesIO(body),
            dtype=dict.fromkeys(_TEXTS, "string"),
            keep_default_na=False,  # NA is a country, and an empty item a code
            na_values={column: [""] for column in numbers},
        )
        return table.astype({column: float for column in numbers if column not in _INTEGERS})

    def _complete(self, query: Mapping[str, str], *, dated: bool = True) -> dict[str, str]:
        """A query with the language and the date of this connection, without what is empty."""
        whole = {**query, "lang": self._language, "asof": self._asof if dated else ""}
        return {key: value for key, value in whole.items() if value}


def _take_edition(table: pd.DataFrame) -> str:
    return str(table["vintage"].iloc[0]) if len(table) else ""


def _parse_periods(periods: pd.Series) -> pd.Series:
    """The first day of years (2024), quarters (2024-Q1) and months (2024-01); NaT for none."""
    starts = periods
    for quarter, month in enumerate(("01", "04", "07", "10"), 1):
        starts = starts.str.replace(f"-Q{quarter}", f"-{month}", regex=False)
    return pd.to_datetime(starts.mask(starts == ""), format="ISO8601")


def _finish(table: pd.DataFrame, attributes: dict[Hashable | None, Any], drop: Sequence[str]) -> pd.DataFrame:
    """A table without the columns that are in its attributes, its codes as categories."""
    codes = {name: "category" for name in _CODES if name in table.columns}
    table = table.drop(columns=list(drop)).astype(codes)
    table.attrs = attributes
    return table
