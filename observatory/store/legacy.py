"""Know-how of version-2 stores, in which it is a part of each vintage's study: read from there as facts."""

import json
from typing import Any

from sqlalchemy import Connection, func, select

from observatory.catalogue.codec import KNOWHOW_PREFIX
from observatory.store import schema

STUDY_KNOWHOW_KEY = "knowhow"


def read_legacy_knowhow(connection: Connection, vintage: int) -> dict[str, dict[str, Any]]:
    """The know-how of a vintage of such a store as facts; nothing where facts of know-how are there.

    Whatever is published on top of such a vintage takes them over, so that no later one has to look this far back.
    """
    facts, studies = schema.indicators, schema.replays
    with_facts = (
        select(facts.c.vintage).where(facts.c.indicator.startswith(KNOWHOW_PREFIX), facts.c.vintage <= vintage).limit(1)
    )
    if connection.execute(with_facts).first() is not None:
        return {}
    text = connection.execute(
        select(func.json_extract(studies.c.details, f"$.{STUDY_KNOWHOW_KEY}")).where(
            studies.c.vintage == vintage,
            studies.c.details.startswith("{"),  # else it refers to a part
        )
    ).scalar()
    rows = json.loads(text) if text else []
    return {KNOWHOW_PREFIX + row["id"]: {"rank": rank, **row} for rank, row in enumerate(rows, 1)}
