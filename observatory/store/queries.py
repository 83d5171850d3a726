"""Queries that several modules of the store share."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select

from observatory.store import schema


def select_published() -> Select[Any]:
    """The published vintages with where they come from."""
    table, origin = schema.vintages, schema.provenance
    joined = table.join(schema.publications, schema.publications.c.vintage == table.c.id)
    return select(table, origin.c.draft, origin.c.reverts).select_from(
        joined.outerjoin(origin, origin.c.vintage == table.c.id)
    )


def select_newest(table: Any, vintage: int, *keys: Any, indicators: Iterable[str] | None = None) -> Any:
    """For each key, the newest published vintage up to one; of the series of some indicators, else of all."""
    visible = table.c.vintage.in_(select(schema.publications.c.vintage))
    query = select(*keys, func.max(table.c.vintage).label("vintage"))
    if indicators is not None:
        names = schema.series
        query = query.where(table.c.series.in_(select(names.c.id).where(names.c.indicator.in_(tuple(indicators)))))
    return query.where(table.c.vintage <= vintage, visible).group_by(*keys).subquery()


def select_observations(*leading: Any) -> Select[Any]:
    """Observations with their series, in the order of series and period; the columns `leading` come first in both."""
    table, names = schema.observations, schema.series
    key = (names.c.indicator, names.c.geo, names.c.item, table.c.period)
    joined = table.join(names, names.c.id == table.c.series)
    return select(*leading, *key, table.c.value).select_from(joined).order_by(*leading, *key)


def filter_indicators(query: Select[Any], indicators: Iterable[str] | None) -> Select[Any]:
    """A query that joins the series, reduced to some indicators."""
    return query if indicators is None else query.where(schema.series.c.indicator.in_(tuple(indicators)))
