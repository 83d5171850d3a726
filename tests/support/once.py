"""What takes long is made once a run: by the worker that comes first, while the others wait."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def make_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, filled by the first process that asks for it; what a run that was stopped left in it is removed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder.with_suffix(".done")
        if not (done.exists() and folder.is_dir()):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def folder_of_run(factory: pytest.TempPathFactory) -> Path:
    """The folder of this run, which its workers share."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
