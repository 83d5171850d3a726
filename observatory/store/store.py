"""Store: vintages are written as a whole and read as of a moment."""

import json
import weakref
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, and_, func, insert, select

from observatory.clock import Clock, system_clock
from observatory.errors import ConflictError, StoreError
from observatory.store import schema
from observatory.store.check import ReadinessCheck, StoreFault, find_faults
from observatory.store.digests import list_editions, load_digests, record_digests
from observatory.store.edition_index import EditionIndex
from observatory.store.engine import create_schema, name_store, open_engine, translate_errors, write_transaction
from observatory.store.keys import AnalystKeys, require_active_key
from observatory.store.legacy import STUDY_KNOWHOW_KEY, read_legacy_knowhow
from observatory.store.notes import Notes
from observatory.store.packing import load_paths, pack_edition
from observatory.store.parts import PartReader
from observatory.store.queries import filter_indicators, select_newest, select_observations, select_published
from observatory.store.records import (
    StoredCall,
    Vintage,
    VintageBatch,
    build_forecast,
    build_vintage,
    format_timestamp,
)
from observatory.store.refreshes import Refreshes
from observatory.store.shared_state import SharedState
from observatory.store.uploads import Uploads
from observatory.store.vintage_rows import build_rows, ensure_series, insert_vintage
from observatory.timeseries import Forecast, SeriesKey, StoredObservation


class Store:
    """An open store. Every method raises StoreError, with a sentence, where the database cannot be used."""

    def __init__(self, address: str, clock: Clock = system_clock) -> None:
        self.address = name_store(address)  # for error messages: the path of the file, or the address of the database
        self._engine, self._file = open_engine(address)
        weakref.finalize(self, self._engine.dispose)  # a store that nobody closed leaves no connection open
        self._readiness = ReadinessCheck()
        self._parts = PartReader(self.address)
        self._clock, self._editions = clock, EditionIndex(())
        self._checked: Any = None  # the change of the store for which the editions were looked at
        self.uploads = Uploads(self._engine, self.address, clock)
        self.keys = AnalystKeys(self._engine, self.address, clock)
        self.refreshes = Refreshes(self._engine, self.address)
        self.notes = Notes(self._engine, self.address, clock)
        self.shared = SharedState(self._engine, self.address, clock)

    def close(self) -> None:
        """Closes all connections."""
        self._engine.dispose()

    def is_replaced(self) -> bool:
        """Whether another store is in the place of the one that was opened, or none, or it has got another content."""
        change = self._file.read_change()
        if change != self._checked and not self._file.is_replaced():
            with suppress(StoreError):
                self.editions()  # looks whether what was published before is still there
                self._checked = change
        return self._file.is_replaced()

    def find_faults(self) -> list[StoreFault]:
        """All that is wrong with the store: damage, absent triggers, changed editions. Reads all of it."""
        with translate_errors(self.address), self._engine.connect() as connection:
            return find_faults(connection, self._clock(), self.address)

    def require_sound(self) -> None:
        """Raises StoreError for what a quick look finds: absent triggers, an edition that was changed."""
        with translate_errors(self.address), self._engine.connect() as connection:
            self._readiness.require_sound(connection, self._file.read_change(), self.address)

    def summarise_digests(self) -> tuple[int, str]:
        """The number of editions, and the digest of the newest one, which depends on all before it."""
        with translate_errors(self.address), self._engine.connect() as connection:
            editions, known = list_editions(connection), load_digests(connection)
            return len(editions), known.get(editions[-1], "") if editions else ""

    def initialise(self) -> None:
        """Makes the tables and triggers that are absent, and the digests of editions that have none."""
        with translate_errors(self.address):
            create_schema(self._engine)
        self.record_digests()

    def record_digests(self) -> None:
        """Stores the digests of the editions that have none; writes nothing if all have one."""
        with translate_errors(self.address), self._engine.connect() as connection:
            if load_digests(connection).keys() >= set(list_editions(connection)):
                return
        with translate_errors(self.address), write_transaction(self._engine) as connection:
            record_digests(connection, PartReader(self.address))

    def discard_old_logs(self) -> None:
        """After closing a store that was replaced: removes what SQLite would apply to the file in its place."""
        self._file.discard_old_logs()

    # -- reading ----------------------------------------------------------------------------------------------

    def vintages(self) -> tuple[Vintage, ...]:
        """The published vintages, oldest first."""
        return self.editions().rows

    def editions(self) -> EditionIndex:
        """The published vintages by number and moment: read once for each publication, not for each request."""
        known = self._editions
        with translate_errors(self.address), self._engine.connect() as connection:
            return self._load_editions(connection, known)

    def _load_editions(self, connection: Connection, known: EditionIndex) -> EditionIndex:
        """The index that is known while nothing newer is stored, else one read anew.

        Raises StoreError if a vintage that was known before is gone: the file is another one.
        """
        number, query = schema.publications.c.vintage, select_published()
        row = connection.execute(query.order_by(number.desc()).limit(1)).mappings().first()
        if known.last_stored is not None and row is not None and build_vintage(row) == known.last_stored:
            return known
        rows = connection.execute(query.order_by(schema.vintages.c.at, schema.vintages.c.id)).mappings()
        editions = EditionIndex([build_vintage(row) for row in rows])
        if any(editions.by_number.get(row.id) != row for row in known.rows):
            self._file.is_suspect = True
            raise StoreError("error.store.replaced", path=self.address)
        self._editions = editions
        return editions

    def find_vintage(self, moment: datetime | None = None) -> Vintage | None:
        """The newest vintage published at a moment (None: now); None if there was none yet."""
        editions = self.editions()
        return editions.newest if moment is None else editions.find(moment)

    def observations(self, vintage: Vintage, indicators: Iterable[str] | None = None) -> list[StoredObservation]:
        """All observations as of a vintage, by series and period; withdrawn ones are left out."""
        table, names = schema.observations, schema.series
        indicators = None if indicators is None else tuple(indicators)
        newest = select_newest(table, vintage.id, table.c.series, table.c.period, indicators=indicators)
        query = (
            select(names.c.indicator, names.c.geo, names.c.item, table.c.period, table.c.value)
            .join(newest, and_(*(newest.c[key] == table.c[key] for key in ("series", "period", "vintage"))))
            .join(names, names.c.id == table.c.series)
            .where(table.c.value.is_not(None))
            .order_by(names.c.indicator, names.c.geo, names.c.item, table.c.period)
        )
        with translate_errors(self.address), self._engine.connect() as connection:
            return [StoredObservation(*row) for row in connection.execute(filter_indicators(query, indicators))]

    def changed_observations(self, vintage: Vintage) -> list[tuple[SeriesKey, str, float | None]]:
        """The observations of a vintage itself: series, period and value (None withdraws), in their order."""
        query = select_observations().where(schema.observations.c.vintage == vintage.id)
        with translate_errors(self.address), self._engine.connect() as connection:
            return [((row[0], row[1], row[2]), row[3], row[4]) for row in connection.execute(query)]

    def observation_changes(self, indicators: Iterable[str]) -> list[tuple[int, SeriesKey, str, float | None]]:
        """What each published vintage, oldest first, wrote to some indicators; a value of None withdraws one."""
        number = schema.observations.c.vintage
        query = select_observations(number).where(number.in_(select(schema.publications.c.vintage)))
        with translate_errors(self.address), self._engine.connect() as connection:
            rows = connection.execute(filter_indicators(query, indicators))
            return [(row[0], (row[1], row[2], row[3]), row[4], row[5]) for row in rows]

    def facts(self, vintage: Vintage) -> dict[str, dict[str, Any]]:
        """The facts of all indicators and know-how as of a vintage; those that were withdrawn are left out."""
        table = schema.indicators
        newest = select_newest(table, vintage.id, table.c.indicator)
        query = select(table.c.indicator, table.c.facts).join(
            newest, and_(newest.c.indicator == table.c.indicator, newest.c.vintage == table.c.vintage)
        )
        with translate_errors(self.address), self._engine.connect() as connection:
            facts_by_name = {name: json.loads(text) for name, text in connection.execute(query)}
            facts_by_name = read_legacy_knowhow(connection, vintage.id) | facts_by_name
            return {name: facts for name, facts in facts_by_name.items() if facts is not None}

    def changed_facts(self, vintage: Vintage) -> dict[str, dict[str, Any] | None]:
        """The facts of a vintage itself (None withdraws an indicator or a know-how)."""
        table = schema.indicators
        query = select(table.c.indicator, table.c.facts).where(table.c.vintage == vintage.id)
        with translate_errors(self.address), self._engine.connect() as connection:
            return {name: json.loads(text) for name, text in connection.execute(query)}

    def newest_facts(self) -> dict[str, dict[str, Any]]:
        """The newest facts of every indicator that was ever published, withdrawn or not."""
        table = schema.indicators
        query = (
            select(table.c.indicator, table.c.facts)
            .where(table.c.vintage.in_(select(schema.publications.c.vintage)), table.c.facts != "null")
            .order_by(table.c.vintage)
        )
        with translate_errors(self.address), self._engine.connect() as connection:
            return {name: json.loads(text) for name, text in connection.execute(query)}

    def forecasts(self, vintage: Vintage, indicators: Iterable[str] | None = None) -> dict[SeriesKey, Forecast]:
        """The forecasts of all series as stored by the newest vintage that made one for each."""
        table, names = schema.forecasts, schema.series
        newest = select_newest(table, vintage.id, table.c.series)
        at_newest = and_(newest.c.series == table.c.series, newest.c.vintage == table.c.vintage)
        heads = select(names.c.indicator, names.c.geo, names.c.item, table).join(newest, at_newest)
        heads = filter_indicators(heads.join(names, names.c.id == table.c.series), indicators)
        with translate_errors(self.address), self._engine.connect() as connection:
            paths = load_paths(connection, self._parts, newest, indicators)
            return {
                (row["indicator"], row["geo"], row["item"]): build_forecast(row, paths.get(row["series"], []))
                for row in connection.execute(heads).mappings()
            }

    def calls(self, vintage: Vintage) -> tuple[StoredCall, ...]:
        """The calls that a vintage published."""
        table = schema.calls
        query = select(table.c.segment, table.c.horizon, table.c.call, table.c.details)
        with translate_errors(self.address), self._engine.connect() as connection:
            rows = connection.execute(query.where(table.c.vintage == vintage.id)).all()
            texts = self._parts.resolve(connection, [row.details for row in rows])
            return tuple(
                StoredCall(row.segment, row.horizon, row.call, json.loads(text))
                for row, text in zip(rows, texts, strict=True)
            )

    def verdicts(self) -> list[tuple[int, str, int, str]]:
        """The verdicts of all published vintages, oldest first: vintage, segment, horizon, call."""
        table = schema.calls
        query = (
            select(table.c.vintage, table.c.segment, table.c.horizon, table.c.call)
            .where(table.c.vintage.in_(select(schema.publications.c.vintage)))
            .order_by(table.c.vintage, table.c.segment, table.c.horizon)
        )
        with translate_errors(self.address), self._engine.connect() as connection:
            return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]

    def replay(self, vintage: Vintage) -> dict[str, Any]:
        """The study of a vintage as stored, without the know-how of version-2 stores; empty if it has none."""
        table = schema.replays
        with translate_errors(self.address), self._engine.connect() as connection:
            text = connection.execute(select(table.c.details).where(table.c.vintage == vintage.id)).scalar()
            (text,) = self._parts.resolve(connection, [text or "{}"])
            study = cast(dict[str, Any], json.loads(text))
            return {name: part for name, part in study.items() if name != STUDY_KNOWHOW_KEY}

    def count_changes(self, numbers: Sequence[int] | None = None) -> dict[int, tuple[int, int, int]]:
        """Counts by vintage (of some, else of all): values, withdrawn values, series."""
        table = schema.observations
        values, rows = func.count(table.c.value), func.count()
        query = select(table.c.vintage, values, rows - values, func.count(table.c.series.distinct()))
        query = query if numbers is None else query.where(table.c.vintage.in_(numbers))
        with translate_errors(self.address), self._engine.connect() as connection:
            return {row[0]: (row[1], row[2], row[3]) for row in connection.execute(query.group_by(table.c.vintage))}

    def count_fact_changes(self, prefix: str, numbers: Sequence[int] | None = None) -> dict[int, int]:
        """The number of facts under a prefix published or withdrawn, by vintage (of some, else of all).

        Vintages without any are left out.
        """
        table = schema.indicators
        query = select(table.c.vintage, func.count()).where(table.c.indicator.startswith(prefix))
        query = query if numbers is None else query.where(table.c.vintage.in_(numbers))
        with translate_errors(self.address), self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.vintage))}

    # -- writing ----------------------------------------------------------------------------------------------

    def publish(
        self,
        batch: VintageBatch,
        parent: int | None,
        forecasts: Sequence[Forecast],
        calls: Sequence[StoredCall],
        study: Mapping[str, Any],
        key: int | None = None,
    ) -> Vintage:
        """Stores a vintage with its forecasts, calls and study in one transaction, all or nothing.

        Raises ConflictError if the newest vintage is no longer `parent`, and StoreError if the analyst's `key` that
        the writer signed in with has been revoked: both are looked up under the lock of this very write.
        """
        with translate_errors(self.address), self._engine.connect() as connection:
            packed = pack_edition(connection, self._parts, parent, forecasts, calls, study)
        with translate_errors(self.address), write_transaction(self._engine) as connection:
            if key is not None:
                require_active_key(connection, key)
            head = self._load_editions(connection, self._editions).newest
            if (None if head is None else head.id) != parent:
                raise ConflictError("error.store.conflict", draft=parent or 0, head=head.id if head else 0)
            if head is not None:
                batch = replace(batch, facts={**read_legacy_knowhow(connection, head.id), **batch.facts})
            recorded = format_timestamp(self._clock())
            vintage = insert_vintage(connection, batch, head, recorded)
            keys = {row[0] for row in batch.observations} | {forecast.key for forecast in forecasts}
            ids = ensure_series(connection, keys)
            for table, rows in build_rows(vintage.id, batch, forecasts, calls, packed, ids):
                if rows:
                    connection.execute(insert(table), rows)
            record_digests(connection, self._parts, vintage.id)
            # Last, since this row makes the vintage visible.
            connection.execute(insert(schema.publications).values(vintage=vintage.id, recorded=recorded))
            return vintage
