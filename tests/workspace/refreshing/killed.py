"""Runs that are killed at random moments, each taken up by the next; says how each ended.

Run as a script: `killed.py STORE DATA BASE TIMES LONGEST SEED`. It forks, so that a run does not wait for imports.
"""

import json
import os
import random
import select
import signal
import sys

from observatory import settings
from observatory.sources.client import Client
from observatory.sources.endpoints import BASE_VARIABLE, resolve_endpoints
from observatory.workspace import Workspace
from observatory.workspace.refreshing.answers import RunOptions
from observatory.workspace.refreshing.run import run_refresh


def refresh(store: str, data: str, base: str) -> None:
    """One run, or the rest of one."""
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": store, "OBSERVATORY_DATA": data}))
    with Client(resolve_endpoints(opened.catalogue.refresh_hosts, {BASE_VARIABLE: base})) as client:
        run_refresh(opened, client, RunOptions(), is_resumed=True)


def main(store: str, data: str, base: str, times: int, longest: float, seed: int) -> None:
    """Kills `times` runs; prints whether each was killed, one JSON value a line."""
    chance = random.Random(seed)
    for number in range(times):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            refresh(store, data, base)
            os._exit(0)
        os.close(writing)
        select.select([reading], [], [], chance.uniform(0.2, 1.0) * longest * (number + 1) / times)
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        os.close(reading)
        sys.stdout.write(json.dumps({"killed": os.WIFSIGNALED(status)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]), int(sys.argv[6]))
