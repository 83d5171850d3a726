"""Answers of publishers kept beside the store: those of a run that is under way, and the last three of each address."""

import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from observatory.catalogue.recipes import RefreshRecipe
from observatory.clock import Clock
from observatory.errors import StoreError
from observatory.sources.collection import Fetcher
from observatory.sources.model import Answer, Request
from observatory.sources.retry import Limits
from observatory.store.records import format_timestamp
from observatory.store.refreshes import RefreshReport

MAX_KEPT_ANSWERS = 3  # of one address: INSEE and Eurostat serve only today's version
MAX_RESUMED_HOURS = 24  # older answers are asked for again
_ENDING = ".gz"
_UNREADABLE = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class KeptAnswer:
    """An answer in a file: the run that fetched it, and when. No key of a user is in it."""

    path: Path
    run: str
    moment: str
    answer: Answer
    recipes: Mapping[str, str]  # fingerprints by indicator


@dataclass(frozen=True)
class RunOptions:
    """What a run was asked for; a run that takes it up does the same."""

    sources: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journal:
    """The folder of a run that is under way: what it was asked for, and each answer as soon as it is whole."""

    folder: Path
    started: datetime
    options: RunOptions = field(default_factory=RunOptions)
    recipes: Mapping[str, str] = field(default_factory=dict)  # fingerprints by indicator

    @property
    def run(self) -> str:
        """The name of the run."""
        return self.folder.name

    def save(self, answer: Answer, moment: datetime) -> None:
        """Keeps an answer."""
        name = self.folder / f"{_hash_request(answer.request)}{_ENDING}"
        _write_whole(name, _pack(answer, moment, self.recipes))

    def find(self, request: Request) -> Answer | None:
        """The answer to a request, if it has been fetched already."""
        kept = _read(self.folder / f"{_hash_request(request)}{_ENDING}", self.run)
        return kept.answer if kept is not None and kept.answer.request == request else None


class RecordingClient:
    """Sends requests through a client, and keeps answers in a journal; what is there already is not asked again."""

    def __init__(self, client: Fetcher, journal: Journal, clock: Clock) -> None:
        self._client, self._journal, self._clock = client, journal, clock

    @property
    def limits(self) -> Limits:
        """Those of the client."""
        return self._client.limits

    def fetch(self, request: Request, previous: Answer | None = None) -> Answer | None:
        """The answer in the journal, else that of the client. Raises SourceError."""
        kept = self._journal.find(request)
        if kept is not None:
            return kept
        answer = self._client.fetch(request, previous)
        if answer is not None:
            self._journal.save(answer, self._clock())
        return answer


class AnswerArchive:
    """The folder of answers beside a store: `runs` for runs under way, `answers` by host and address."""

    def __init__(self, folder: Path) -> None:
        self._runs, self._answers = folder / "runs", folder / "answers"

    def begin(self, started: datetime, options: RunOptions, taken: Container[str] = ()) -> Journal:
        """The journal of a new run, under a name that no run has; what an interrupted one has left is removed."""
        shutil.rmtree(self._runs, ignore_errors=True)
        moment = started
        while (name := name_run(moment)) in taken:
            moment += timedelta(seconds=1)
        folder = self._runs / name
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise StoreError("error.store.folder", path=str(folder), why=error.strerror or str(error)) from error
        values = {"started": format_timestamp(started), "sources": options.sources, "indicators": options.indicators}
        _write_whole(folder / "run.json", json.dumps(values).encode())
        return Journal(folder, started, options)

    def find_interrupted(self, now: datetime) -> Journal | None:
        """The journal of the newest run that was interrupted, if it is not too old to be taken up."""
        for folder in sorted(self._runs.glob("*"), reverse=True):
            try:
                values = json.loads((folder / "run.json").read_bytes())
                options = RunOptions(tuple(values["sources"]), tuple(values["indicators"]))
                started = datetime.fromisoformat(values["started"])
            except _UNREADABLE:
                continue
            return Journal(folder, started, options) if now - started <= timedelta(hours=MAX_RESUMED_HOURS) else None
        return None

    def finish(self, journal: Journal, report: RefreshReport) -> None:
        """Files the answers of a run, and ends it. Bytes that are there already only get the name of the run.

        What nothing could be read from is dropped: a week of error pages must not push out the figures before them.
        """
        read = {row.indicator for row in report.indicators if row.state != "failed"}
        for path in sorted(journal.folder.glob(f"*{_ENDING}")):
            kept = _read(path, journal.run)
            if kept is None or not read.intersection(kept.answer.request.serves):
                continue
            folder = self._answers / kept.answer.request.host / path.name.removesuffix(_ENDING)
            folder.mkdir(parents=True, exist_ok=True)
            former = _read_newest(folder)
            path.replace(folder / f"{journal.run}{_ENDING}")
            if former is not None and former.answer.digest == kept.answer.digest and former.run != journal.run:
                former.path.unlink(missing_ok=True)
            for extra in sorted(folder.glob(f"*{_ENDING}"))[:-MAX_KEPT_ANSWERS]:
                extra.unlink(missing_ok=True)
        shutil.rmtree(journal.folder, ignore_errors=True)

    def read_published(self, reports: Sequence[RefreshReport], recipes: Mapping[str, str]) -> dict[Request, Answer]:
        """The newest answer to each request; it serves the indicators whose published figures were read from it.

        That is what the reports of the store say: a run that it does not know (it was restored from a backup), or a
        recipe that has changed since, leaves an indicator out.
        """
        states = {report.run: {row.indicator: row.state for row in report.indicators} for report in reports}
        published: dict[Request, Answer] = {}
        for folder in self._answers.glob("*/*"):
            kept = _read_newest(folder)
            known = states.get(kept.run, {}) if kept is not None else {}
            if kept is not None and known:
                request = kept.answer.request
                serves = tuple(
                    name
                    for name in request.serves
                    if known.get(name) in ("fresh", "unchanged") and kept.recipes.get(name) == recipes.get(name)
                )
                if serves:
                    published[request] = replace(kept.answer, request=replace(request, serves=serves))
        return published

    def list_kept(self) -> list[KeptAnswer]:
        """All answers that are kept, oldest first for each address."""
        return [kept for folder in sorted(self._answers.glob("*/*")) for kept in _list_kept(folder)]


def name_run(started: datetime) -> str:
    """The name of a run that started at a moment; names are in the order of runs."""
    return started.strftime("%Y%m%dT%H%M%SZ")


def _read_newest(folder: Path) -> KeptAnswer | None:
    rows = (_read(path, path.name.removesuffix(_ENDING)) for path in sorted(folder.glob(f"*{_ENDING}"), reverse=True))
    return next((row for row in rows if row is not None), None)


def _list_kept(folder: Path) -> list[KeptAnswer]:
    rows = (_read(path, path.name.removesuffix(_ENDING)) for path in sorted(folder.glob(f"*{_ENDING}")))
    return [row for row in rows if row is not None]


def hash_recipe(recipe: RefreshRecipe) -> str:
    """The fingerprint of a recipe: figures read with another one are not those of this one."""
    return hashlib.sha256(repr(recipe).encode()).hexdigest()[:16]


def _hash_request(request: Request) -> str:
    identity = [request.host, request.path, list(request.params), request.accept]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:24]


def _pack(answer: Answer, moment: datetime, recipes: Mapping[str, str]) -> bytes:
    """An answer as a file: a line of JSON that says where it comes from, then the body, compressed."""
    request = answer.request
    head = {
        "host": request.host,
        "path": request.path,
        "params": request.params,
        "accept": request.accept,
        "is_optional": request.is_optional,
        "serves": request.serves,
        "moment": format_timestamp(moment),
        "status": answer.status,
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "is_framed": answer.is_framed,
        "sha256": answer.digest,
        "recipes": {name: recipes.get(name, "") for name in request.serves},
    }
    return gzip.compress(json.dumps(head).encode() + b"\n" + answer.content, compresslevel=6, mtime=0)


def _read(path: Path, run: str) -> KeptAnswer | None:
    """The answer in a file; None if there is none, or if the file is damaged."""
    try:
        line, _newline, content = gzip.decompress(path.read_bytes()).partition(b"\n")
        head = json.loads(line)
        params = tuple((name, value) for name, value in head["params"])
        request = Request(
            head["host"], head["path"], params, head["accept"], head["is_optional"], tuple(head["serves"])
        )
        answer = Answer(request, content, head["status"], head["etag"], head["last_modified"], head["is_framed"])
        is_whole = answer.digest == head["sha256"]
        return KeptAnswer(path, run, head["moment"], answer, head["recipes"]) if is_whole else None
    except _UNREADABLE:
        return None


def _write_whole(path: Path, content: bytes) -> None:
    """Writes a file under another name first, so that it is whole or absent."""
    partial = path.with_suffix(".part")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)  # noqa: PTH105 - as Path.replace
    except OSError as error:
        raise StoreError("error.store.folder", path=str(path.parent), why=error.strerror or str(error)) from error
