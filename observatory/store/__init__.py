"""Vintages, append-only: SQLite in WAL mode through SQLAlchemy Core, which no other package imports."""
