"""The tables of the store and the triggers that make them append-only."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

APPLICATION_ID = 0x0B5E4A70  # SQLite's application_id: a database of another program is refused, never added to
# SQLite's user_version; a store of a newer version is refused, never guessed at; 2 added uploads and keys, and
# 3 facts of know-how, which need no table of their own, 4 reports of refreshes, 5 facts of forecasts of others, which
# an earlier program would take for indicators, 6 notes of the cluster, 7 what several servers share and parts, to which
# later editions refer: a store of version 2 is read as it is.
SCHEMA_VERSION = 7
MIN_READABLE_VERSION = 2


class StoredText(TypeDecorator[str]):
    """Text without U+0000, which PostgreSQL cannot hold: the same is stored in each kind of database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """The text as it is stored or compared."""
        return value.replace("\0", "") if isinstance(value, str) else value


TRIGGER_PREFIX = "CREATE TRIGGER IF NOT EXISTS "
metadata = MetaData()
_TRANSIENT: dict[Any, Any] = {"is_transient": True}  # of a table whose rows go once they are over; a backup has none

# A vintage is written in one transaction with its forecasts and calls; its row in `publications` makes it visible.
vintages = Table(
    "vintages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer, ForeignKey("vintages.id")),
    Column("at", StoredText, nullable=False),  # the moment that `as of` compares, ISO 8601 in UTC
    Column("recorded", StoredText, nullable=False),  # the wall clock when it was written
    Column("who", StoredText, nullable=False),
    Column("note_fr", StoredText, nullable=False),
    Column("note_en", StoredText, nullable=False),
    Column("sha256", StoredText, nullable=False),
    sqlite_autoincrement=True,
)

publications = Table(
    "publications",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("recorded", StoredText, nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("indicator", StoredText, nullable=False),
    Column("geo", StoredText, nullable=False),
    Column("item", StoredText, nullable=False),
    UniqueConstraint("indicator", "geo", "item"),
)

# A value of NULL withdraws the observation that an earlier vintage gave.
observations = Table(
    "observations",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("period", StoredText, primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("value", Float),
    CheckConstraint("value IS NULL OR typeof(value) IN ('real', 'integer')"),
    sqlite_with_rowid=False,
)

# Facts of an indicator or, with a name of its own kind, of a know-how, a forecast of others or its publisher; a JSON
# null withdraws it.
indicators = Table(
    "indicators",
    metadata,
    Column("indicator", StoredText, primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("facts", StoredText, nullable=False),  # JSON
)

# One row per series and vintage, even if the series could not be forecast.
forecasts = Table(
    "forecasts",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("status", StoredText, nullable=False),
    Column("reference", StoredText, nullable=False),
    Column("origin", StoredText, nullable=False),
    Column("points", Integer, nullable=False),
    Column("gain", Float),
    Column("hits", StoredText, nullable=False),  # JSON, by level
    Column("judged", Integer, nullable=False),
    Column("folds", Integer, nullable=False),
)

forecast_steps = Table(
    "forecast_steps",
    metadata,
    Column("series", Integer, primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("period", StoredText, primary_key=True),
    *(
        Column(name, Float, nullable=False)
        for name in ("median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95")
    ),
    sqlite_with_rowid=False,
)

# Long texts of editions, each stored once: by itself, or as the difference from another one (`base`). What is stored
# of it lies in the bundle of the edition that brought it.
parts = Table(
    "parts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sha256", LargeBinary, nullable=False),  # of the text
    Column("base", Integer, ForeignKey("parts.id")),
    Column("depth", Integer, nullable=False),  # how many differences lead to the text
    Column("vintage", Integer, ForeignKey("vintages.id"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("sha256"),
)

# One row an edition, as rows of their own would leave half a page of the file empty each.
bundles = Table(
    "bundles",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("whole", LargeBinary, nullable=False),  # texts, each packed
    Column("changes", LargeBinary, nullable=False),  # differences, packed together
)

# The steps of a forecast, in the place of rows of `forecast_steps`; editions of earlier versions have these.
forecast_parts = Table(
    "forecast_parts",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("part", Integer, ForeignKey("parts.id"), nullable=False),
    sqlite_with_rowid=False,
)

calls = Table(
    "calls",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("segment", StoredText, primary_key=True),
    Column("horizon", Integer, primary_key=True),
    Column("call", StoredText, nullable=False),
    Column("details", StoredText, nullable=False),  # JSON: probabilities, growth, reasons, criterion, date; or its part
)

replays = Table(
    "replays",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("details", StoredText, nullable=False),  # JSON: the study; or its part
)

# Uploaded files byte for byte; they are never deleted, published or not.
files = Table(
    "files",
    metadata,
    Column("sha256", StoredText, primary_key=True),
    Column("name", StoredText, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("who", StoredText, nullable=False),
    Column("recorded", StoredText, nullable=False),
)

# Files to be published. A draft is never changed: a draft that replaces it refers to it.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file", StoredText, ForeignKey("files.sha256"), nullable=False),
    Column("name", StoredText, nullable=False),  # of the file, as uploaded
    Column("who", StoredText, nullable=False),
    Column("recorded", StoredText, nullable=False),
    Column("parent", Integer, ForeignKey("vintages.id"), nullable=False),
    Column("choices", StoredText, nullable=False),  # JSON: the analyst's answers to questions on the file
    Column("about", StoredText, nullable=False),  # JSON: the facts of new indicators
    Column("replaces", Integer, ForeignKey("drafts.id")),
    sqlite_autoincrement=True,
)

discards = Table(
    "discards",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("who", StoredText, nullable=False),
    Column("recorded", StoredText, nullable=False),
)

# Provenance of a vintage that is not curated data: a draft, or the vintage that it undoes.
provenance = Table(
    "provenance",
    metadata,
    Column("vintage", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("draft", Integer, ForeignKey("drafts.id")),
    Column("reverts", Integer, ForeignKey("vintages.id")),
)

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", StoredText, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("recorded", StoredText, nullable=False),
    sqlite_autoincrement=True,
)

revocations = Table(
    "revocations",
    metadata,
    Column("key", Integer, ForeignKey("keys.id"), primary_key=True),
    Column("recorded", StoredText, nullable=False),
)

# Reports of the runs that collected from the publishers.
refreshes = Table(
    "refreshes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", StoredText, nullable=False),
    Column("finished", StoredText, nullable=False),
    Column("edition", Integer, ForeignKey("vintages.id")),
    Column("details", StoredText, nullable=False),  # JSON: the report, its results by source and by indicator
    UniqueConstraint("run"),
    sqlite_autoincrement=True,
)

# The log of the cluster's notes: a row publishes a note, or withdraws one that is published. Rows are dated in their
# order, so that what stood at a moment, or at an edition, is always a beginning of the log.
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", StoredText, nullable=False),  # the moment that `as of` compares, never before that of an earlier row
    Column("recorded", StoredText, nullable=False),
    Column("edition", Integer, ForeignKey("vintages.id"), nullable=False),  # the newest one at that moment
    Column("who", StoredText, nullable=False),
    Column("scope", StoredText, nullable=False),  # whole, segment, country; empty if the row withdraws a note
    Column("code", StoredText, nullable=False),  # of the market or country
    Column("text_fr", StoredText, nullable=False),
    Column("text_en", StoredText, nullable=False),
    Column("name", StoredText, nullable=False),
    Column("role", StoredText, nullable=False),
    Column("day", StoredText, nullable=False),
    Column("link", StoredText, nullable=False),
    Column("withdraws", Integer, ForeignKey("notes.id")),
    Column("reason", StoredText, nullable=False),
    Column("digest", StoredText, nullable=False),  # of this row and of the digest of the row before
    UniqueConstraint("withdraws"),
    CheckConstraint("(scope = '') = (withdraws IS NOT NULL)"),
    sqlite_autoincrement=True,
)

# The digest chain over editions. Those of an earlier version get theirs once they are published already.
digests = Table(
    "digests",
    metadata,
    Column("edition", Integer, ForeignKey("vintages.id"), primary_key=True),
    Column("digest", StoredText, nullable=False),
)

# Sign-ins of analysts. The secret is in the browser's cookie alone.
passes = Table(
    "passes",
    metadata,
    Column("digest", StoredText, primary_key=True),  # sha256 of the secret
    Column("who", StoredText, nullable=False),
    Column("kind", StoredText, nullable=False),  # key, start, identity
    Column("key", Integer, ForeignKey("keys.id")),
    Column("issued", StoredText, nullable=False),
    Column("expires", StoredText, nullable=False),
)

pass_ends = Table(
    "pass_ends",
    metadata,
    Column("digest", StoredText, ForeignKey("passes.digest"), primary_key=True),
    Column("recorded", StoredText, nullable=False),
)

# What a browser exchanges for its cookie, within a minute and once.
tickets = Table(
    "tickets",
    metadata,
    Column("digest", StoredText, primary_key=True),  # sha256 of the ticket
    Column("sealed", LargeBinary, nullable=False),  # the secret of a pass, readable with the ticket alone
    Column("until", Float, nullable=False),  # seconds since 1970
    info=_TRANSIENT,
)

# Attempts to sign in with a key that were wrong, or are being checked.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client", StoredText, nullable=False),  # keyed digest of the address
    Column("at", Float, nullable=False),  # seconds since 1970
    Index("attempts_by_client", "client"),
    info=_TRANSIENT,
    sqlite_autoincrement=True,
)

# What clients have taken of their rate limit, by the server that granted it.
rate_counts = Table(
    "rate_counts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("server", StoredText, nullable=False),
    Column("client", StoredText, nullable=False),  # keyed digest of the address
    Column("tokens", Float, nullable=False),
    Column("at", Float, nullable=False),  # seconds since 1970
    info=_TRANSIENT,
    sqlite_autoincrement=True,
)

# Work that one server at a time may do; whoever does it renews the lease.
leases = Table(
    "leases",
    metadata,
    Column("name", StoredText, primary_key=True),
    Column("holder", StoredText, nullable=False),
    Column("until", Float, nullable=False),  # seconds since 1970
    Column("is_finished", Boolean, nullable=False),
    info=_TRANSIENT,
)

# The key of the digests of addresses: one row.
digest_keys = Table(
    "digest_keys",
    metadata,
    Column("name", StoredText, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    info=_TRANSIENT,
)

Index("observations_by_vintage", observations.c.vintage)


def is_transient(table: Table) -> bool:
    """Whether the rows of a table go once they are over; those of all others never change and never go."""
    return "is_transient" in table.info


def list_append_only_tables() -> list[Table]:
    """The tables whose rows never change and never go."""
    return [table for table in metadata.sorted_tables if not is_transient(table)]


def list_transient_tables() -> list[Table]:
    """The tables whose rows go once they are over."""
    return [table for table in metadata.sorted_tables if is_transient(table)]


def build_triggers() -> list[str]:
    """The statements of the triggers that make SQLite reject every change of existing rows.

    No update, no delete; no insert that replaces a row; nothing new in a published vintage; no publication of a
    vintage that is absent or whose calls are not stored yet.
    """
    statements = []
    for table in list_append_only_tables():
        statements += [_build_trigger(table.name, f"no_{verb.lower()}", verb, "") for verb in ("UPDATE", "DELETE")]
        for number, columns in enumerate(_unique_columns(table)):
            same = " AND ".join(f"{name} = NEW.{name}" for name in columns)
            exists = f"SELECT 1 FROM {table.name} WHERE {same}"  # noqa: S608 - names of our own columns
            statements.append(_build_trigger(table.name, f"no_replace_{number}", "INSERT", exists))
        if "vintage" in table.c and table is not publications:
            statements.append(
                _build_trigger(
                    table.name, "no_addition", "INSERT", "SELECT 1 FROM publications WHERE vintage = NEW.vintage"
                )
            )
    whole = (
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM vintages JOIN replays ON replays.vintage = id WHERE id = NEW.vintage)"
    )
    return [*statements, _build_trigger("publications", "only_whole", "INSERT", whole)]


def _unique_columns(table: Table) -> list[list[str]]:
    """The sets of columns whose values no two rows share."""
    keys = [[column.name for column in table.primary_key.columns]]
    keys += [[column.name for column in row.columns] for row in table.constraints if isinstance(row, UniqueConstraint)]
    return keys


def _build_trigger(table: str, name: str, verb: str, condition: str) -> str:
    when = f"WHEN EXISTS ({condition}) " if condition else ""
    return (
        f"{TRIGGER_PREFIX}{table}_{name} BEFORE {verb} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
    )
