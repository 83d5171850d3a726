"""Resolution of a URL query to its selection and outlook."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Notice, Selection, parse_selection
from observatory.workspace.workspace import Workspace, find_reconstruction_month

UrlQuery = Mapping[str, Sequence[str] | str]


def resolve_query(
    workspace: Workspace, query: UrlQuery, default: Selection = DEFAULT_SELECTION
) -> tuple[Selection, tuple[Notice, ...], Outlook]:
    """The selection of a query, notices on its unusable parts, and the outlook.

    A query that pins an edition is parsed with the catalogue of that edition: an indicator that has moved to another
    market since then is still found under its old market.
    """
    watched = workspace.get_full_catalogue()
    chosen, notices = parse_selection(query, watched, default)
    outlook = workspace.get_selected_outlook(chosen)
    if chosen.asof:
        then = replace(watched, indicators={**watched.indicators, **outlook.catalogue.indicators})
        chosen, notices = parse_selection(query, then, default)
    return chosen, notices, outlook


def needs_reconstruction(workspace: Workspace, selection: Selection) -> bool:
    """Whether a selection asks for a month that must be reconstructed, which is some seconds the first time."""
    moment = selection.pinned_moment()
    if moment is None:
        return False
    published = workspace.store.vintages()
    return bool(published) and find_reconstruction_month(moment, published[0]) is not None
