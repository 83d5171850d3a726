"""The page for analysts: upload, report, preview, publish, undo."""
