"""Collection: the answers that recipes need, sources beside one another, each failing alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import groupby
from time import monotonic
from typing import Protocol

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.connectors import CONNECTORS
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests
from observatory.sources.retry import Limits

_NOT_MODIFIED = 304
_SOURCE_FAULTS = {
    "error.source.unreachable",
    "error.source.too_slow",
    "error.source.forbidden",
    "error.source.key_missing",
}
_SERVER_STATUSES = 429  # and above: too many requests, faults of the server


class Fetcher(Protocol):
    """What requests are sent through: a client, or one that records its answers."""

    @property
    def limits(self) -> Limits:
        """The limits of time and number."""

    def fetch(self, request: Request, previous: Answer | None = None) -> Answer | None:
        """The answer to a request; None if an optional file is not there. Raises SourceError."""


@dataclass(frozen=True)
class Collected:
    """What a recipe got: answers and the figures read from them, or the fault that left it without.

    `seconds` were spent on its source as a whole.
    """

    recipe: RefreshRecipe
    answers: tuple[Answer, ...] = ()
    figures: tuple[DataPoint, ...] = ()
    fault: SourceError | None = None
    is_unchanged: bool = False  # the same answers as before; they were not read again
    seconds: float = 0.0


def collect(
    recipes: Iterable[RefreshRecipe], client: Fetcher, window: Window, previous: Mapping[Request, Answer] | None = None
) -> Iterator[list[Collected]]:
    """What each source gives its recipes, as sources finish. Never raises for what a publisher answers.

    `previous` holds earlier answers; each serves the indicators whose published figures were read from it.
    """
    rows = sorted((recipe for recipe in recipes if recipe.is_machine_readable), key=lambda row: row.host)
    groups = [list(group) for _host, group in groupby(rows, lambda row: row.host)]
    with ThreadPoolExecutor(client.limits.hosts_at_once) as pool:
        tasks = [pool.submit(_collect_source, group, client, window, previous or {}) for group in groups]
        for task in as_completed(tasks):
            yield task.result()


def _collect_source(
    recipes: Sequence[RefreshRecipe], client: Fetcher, window: Window, previous: Mapping[Request, Answer]
) -> list[Collected]:
    answers: dict[str, list[Answer]] = {recipe.indicator: [] for recipe in recipes}
    faults: dict[str, SourceError] = {}
    begin = monotonic()
    ordered = sorted(recipes, key=lambda row: row.connector)
    first = [
        request
        for connector, group in groupby(ordered, lambda row: row.connector)
        for request in CONNECTORS[connector].requests(list(group), window)
    ]
    _fetch_all(first, client, previous, answers, faults)
    further = []
    for recipe in recipes:
        if recipe.indicator not in faults:
            try:
                further += CONNECTORS[recipe.connector].follow(recipe, answers[recipe.indicator])
            except SourceError as fault:
                faults[recipe.indicator] = fault
    _fetch_all(merge_requests(further), client, previous, answers, faults)
    rows = [_read(recipe, answers[recipe.indicator], faults.get(recipe.indicator), previous) for recipe in recipes]
    return [replace(row, seconds=monotonic() - begin) for row in rows]


def _fetch_all(
    requests: Sequence[Request],
    client: Fetcher,
    previous: Mapping[Request, Answer],
    answers: dict[str, list[Answer]],
    faults: dict[str, SourceError],
) -> None:
    """Sends requests one after another; a fault is that of the recipes served, or of all that follow too."""
    lasting: SourceError | None = None
    for request in requests:
        try:
            if lasting is not None:
                raise lasting
            answer = client.fetch(request, previous.get(request))
        except SourceError as fault:
            faults.update(dict.fromkeys(request.serves, fault))
            lasting = fault if _is_lasting(fault) else None
            continue
        if answer is not None:
            for name in request.serves:
                answers[name].append(answer)


def _is_lasting(fault: SourceError) -> bool:
    """Whether a fault is that of the server and not of one request: its further requests are then not sent."""
    status = fault.values.get("status", 0)
    return fault.key in _SOURCE_FAULTS or (isinstance(status, int) and status >= _SERVER_STATUSES)


def _read(
    recipe: RefreshRecipe, answers: Sequence[Answer], fault: SourceError | None, previous: Mapping[Request, Answer]
) -> Collected:
    if fault is not None:
        return Collected(recipe, tuple(answers), fault=fault)
    if answers and all(_is_same(answer, previous.get(answer.request), recipe) for answer in answers):
        return Collected(recipe, tuple(answers), is_unchanged=True)
    try:
        if not answers:
            raise SourceError("error.source.empty")
        return Collected(recipe, tuple(answers), tuple(CONNECTORS[recipe.connector].read(recipe, answers)))
    except SourceError as error:
        return Collected(recipe, tuple(answers), fault=error)


def _is_same(answer: Answer, before: Answer | None, recipe: RefreshRecipe) -> bool:
    """Whether an answer is the one that the published figures of a recipe were read from."""
    if before is None or recipe.indicator not in before.request.serves:
        return False
    return answer.status == _NOT_MODIFIED or answer.digest == before.digest
