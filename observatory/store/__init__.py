"""Append-only store of vintages: SQLite in WAL mode through SQLAlchemy Core, which no other package imports."""
