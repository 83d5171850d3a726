"""Held results: files that wait as drafts on the page of publications, one an indicator."""

from collections.abc import Mapping
from typing import Any

from observatory.store.uploads import UploadDraft
from observatory.workspace.access import AnalystSession
from observatory.workspace.refreshing.evaluation import CHOICES, Evaluated, Evaluation, write_csv
from observatory.workspace.workspace import Workspace

REFRESH_NAME = "observatory refresh"  # who publishes and sends drafts
_HELD = "held-"
_COLLECTED = "collected-"


def name_collected_file(run: str) -> str:
    """The name of the file that a run publishes."""
    return f"{_COLLECTED}{run}.csv"


def receive_held(
    workspace: Workspace, evaluation: Evaluation, session: AnalystSession
) -> dict[str, UploadDraft | None]:
    """The draft of each held indicator; None where an analyst has discarded the same figures, or there are none.

    The same figures are one draft, however many runs bring them; others take its place.
    """
    open_drafts = {row.name: row for row in workspace.store.uploads.list_open_drafts() if row.who == REFRESH_NAME}
    drafts: dict[str, UploadDraft | None] = {}
    for row in evaluation.rows:
        name = f"{_HELD}{row.recipe.indicator}.csv"
        if row.state == "held" and row.comparison is not None and row.comparison.has_changes:
            if is_discarded(workspace, row):
                continue
            changes = row.comparison.list_changes()
            about = {k: v for k, v in evaluation.about.items() if k == row.recipe.indicator}
            drafts[row.recipe.indicator] = _receive(
                workspace, name, write_csv(changes), about, open_drafts.get(name), session
            )
        elif name in open_drafts and row.state in ("fresh", "unchanged"):
            workspace.discard(open_drafts[name], session)  # what is published now has overtaken it
    return drafts


def is_discarded(workspace: Workspace, row: Evaluated) -> bool:
    """Whether an analyst has discarded the very figures of a held indicator."""
    if row.comparison is None or not row.comparison.has_changes:
        return False
    return workspace.store.uploads.was_discarded(write_csv(row.comparison.list_changes()), but_not_by=REFRESH_NAME)


def discard_leftovers(workspace: Workspace, session: AnalystSession) -> None:
    """Discards the drafts of runs that were interrupted before they published."""
    for draft in workspace.store.uploads.list_open_drafts():
        if draft.who == REFRESH_NAME and draft.name.startswith(_COLLECTED):
            workspace.discard(draft, session)


def _receive(
    workspace: Workspace,
    name: str,
    content: bytes,
    about: Mapping[str, Any],
    former: UploadDraft | None,
    session: AnalystSession,
) -> UploadDraft | None:
    if former is not None:
        if workspace.store.uploads.read_file(former.file) == content:
            return former
        workspace.discard(former, session)
    return workspace.receive(name, content, session, CHOICES, about)
