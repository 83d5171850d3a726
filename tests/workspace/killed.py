"""Publishes again and again in processes that are killed at random moments; says what was confirmed before each end.

Run as a script: `killed.py STORE DATA TIMES SEED`. It forks, so that a hundred publications take seconds, not minutes.
"""

import json
import os
import random
import select
import signal
import sys

from observatory import settings
from observatory.workspace import Workspace

LONGEST = 0.45  # seconds; a publication of three indicators takes about half of it


def publish(store: str, data: str, number: int, report_to: int) -> None:
    """One publication, from the file to the edition; each step is told once it is done."""
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": store, "OBSERVATORY_DATA": data}))
    by = opened.access.open_operator_session("analyste")
    content = f"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,{1000 + number}\n".encode()
    draft = opened.receive(f"{number}.csv", content, by)
    os.write(report_to, json.dumps({"file": draft.file}).encode() + b"\n")
    preview = opened.build_preview(draft)
    assert preview.prepared is not None
    vintage = opened.commit(preview.prepared, by, "")
    os.write(report_to, json.dumps({"vintage": vintage.id, "value": 1000 + number}).encode() + b"\n")


def main(store: str, data: str, times: int, seed: int) -> None:
    """Kills `times` publications; prints what they had confirmed, one JSON value a line, and how they ended."""
    chance = random.Random(seed)
    for number in range(times):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            publish(store, data, number, writing)
            os._exit(0)
        os.close(writing)
        select.select([], [], [], chance.uniform(0, LONGEST))
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        with os.fdopen(reading) as sentence:
            sys.stdout.write(sentence.read())
        sys.stdout.write(json.dumps({"killed": os.WIFSIGNALED(status)}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
