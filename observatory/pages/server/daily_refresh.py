"""Daily refresh: a run a day in a process of its own, by one of the servers of a store; it ends with that server."""

import asyncio
import json
import logging
import secrets
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from starlette.concurrency import run_in_threadpool

from observatory import workspace
from observatory.clock import Clock, system_clock
from observatory.errors import ObservatoryError
from observatory.store.shared_state import LeaseState

COMMAND = (sys.executable, "-m", "observatory", "refresh", "--yes", "--format", "json")
_LONGEST_SLEEP_SECONDS = 60.0  # the clock is read this often: it may be set, and a laptop may sleep
GRACE_SECONDS = 5.0  # for a run to end when the server does
LEASE_SECONDS = 60.0  # that a run is left to its server without a word from it
LOOK_SECONDS = 20.0  # between two looks of the others
_PROCESS = secrets.token_hex(8)  # this process

log = logging.getLogger("observatory.refresh")

Run = Callable[[datetime], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]


def find_next_slot(now: datetime, at: time, zone: tzinfo | None = None) -> datetime:
    """The next moment at which the local clock shows `at`; `zone` None is that of the machine.

    On the day on which that time does not exist it is an hour later.
    """
    local = now.astimezone(zone)
    for days in range(3):
        naive = datetime.combine(local.date() + timedelta(days=days), at)
        slot = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
        slot = slot.astimezone(now.tzinfo)
        if slot > now:
            return slot
    raise AssertionError("unreachable: the day after tomorrow is later than now")


async def run_daily(
    at: time, run: Run, clock: Clock = system_clock, sleep: Sleep = asyncio.sleep, zone: tzinfo | None = None
) -> None:
    """Calls `run` with the moment of each day's slot, for ever; a run that raises is logged, and the next day comes."""
    slot = find_next_slot(clock(), at, zone)
    while True:
        while (rest := (slot - clock()).total_seconds()) > 0:
            await sleep(min(rest, _LONGEST_SLEEP_SECONDS))
        try:
            await run(slot)
        except Exception:
            log.exception("the collection of %s failed", slot.isoformat())
        slot = find_next_slot(clock(), at, zone)


@dataclass(frozen=True)
class _Lease:
    """The right of one server to make the collection of a slot; a store that cannot be used is left to the run."""

    name: str
    holder: str

    def take(self) -> LeaseState:
        """Takes it, or renews it."""
        try:
            return workspace.get_workspace().store.shared.take_lease(self.name, self.holder, LEASE_SECONDS)
        except ObservatoryError:
            return "taken"

    def finish(self) -> None:
        """Says that the collection was made."""
        with suppress(ObservatoryError):
            workspace.get_workspace().store.shared.finish_lease(self.name, self.holder)

    async def renew(self) -> None:
        """Renews it for ever."""
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            await run_in_threadpool(self.take)


async def run_once(slot: datetime, command: tuple[str, ...] = COMMAND, holder: str = _PROCESS) -> None:
    """Collects in a process of its own, unless a server of the same store has done so since the slot began.

    The server that takes the lease of the slot runs; the others look now and then whether it is done, and one of them
    takes over if the holder has died, as it then no longer renews its lease. A run that is over, however it ended, is
    not made again. The process ends with the task.
    """
    lease = _Lease(f"refresh {slot.astimezone(UTC).isoformat(timespec='seconds')}", holder)
    while not await run_in_threadpool(_has_run_since, slot):
        state = await run_in_threadpool(lease.take)
        if state == "taken":
            await _run_leased(lease, slot, command)
            return
        if state == "finished":
            break
        await asyncio.sleep(LOOK_SECONDS)
    log.info("the collection of %s was made by another server", slot.isoformat())


async def _run_leased(lease: _Lease, slot: datetime, command: tuple[str, ...]) -> None:
    renewal = asyncio.create_task(lease.renew())
    try:
        await _run_process(slot, command)
    finally:
        renewal.cancel()
    await run_in_threadpool(lease.finish)


async def _run_process(slot: datetime, command: tuple[str, ...]) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        output, errors = await process.communicate()
    except asyncio.CancelledError:
        await _end_process(process)
        raise
    level = logging.INFO if process.returncode == 0 else logging.WARNING
    summary = _summarize(output, errors)
    log.log(level, "the collection of %s ended with %s: %s", slot.isoformat(), process.returncode, summary)


def _summarize(output: bytes, errors: bytes) -> str:
    """The indicators of a run by what came of them; of a run without a report what it said last."""
    try:
        states = json.loads(output)["states"]
        return ", ".join(f"{count} {state}" for state, count in states.items() if count)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "".join(errors.decode(errors="replace").strip().splitlines()[-1:])


def _has_run_since(slot: datetime) -> bool:
    """Whether a run has started since a moment; a store that cannot be read is left to the run, which says why."""
    try:
        reports = workspace.get_workspace().store.refreshes.list_last()
    except ObservatoryError:
        return False
    return bool(reports) and reports[0].started >= slot.replace(microsecond=0)


async def _end_process(process: asyncio.subprocess.Process) -> None:
    """Ends a run: what it published is whole, and the rest is taken up by --resume."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), GRACE_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
