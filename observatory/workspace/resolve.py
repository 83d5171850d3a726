"""Resolution of a URL query to its selection and outlook."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from observatory.outlook import time_machine
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Notice, Selection, parse_selection
from observatory.workspace.outlook_reader import find_reconstruction_month
from observatory.workspace.workspace import Workspace

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
        asof, missing = _check_date(workspace, chosen)
        chosen, notices = replace(chosen, asof=asof), (*notices, *missing)
    return chosen, notices, outlook


def _check_date(workspace: Workspace, chosen: Selection) -> tuple[str, tuple[Notice, ...]]:
    """The `asof` of what is shown, and a notice if that is not what was asked for."""
    number, moment, editions = chosen.edition_number(), chosen.pinned_moment(), workspace.store.editions()
    base, first = chosen.base_edition(), editions.rows[0]
    for named in (number, base):
        if named is not None and named not in editions.by_number:
            return "", (Notice("notice.edition", "asof", str(named), str(editions.rows[-1].id)),)
    record = chosen.notes_record()
    if record is not None and all(row.id != record for row in workspace.store.notes.list_records()):
        return chosen.asof.partition(".")[0], (Notice("notice.notes", "asof", chosen.asof, f"e{number}"),)
    if moment is not None and moment < first.at and find_reconstruction_month(moment, first) is None:
        year = str(time_machine.EARLIEST_MONTH // 12)
        return f"e{first.id}", (Notice("notice.too_early", "asof", chosen.asof, year),)
    is_default = base == first.id or (moment is not None and moment >= first.at)  # there, nothing is rebuilt
    return chosen.asof.partition(".")[0] if is_default else chosen.asof, ()


def list_unknown_editions(workspace: Workspace, chosen: Selection) -> tuple[Notice, ...]:
    """Notices on the editions to compare that a selection names and that were never published."""
    editions = workspace.store.editions()
    named = (("since", chosen.since), ("until", chosen.until))
    return tuple(
        Notice("notice.edition", name, str(number), str(editions.rows[-1].id))
        for name, number in named
        if number and number not in editions.by_number
    )


def prepare_month(workspace: Workspace, query: UrlQuery) -> None:
    """Has the past month that a query asks for reconstructed, if it asks for one. Raises BusyError.

    Called before a turn that others wait for is taken: what takes seconds is then there already.
    """
    chosen, _notices = parse_selection(query, workspace.get_full_catalogue())
    if needs_reconstruction(workspace, chosen):
        workspace.get_selected_outlook(chosen)


def needs_reconstruction(workspace: Workspace, selection: Selection) -> bool:
    """Whether a selection asks for a month that must be reconstructed, which is some seconds the first time."""
    moment = selection.pinned_moment()
    if moment is None:
        return False
    published = workspace.store.vintages()
    return bool(published) and find_reconstruction_month(moment, published[0]) is not None
