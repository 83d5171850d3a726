"""Reports of collections, read once a run."""

from functools import lru_cache

from observatory.store.refreshes import RefreshReport
from observatory.workspace.workspace import Workspace

_MAX_REPORTS = 60  # two months of daily runs


def read_reports(workspace: Workspace) -> tuple[RefreshReport, ...]:
    """The reports of the last runs, the newest first; none before the first run."""
    newest = workspace.store.refreshes.list_last()
    return _read_reports(workspace, newest[0].run) if newest else ()


@lru_cache(maxsize=4)
def _read_reports(workspace: Workspace, _newest_run: str) -> tuple[RefreshReport, ...]:
    return workspace.store.refreshes.list_last(_MAX_REPORTS)
