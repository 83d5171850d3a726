"""The store: vintages go in whole and come out as of a moment."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, func, insert, or_, select

from observatory.errors import ConflictError
from observatory.store import schema
from observatory.store.opening import engine, saying, writing
from observatory.store.rows import (
    STEP_COLUMNS,
    Batch,
    StoredCall,
    Vintage,
    forecast_of,
    forecast_row,
    step_rows,
    text_of,
    vintage_of,
)
from observatory.tables import Forecast, Key, Row


class Store:
    """An open store. Every method raises StoreError, with a sentence, where the database cannot be used."""

    def __init__(self, address: str) -> None:
        self.address = address.removeprefix("sqlite:///")  # as sentences name it: the path of the file
        self._engine = engine(address)

    def close(self) -> None:
        """Lets go of all connections."""
        self._engine.dispose()

    # -- reading ----------------------------------------------------------------------------------------------

    def vintages(self) -> tuple[Vintage, ...]:
        """The published vintages, oldest first."""
        table = schema.vintages
        query = select(table).join(schema.publications, schema.publications.c.vintage == table.c.id)
        with saying(self.address), self._engine.connect() as connection:
            return tuple(
                vintage_of(row) for row in connection.execute(query.order_by(table.c.at, table.c.id)).mappings()
            )

    def as_of(self, moment: datetime | None = None) -> Vintage | None:
        """The newest vintage published at a moment (None: now); None if there was none yet."""
        known = [row for row in self.vintages() if moment is None or row.at <= moment]
        return known[-1] if known else None

    def panel(self, vintage: Vintage, indicators: Iterable[str] | None = None) -> list[Row]:
        """All observations as of a vintage, by series and period; withdrawn ones are left out."""
        table = schema.observations
        return self._panel(_newest(table, vintage.id, table.c.series, table.c.period), indicators)

    def panel_of_draft(self, draft: Vintage) -> list[Row]:
        """The panel as it will be once a draft is published: for its writer only."""
        table = schema.observations
        return self._panel(_newest(table, draft.id, table.c.series, table.c.period, draft=draft.id), None)

    def _panel(self, newest: Any, indicators: Iterable[str] | None) -> list[Row]:
        table, names = schema.observations, schema.series
        query = (
            select(names.c.indicator, names.c.geo, names.c.item, table.c.period, table.c.value)
            .join(newest, and_(*(newest.c[key] == table.c[key] for key in ("series", "period", "vintage"))))
            .join(names, names.c.id == table.c.series)
            .where(table.c.value.is_not(None))
            .order_by(names.c.indicator, names.c.geo, names.c.item, table.c.period)
        )
        with saying(self.address), self._engine.connect() as connection:
            return [Row(*row) for row in connection.execute(_only(query, indicators))]

    def facts(self, vintage: Vintage) -> dict[str, dict[str, Any]]:
        """The facts of all indicators as of a vintage."""
        table = schema.indicators
        newest = _newest(table, vintage.id, table.c.indicator)
        query = select(table.c.indicator, table.c.facts).join(
            newest, and_(newest.c.indicator == table.c.indicator, newest.c.vintage == table.c.vintage)
        )
        with saying(self.address), self._engine.connect() as connection:
            return {name: json.loads(text) for name, text in connection.execute(query)}

    def forecasts(self, vintage: Vintage, indicators: Iterable[str] | None = None) -> dict[Key, Forecast]:
        """The forecasts of all series as stored by the newest vintage that made one for each."""
        table, names, steps = schema.forecasts, schema.series, schema.forecast_steps
        newest = _newest(table, vintage.id, table.c.series)
        at_newest = and_(newest.c.series == table.c.series, newest.c.vintage == table.c.vintage)
        heads = select(names.c.indicator, names.c.geo, names.c.item, table).join(newest, at_newest)
        heads = _only(heads.join(names, names.c.id == table.c.series), indicators)
        lines = select(steps).join(newest, and_(newest.c.series == steps.c.series, newest.c.vintage == steps.c.vintage))
        lines = _only(lines.join(names, names.c.id == steps.c.series), indicators).order_by(
            steps.c.series, steps.c.period
        )
        with saying(self.address), self._engine.connect() as connection:
            paths: dict[int, list[list[float]]] = {}
            for row in connection.execute(lines).mappings():
                paths.setdefault(row["series"], []).append([row[name] for name in STEP_COLUMNS])
            return {
                (row["indicator"], row["geo"], row["item"]): forecast_of(row, paths.get(row["series"], []))
                for row in connection.execute(heads).mappings()
            }

    def calls(self, vintage: Vintage) -> tuple[StoredCall, ...]:
        """The calls that a vintage published."""
        table = schema.calls
        query = select(table.c.segment, table.c.horizon, table.c.call, table.c.details)
        with saying(self.address), self._engine.connect() as connection:
            rows = connection.execute(query.where(table.c.vintage == vintage.id)).all()
            return tuple(StoredCall(segment, horizon, call, json.loads(text)) for segment, horizon, call, text in rows)

    def replay(self, vintage: Vintage) -> dict[str, Any]:
        """What the replay of past calls gave when a vintage was published; empty if it has none."""
        table = schema.replays
        with saying(self.address), self._engine.connect() as connection:
            text = connection.execute(select(table.c.details).where(table.c.vintage == vintage.id)).scalar()
            return cast(dict[str, Any], json.loads(text)) if text else {}

    def counts(self) -> dict[int, tuple[int, int, int]]:
        """What each vintage brought: values, values withdrawn, series touched."""
        table = schema.observations
        values, rows = func.count(table.c.value), func.count()
        query = select(table.c.vintage, values, rows - values, func.count(table.c.series.distinct()))
        with saying(self.address), self._engine.connect() as connection:
            return {row[0]: (row[1], row[2], row[3]) for row in connection.execute(query.group_by(table.c.vintage))}

    # -- writing ----------------------------------------------------------------------------------------------

    def draft(self, batch: Batch) -> Vintage:
        """Writes a vintage that nobody sees yet, on top of the newest published one; `publish` makes it visible."""
        with saying(self.address), writing(self._engine) as connection:
            parent = _head(connection)
            same = _draft_like(connection, batch, parent["id"] if parent else None)
            if same is not None:
                return same  # left by a publication that was interrupted: whole, and not seen by anybody
            at = batch.at if parent is None else max(batch.at, datetime.fromisoformat(parent["at"]))
            vintage = connection.execute(
                insert(schema.vintages).values(
                    parent=None if parent is None else parent["id"],
                    at=text_of(at),
                    recorded=text_of(datetime.now(UTC)),
                    who=batch.who,
                    note_fr=batch.note_fr,
                    note_en=batch.note_en,
                    sha256=batch.sha256,
                )
            ).inserted_primary_key
            number = int(vintage[0]) if vintage is not None else 0
            ids = _series(connection, {key for key, _period, _value in batch.observations})
            if batch.observations:
                connection.execute(
                    insert(schema.observations),
                    [
                        {"series": ids[key], "period": when, "vintage": number, "value": value}
                        for key, when, value in batch.observations
                    ],
                )
            if batch.facts:
                connection.execute(
                    insert(schema.indicators),
                    [
                        {"indicator": name, "vintage": number, "facts": json.dumps(facts, ensure_ascii=False)}
                        for name, facts in batch.facts.items()
                    ],
                )
            row = connection.execute(select(schema.vintages).where(schema.vintages.c.id == number)).mappings().one()
            return vintage_of(row)

    def publish(
        self, draft: Vintage, forecasts: Sequence[Forecast], calls: Sequence[StoredCall], replay: Mapping[str, Any]
    ) -> None:
        """Stores what a draft leads to and makes it visible, in one transaction.

        Raises ConflictError if another vintage was published since the draft was written.
        """
        with saying(self.address), writing(self._engine) as connection:
            if connection.execute(
                select(schema.publications.c.vintage).where(schema.publications.c.vintage == draft.id)
            ).first():
                raise ConflictError("error.store.conflict", draft=draft.id, head=draft.id)
            head = _head(connection)
            if (None if head is None else head["id"]) != draft.parent:
                raise ConflictError("error.store.conflict", draft=draft.id, head=head["id"] if head else 0)
            ids = _series(connection, {forecast.key for forecast in forecasts})
            for table, rows in (
                (schema.forecasts, [forecast_row(forecast, ids[forecast.key], draft.id) for forecast in forecasts]),
                (
                    schema.forecast_steps,
                    [row for forecast in forecasts for row in step_rows(forecast, ids[forecast.key], draft.id)],
                ),
                (
                    schema.calls,
                    [
                        {
                            "vintage": draft.id,
                            "segment": call.segment,
                            "horizon": call.horizon,
                            "call": call.call,
                            "details": json.dumps(call.details, ensure_ascii=False),
                        }
                        for call in calls
                    ],
                ),
                (schema.replays, [{"vintage": draft.id, "details": json.dumps(replay)}]),
                (schema.publications, [{"vintage": draft.id, "recorded": text_of(datetime.now(UTC))}]),
            ):
                if rows:
                    connection.execute(insert(table), rows)


def _head(connection: Connection) -> Mapping[Any, Any] | None:
    table = schema.vintages
    query = select(table).join(schema.publications, schema.publications.c.vintage == table.c.id)
    return connection.execute(query.order_by(table.c.at.desc(), table.c.id.desc()).limit(1)).mappings().first()


def _draft_like(connection: Connection, batch: Batch, parent: int | None) -> Vintage | None:
    """An unpublished vintage with the same content on the same parent."""
    table = schema.vintages
    query = select(table).where(
        table.c.sha256 == batch.sha256,
        table.c.who == batch.who,
        table.c.at == text_of(batch.at),
        table.c.parent.is_(None) if parent is None else table.c.parent == parent,
        table.c.id.not_in(select(schema.publications.c.vintage)),
    )
    row = connection.execute(query.order_by(table.c.id.desc()).limit(1)).mappings().first()
    return None if row is None else vintage_of(row)


def _newest(table: Any, vintage: int, *keys: Any, draft: int = 0) -> Any:
    """For each key, the newest published vintage up to one; no draft is seen but the one that is named."""
    visible = or_(table.c.vintage.in_(select(schema.publications.c.vintage)), table.c.vintage == draft)
    query = select(*keys, func.max(table.c.vintage).label("vintage"))
    return query.where(table.c.vintage <= vintage, visible).group_by(*keys).subquery()


def _only(query: Select[Any], indicators: Iterable[str] | None) -> Select[Any]:
    return query if indicators is None else query.where(schema.series.c.indicator.in_(tuple(indicators)))


def _series(connection: Connection, keys: set[Key]) -> dict[Key, int]:
    table = schema.series
    known = {(row.indicator, row.geo, row.item): row.id for row in connection.execute(select(table))}
    new = sorted(keys - known.keys())
    if new:
        connection.execute(insert(table), [dict(zip(("indicator", "geo", "item"), key, strict=True)) for key in new])
        known = {(row.indicator, row.geo, row.item): row.id for row in connection.execute(select(table))}
    return known
