"""A request as what it asks for: the edition or month that `asof` names, then the rest of its parameters."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from observatory import selection as selections
from observatory.api import parameters
from observatory.api.nouns import Address, Asked, Desk, Problem
from observatory.outlook.machine import EARLIEST
from observatory.outlook.outlook import Outlook
from observatory.workspace import Workspace

_EDITION = re.compile(r"e([1-9]\d*)", re.ASCII)


def asked_for(desk: Desk, address: Address, pairs: Sequence[tuple[str, str]], site: str) -> Asked:
    """The request, read and checked. Raises Problem, or StoreError where the store cannot be read."""
    given = parameters.single(pairs, address)
    workspace = desk.opened()
    newest = workspace.outlook()
    outlook, pinned = newest, False
    if "asof" in given:
        chosen, wrong = selections.read({"asof": given["asof"]}, newest.catalogue)
        if wrong:
            raise parameters.bad(parameters.ASOF_PARAMETER, given["asof"], newest.catalogue)
        outlook, pinned = as_of(desk, workspace, chosen.asof, chosen.moment())
    # A code that exists today and did not exist then is no error of the one who asks: there is nothing to be found.
    codes = replace(newest.catalogue, indicators={**outlook.catalogue.indicators, **newest.catalogue.indicators})
    selection, nowhere = parameters.selected(given, codes, address)
    asked = Asked(address.path, workspace, outlook, pinned, selection, given, site, nowhere=nowhere)
    return parameters.with_own(asked, address)


def as_of(desk: Desk, workspace: Workspace, text: str, moment: datetime | None) -> tuple[Outlook, bool]:
    """The outlook of an `asof`, and whether it is an edition named by its number.

    A day is not enough for that: what is published later on the same day changes it, and the store lets an edition be
    dated before the moment at which it was recorded.
    """
    number = _EDITION.fullmatch(text)
    if number is not None:
        found = workspace.edition(int(number[1]))
        if found is None:
            raise Problem(404, "no_edition", number=number[1], last=workspace.outlook().number)
        return found, True
    first = workspace.store.vintages()[0]
    if moment is None or moment >= first.at:
        return workspace.outlook(moment), False
    if moment.year * 12 + moment.month - 1 < EARLIEST:
        raise Problem(404, "too_early", asof=text, first=EARLIEST // 12)
    if not desk.rebuilding.acquire(blocking=False):
        raise Problem(429, "rebuilding", seconds=5)
    try:
        return workspace.outlook(moment), False
    finally:
        desk.rebuilding.release()
