"""The tables of the store and the triggers that make them append-only."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 1  # kept in SQLite's user_version; a store from a newer version is refused, never guessed at

metadata = MetaData()

# A vintage is written as a draft; its row in `publications`, written last, is what makes it visible.
vintages = Table(
    "vintages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer, ForeignKey("vintages.id")),
    Column("at", Text, nullable=False),  # the moment that `as of` compares, ISO 8601 in UTC
    Column("recorded", Text, nullable=False),  # the wall clock when it was written
    Column("who", Text, nullable=False),
    Column("note_fr", Text, nullable=False),
    Column("note_en", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    sqlite_autoincrement=True,
)

publications = Table(
    "publications",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("recorded", Text, nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("indicator", Text, nullable=False),
    Column("geo", Text, nullable=False),
    Column("item", Text, nullable=False),
    UniqueConstraint("indicator", "geo", "item"),
)

# A value of NULL withdraws the observation that an earlier vintage gave.
observations = Table(
    "observations",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("period", Text, primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("value", Float),
    sqlite_with_rowid=False,
)

indicators = Table(
    "indicators",
    metadata,
    Column("indicator", Text, primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("facts", Text, nullable=False),  # JSON
)

# One row a series and vintage that forecast it, even where the answer is "not forecast".
forecasts = Table(
    "forecasts",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("status", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("gain", Float),
    Column("hits", Text, nullable=False),  # JSON, by level
    Column("judged", Integer, nullable=False),
    Column("folds", Integer, nullable=False),
)

forecast_steps = Table(
    "forecast_steps",
    metadata,
    Column("series", Integer, primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("period", Text, primary_key=True),
    *(
        Column(name, Float, nullable=False)
        for name in ("median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95")
    ),
    sqlite_with_rowid=False,
)

calls = Table(
    "calls",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("horizon", Integer, primary_key=True),
    Column("call", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON: probabilities, growth, reasons, criterion, date
)

replays = Table(
    "replays",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("details", Text, nullable=False),  # JSON: the scores of the replayed calls
)

Index("observations_by_vintage", observations.c.vintage)


def triggers() -> list[str]:
    """The statements that make SQLite refuse every update and delete."""
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table.name}'); END"
        for table in metadata.sorted_tables
        for verb in ("UPDATE", "DELETE")
    ]
