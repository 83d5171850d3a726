"""The one door for pages, API and command line: opens settings, catalogue and store, examines, publishes, undoes."""

from observatory.workspace.access import Access, Identity, Pass
from observatory.workspace.curated import check, curated_reports
from observatory.workspace.drafts import Preview
from observatory.workspace.editions import Prepared, Progress, silent
from observatory.workspace.resolve import Query, asked, rebuilding
from observatory.workspace.workspace import Workspace, opened, reconstructed, standing

__all__ = [
    "Access",
    "Identity",
    "Pass",
    "Prepared",
    "Preview",
    "Progress",
    "Query",
    "Workspace",
    "asked",
    "check",
    "curated_reports",
    "opened",
    "rebuilding",
    "reconstructed",
    "silent",
    "standing",
]
