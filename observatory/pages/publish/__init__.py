"""Publish page for analysts: upload, report, preview, publication, undo."""
