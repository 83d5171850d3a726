"""Vintages, append-only: SQLite in WAL mode behind SQLAlchemy Core, which lives in this room and nowhere else."""
