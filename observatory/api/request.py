"""A request as what it asks for: the edition or month that `asof` names, then the rest of its parameters."""

from collections.abc import Sequence
from dataclasses import replace

from observatory import selection as selections
from observatory.api import parameters
from observatory.api.models import Address, Asked, Desk, Problem
from observatory.outlook.outlook import Outlook
from observatory.outlook.time_machine import EARLIEST_MONTH
from observatory.workspace import Workspace, find_reconstruction_month


def asked_for(desk: Desk, address: Address, pairs: Sequence[tuple[str, str]], site: str) -> Asked:
    """The request, read and checked. Raises Problem, or StoreError where the store cannot be read."""
    given = parameters.single(pairs, address)
    workspace = desk.opened()
    newest = workspace.get_outlook()
    outlook, pinned = newest, False
    if "asof" in given:
        chosen, wrong = selections.parse_selection({"asof": given["asof"]}, newest.catalogue)
        if wrong:
            raise parameters.bad(parameters.ASOF_PARAMETER, given["asof"], newest.catalogue)
        outlook, pinned = as_of(desk, workspace, chosen)
    # A code that exists today and did not exist then is no error of the one who asks: there is nothing to be found.
    codes = replace(newest.catalogue, indicators={**outlook.catalogue.indicators, **newest.catalogue.indicators})
    selection, nowhere = parameters.selected(given, codes, address)
    asked = Asked(address.path, workspace, outlook, pinned, selection, given, site, nowhere=nowhere)
    return parameters.with_own(asked, address)


def as_of(desk: Desk, workspace: Workspace, chosen: selections.Selection) -> tuple[Outlook, bool]:
    """The outlook of an `asof`, and whether it is an edition named by its number.

    A day is not enough for that: what is published later on the same day changes it, and the store lets an edition be
    dated before the moment at which it was recorded.
    """
    number, moment, published = chosen.edition_number(), chosen.pinned_moment(), workspace.store.vintages()
    if number is not None:
        if number not in {row.id for row in published}:
            raise Problem(404, "no_edition", number=number, last=published[-1].id)
        return workspace.get_outlook_by_number(number), True
    first = published[0]
    if moment is None or moment >= first.at:
        return workspace.get_outlook(moment), False
    if find_reconstruction_month(moment, first) is None:
        raise Problem(404, "too_early", asof=chosen.asof, first=EARLIEST_MONTH // 12)
    if not desk.rebuilding.acquire(blocking=False):
        raise Problem(429, "rebuilding", seconds=5)
    try:
        return workspace.get_outlook(moment), False
    finally:
        desk.rebuilding.release()
