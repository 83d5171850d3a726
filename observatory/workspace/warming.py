"""Warm-up: what every preview reads again is computed in the background, before an analyst asks for the first one."""

import logging
from threading import Lock, Thread

from observatory.store.records import VintageBatch
from observatory.workspace.workspace import Workspace

log = logging.getLogger("observatory.workspace")

_once = Lock()  # taken by the first who asks, for the life of the process


def warm_up(workspace: Workspace) -> Thread | None:
    """Starts the warm-up, once a process; None from then on.

    It is a preview of nothing on the newest edition: `memo` keeps its parts, and a preview that begins meanwhile waits
    for the parts that are being computed instead of computing them too. It holds no lock that a reader takes.
    """
    if not _once.acquire(blocking=False):
        return None
    thread = Thread(target=_prepare_nothing, args=(workspace,), name="warm-up", daemon=True)
    thread.start()
    return thread


def _prepare_nothing(workspace: Workspace) -> None:
    try:
        workspace.prepare(VintageBatch(workspace.now(), "", "", "", "", [], {}))
    except Exception:
        log.exception("the parts of a preview could not be computed before it was asked for")
