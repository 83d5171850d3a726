"""The one door for pages, API and command line: opens settings, catalogue and store, examines, publishes, undoes."""

from observatory.workspace.access import Access, Identity, Pass
from observatory.workspace.asking import Query, asked, rebuilding
from observatory.workspace.curated import check, curated_reports
from observatory.workspace.opening import Workspace, opened, reconstructed, standing
from observatory.workspace.publishing import Prepared, Progress, silent
from observatory.workspace.uploading import Preview

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
