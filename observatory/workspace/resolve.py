"""What an address asks for: its selection, and the outlook that answers it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from observatory import selection as selections
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT, Notice, Selection
from observatory.workspace.workspace import Workspace, reconstructed

Query = Mapping[str, Sequence[str] | str]


def asked(
    workspace: Workspace, query: Query, default: Selection = DEFAULT
) -> tuple[Selection, tuple[Notice, ...], Outlook]:
    """The selection of a query, what of it could not be used, and the outlook.

    A query that pins an edition is read as that edition would have read it: an indicator that has moved to another
    market since is still found where the link says.
    """
    watched = workspace.watched()
    chosen, notices = selections.read(query, watched, default)
    outlook = workspace.outlook_of(chosen)
    if chosen.asof:
        then = replace(watched, indicators={**watched.indicators, **outlook.catalogue.indicators})
        chosen, notices = selections.read(query, then, default)
    return chosen, notices, outlook


def rebuilding(workspace: Workspace, selection: Selection) -> bool:
    """Whether a selection asks for a month that must be reconstructed, which is some seconds the first time."""
    moment = selection.moment()
    if moment is None:
        return False
    published = workspace.store.vintages()
    return bool(published) and reconstructed(moment, published[0]) is not None
