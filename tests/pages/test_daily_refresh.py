"""The daily refresh of a server: at its local time, once a day, whatever a run does, and never after the server."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from observatory.errors import SettingsError
from observatory.pages.server import daily_refresh
from observatory.pages.server.daily_refresh import find_next_slot, run_daily, run_once
from observatory.settings import load_settings
from observatory.store.refreshes import RefreshReport
from observatory.workspace import Workspace

PARIS = ZoneInfo("Europe/Paris")
AT = time(6, 17)


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine to its end, in a thread of its own: a browser of other tests has a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-30T05:16:59+00:00", "2026-11-30T05:17:00+00:00"),
        ("2026-11-30T05:17:00+00:00", "2026-12-01T05:17:00+00:00"),
        ("2026-11-30T23:30:00+00:00", "2026-12-01T05:17:00+00:00"),
        ("2026-03-28T12:00:00+00:00", "2026-03-29T04:17:00+00:00"),  # summer time began that night
        ("2026-10-24T12:00:00+00:00", "2026-10-25T05:17:00+00:00"),  # and ended that one
    ],
)
def test_the_next_slot_is_of_the_local_clock(now: str, slot: str) -> None:
    """Today if that time is still to come, else tomorrow; with summer time and without."""
    assert find_next_slot(datetime.fromisoformat(now), AT, PARIS) == datetime.fromisoformat(slot)


def test_a_time_that_a_day_does_not_have_is_an_hour_later() -> None:
    """02:30 of the night in which the clocks go forward is 03:30; the next day it is 02:30 again."""
    first = find_next_slot(datetime(2026, 3, 29, 0, 0, tzinfo=UTC), time(2, 30), PARIS)
    assert first.astimezone(PARIS).time() == time(3, 30)
    assert find_next_slot(first, time(2, 30), PARIS).astimezone(PARIS).time() == time(2, 30)


class _Clock:
    """A clock that only sleeping moves."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.longest = 0.0

    def __call__(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds)
        self.moment += timedelta(seconds=seconds)


def test_a_run_a_day_whatever_became_of_the_one_before(caplog: pytest.LogCaptureFixture) -> None:
    """Three days, the second run raises and is logged; the clock is read every minute."""
    clock, slots = _Clock(datetime(2026, 11, 30, 5, 0, tzinfo=UTC)), []

    async def run(slot: datetime) -> None:
        slots.append(slot)
        assert slot == clock()
        clock.moment += timedelta(minutes=20)
        if len(slots) == 2:
            raise OSError("no memory")
        if len(slots) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError), caplog.at_level(logging.ERROR, "observatory.refresh"):
        _run(run_daily(AT, run, clock, clock.sleep, PARIS))
    assert [slot.isoformat() for slot in slots] == [f"2026-{day}T05:17:00+00:00" for day in ("11-30", "12-01", "12-02")]
    assert [row.getMessage() for row in caplog.records] == ["the collection of 2026-12-01T05:17:00+00:00 failed"]
    assert clock.longest == 60


def test_a_slot_that_was_slept_through_is_made_up_for() -> None:
    """A machine that wakes at noon collects then, and the next day at the usual time."""
    clock = _Clock(datetime(2026, 11, 30, 5, 0, tzinfo=UTC))
    moments: list[datetime] = []

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds if moments else 7 * 3600)

    async def run(_slot: datetime) -> None:
        moments.append(clock())
        if len(moments) == 2:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        _run(run_daily(AT, run, clock, sleep, PARIS))
    assert moments == [datetime(2026, 11, 30, 12, 0, tzinfo=UTC), datetime(2026, 12, 1, 5, 17, tzinfo=UTC)]


@pytest.fixture
def opened(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)
    return small


def _command(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


SLOT = datetime(2026, 11, 30, 5, 17, tzinfo=UTC)


def test_a_run_is_a_process_of_its_own(opened: Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One that fails is logged with its last line; one that was made, or has started, makes the next needless."""
    mark, days = tmp_path / "mark", [SLOT + timedelta(days=number) for number in range(4)]
    with caplog.at_level(logging.INFO, "observatory.refresh"):
        _run(run_once(days[0], _command(f"open({str(mark)!r}, 'w').write('1')")))
        _run(run_once(days[0], _command(f"open({str(mark)!r}, 'w').write('2')")))
        _run(run_once(days[1], _command("import sys; sys.exit('a source failed')")))
        _run(run_once(days[2], _command('print(\'{"states": {"failed": 2, "held": 0, "fresh": 7}}\')')))
        late = days[2] + timedelta(minutes=5)
        opened.store.refreshes.save(RefreshReport("r", late, late + timedelta(minutes=1)))
        _run(run_once(days[2] + timedelta(minutes=4), _command(f"open({str(mark)!r}, 'w').write('3')")))
        _run(run_once(days[3], _command(f"open({str(mark)!r}, 'a').write('4')")))
    assert mark.read_text() == "14"
    assert "ended with 1: a source failed" in caplog.text
    assert "ended with 0: 2 failed, 7 fresh" in caplog.text
    assert caplog.text.count("was made by another server") == 2


def test_of_two_servers_one_runs(opened: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one holds the lease the other waits, and sees that the run is made."""
    mark = tmp_path / "mark"
    monkeypatch.setattr(daily_refresh, "LOOK_SECONDS", 0.05)
    command = _command(f"import time; open({str(mark)!r}, 'a').write('1'); time.sleep(0.5)")

    async def race() -> None:
        first = asyncio.create_task(run_once(SLOT, command, "a"))
        while not mark.exists():
            await asyncio.sleep(0.02)
        second = asyncio.create_task(run_once(SLOT, command, "b"))
        await asyncio.sleep(0.1)
        assert not second.done()
        await asyncio.gather(first, second)

    _run(race())
    assert mark.read_text() == "1"
    assert opened.store.shared.take_lease(f"refresh {SLOT.isoformat()}", "c", 60.0) == "finished"


def test_the_lease_of_a_dead_server_ends(opened: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that took the lease and says no more is waited for, then another collects."""
    monkeypatch.setattr(daily_refresh, "LOOK_SECONDS", 0.05)
    mark, shared = tmp_path / "mark", opened.store.shared
    assert shared.take_lease(f"refresh {SLOT.isoformat()}", "dead", 1.0) == "taken"
    begun = monotonic()
    _run(run_once(SLOT, _command(f"open({str(mark)!r}, 'a').write('1')")))
    assert monotonic() - begun >= 0.9
    assert mark.read_text() == "1"


def test_a_run_ends_with_the_server(opened: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled while it runs, the process is gone; also one that does not want to go."""
    assert opened.has_vintages()
    monkeypatch.setattr(daily_refresh, "GRACE_SECONDS", 0.2)
    for number, stubborn in enumerate((False, True)):
        slot = SLOT + timedelta(days=number)
        path = tmp_path / f"pid{stubborn}"
        code = f"import os, signal, time\n{'signal.signal(signal.SIGTERM, signal.SIG_IGN)' if stubborn else ''}\n"
        code += (
            f"name = {str(path)!r}\nopen(name + '.new', 'w').write(str(os.getpid()))\nos.rename(name + '.new', name)"
        )
        _run(_start_and_cancel(lambda code=code, slot=slot: run_once(slot, _command(f"{code}\ntime.sleep(99)")), path))  # type: ignore[misc]
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.read_text()), 0)


async def _start_and_cancel(start: Callable[[], Awaitable[None]], path: Path) -> None:
    daily_refresh_task = asyncio.ensure_future(start())
    while not path.exists():
        await asyncio.sleep(0.02)
    daily_refresh_task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await daily_refresh_task


def test_the_command_is_that_of_an_automatic_run() -> None:
    """What the server starts is `observatory refresh --yes`: nobody is there to be asked."""
    assert daily_refresh.COMMAND[1:5] == ("-m", "observatory", "refresh", "--yes")


@pytest.mark.parametrize(("text", "at"), [("06:17", time(6, 17)), ("6:17", time(6, 17)), ("23:59", time(23, 59))])
def test_the_time_is_a_setting(text: str, at: time) -> None:
    """Hours and minutes; none by default."""
    assert load_settings({"OBSERVATORY_REFRESH_AT": text}).refresh_at == at
    assert load_settings({}).refresh_at is None


@pytest.mark.parametrize("text", ["24:00", "06:60", "6h17", "daily", "٠٦:١٧", "06:17:00"])
def test_a_wrong_time_is_refused(text: str) -> None:
    """Named with the value seen."""
    with pytest.raises(SettingsError) as refused:
        load_settings({"OBSERVATORY_REFRESH_AT": text})
    assert refused.value.key == "error.settings.refresh_at"
    assert refused.value.values["value"] == text
