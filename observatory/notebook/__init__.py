"""Notebooks: `observatory.connect()` gives the figures of a store, a folder or a server as pandas tables and charts."""

from observatory.notebook.answers import QueryError
from observatory.notebook.connection import Connection, connect

__all__ = ["Connection", "QueryError", "connect"]
