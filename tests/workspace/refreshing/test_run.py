"""A run from plan to edition: what is new is published once, what is not is left alone, each source by itself."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from observatory.errors import ConflictError, SettingsError
from observatory.sources.retry import Limits
from observatory.store.records import VintageBatch
from observatory.store.refreshes import IndicatorResult, Reason, RefreshReport
from observatory.workspace.refreshing.answers import AnswerArchive, RunOptions
from observatory.workspace.refreshing.lock import hold_lease, hold_lock
from observatory.workspace.refreshing.plan import build_plan
from observatory.workspace.refreshing.run import run_refresh
from tests.support.answers import pack
from tests.support.publishers import read_observations
from tests.support.refreshing import (
    BRENT,
    CENSUS_PATH,
    ECB_PATH,
    EURO,
    FRED_PATH,
    M3,
    NAMES,
    START,
    Bench,
    results,
    states,
)
from tests.support.replay import Step

_PAGE = b"<!DOCTYPE html><html><title>Missing key</title></html>"


def test_new_and_revised_figures_are_one_edition(bench: Bench) -> None:
    """Three sources, one edition: each new and each revised figure, no other; the report counts them."""
    bench.series(BRENT)["2026-08"] = 85.1
    bench.series(EURO)["2026-11"] = 1.13
    bench.series(M3)["2026-05"] *= 1.02
    outcome = bench.run(days=0)
    assert outcome.report.edition == 2 == bench.editions()
    changed = bench.workspace.store.changed_observations(bench.workspace.get_vintage())
    assert [(key[0], period, value) for key, period, value in changed] == [
        (BRENT, "2026-08", 85.1),
        (EURO, "2026-11", 1.13),
        (M3, "2026-05", bench.series(M3)["2026-05"]),
    ]
    rows = results(outcome)
    assert {name: (rows[name].state, rows[name].new, rows[name].revised) for name in (BRENT, EURO, M3)} == {
        BRENT: ("fresh", 1, 0),
        EURO: ("fresh", 1, 0),
        M3: ("fresh", 0, 1),
    }
    assert (rows[BRENT].last_period, rows[BRENT].due) == ("2026-08", "2026-11-01")
    assert (rows["airbus_deliveries"].state, rows["airliner_deliveries_airbus_boeing"].state) == ("manual", "unchanged")
    vintage = bench.workspace.get_vintage()
    assert (vintage.who, vintage.note_en) == ("observatory refresh", "Collected from the publishers: 3 indicators")
    assert bench.workspace.store.refreshes.list_last() == (outcome.report,)
    assert bench.workspace.store.uploads.list_open_drafts() == ()


def test_a_run_after_which_nothing_changed_publishes_nothing(bench: Bench) -> None:
    """The same answers are unchanged, unread; so are other bytes with the same figures."""
    bench.run(days=0)
    bench.run("fred", "ecb", "census")
    bench.replay.add(FRED_PATH, bench.replay.answer(FRED_PATH, {"id": "MCOILBRENTEU"}).body + b"\n")  # type: ignore[union-attr]
    outcome = bench.run("fred", "ecb", "census")
    assert set(states(outcome).values()) == {"unchanged"}
    assert (outcome.report.edition, bench.editions(), outcome.report.is_sound) == (None, 1, True)


def test_only_what_is_due_is_asked_for(bench: Bench) -> None:
    """At first everything; then what should have a new figure by now; by name, always."""
    first = bench.run(days=0)
    assert set(states(first).values()) == {"unchanged"}
    assert sorted(bench.replay.paths()) == sorted([ECB_PATH, FRED_PATH, CENSUS_PATH])
    bench.replay.seen.clear()
    second = results(bench.run(days=1))
    assert sorted(bench.replay.paths()) == sorted([FRED_PATH, CENSUS_PATH])
    assert {name: (second[name].state, second[name].due) for name in (BRENT, EURO)} == {
        BRENT: ("unchanged", "2026-10-01"),
        EURO: ("skipped", "2027-01-01"),
    }
    assert second[EURO].reason == Reason("refresh.skipped.not_due", {"day": "2027-01-01"})
    named = bench.run("ecb", days=0)
    assert states(named) == {EURO: "unchanged"}
    assert bench.replay.paths()[-1] == ECB_PATH


@pytest.mark.parametrize(
    ("every", "state", "days", "key"),
    [
        ("month", "open", 0, ""),
        ("quarter", "open", 6, "refresh.skipped.asked"),
        ("quarter", "open", 7, ""),
        ("year", "open", 29, "refresh.skipped.asked"),
        ("year", "open", 30, ""),
        ("month", "closed", 90, "refresh.skipped.closed"),
        ("month", "frozen", 90, "refresh.skipped.frozen"),
    ],
)
def test_what_is_overdue_is_not_asked_for_every_day(bench: Bench, every: str, state: str, days: int, key: str) -> None:
    """A publisher that has something new once a quarter or a year is left alone for a while; an ended series is."""
    workspace = bench.workspace
    recipe = replace(workspace.catalogue.recipes[BRENT], every=every, state=state)
    catalogue = replace(workspace.catalogue, recipes={BRENT: recipe})
    panel = workspace.get_outlook().panel
    assert build_plan(catalogue, panel, (), START.date()).asked == (recipe,)
    report = RefreshReport("r", START, START, indicators=(IndicatorResult(BRENT, "fred", "unchanged"),))
    plan = build_plan(catalogue, panel, (report,), START.date() + timedelta(days=days))
    assert [row.reason and row.reason.key for row in plan.left_out] == ([key] if key else [])
    assert plan.asked == (() if key else (recipe,))


def test_each_run_has_its_report(bench: Bench) -> None:
    """Two runs in one second have two names."""
    first, second = (bench.run("fred", days=0).report for _ in range(2))
    assert (first.run, second.run) == ("20261201T061700Z", "20261201T061701Z")
    assert bench.workspace.store.refreshes.list_last(5) == (second, first)


def test_what_is_due_by_hand_is_listed(bench: Bench) -> None:
    """An indicator that analysts upload is due once its figure should be there, with what to do."""
    early, late = results(bench.run(days=0)), results(bench.run(days=400))
    assert (early["boeing_deliveries"].due, early["boeing_deliveries"].action) == ("2027-04-01", "")
    assert late["boeing_deliveries"].action == "refresh.action.upload"


def test_names_that_nobody_knows_are_refused_with_the_closest(bench: Bench) -> None:
    """A mistyped source or indicator stops the run before anything is asked."""
    for options, near in ((RunOptions(("fredd",), ()), "fred"), (RunOptions((), ("brent_prise",)), "brent_price")):
        with bench.client() as client, pytest.raises(SettingsError) as caught:
            run_refresh(bench.workspace, client, options)
        assert caught.value.values["near"] == near
    assert bench.replay.seen == []


def test_sources_fail_alone_and_say_what_to_do(bench: Bench) -> None:
    """A page in place of figures, and a refused program: two sources failed, the third is published."""
    bench.replay.add(CENSUS_PATH, Step(status=302, headers=(("Location", "/data/missing_key.html"),)))
    bench.replay.add("/www.census.gov/data/missing_key.html", _PAGE)
    bench.replay.add(ECB_PATH, Step(_PAGE, 403))
    bench.series(BRENT)["2026-08"] = 85.1
    outcome = bench.run(days=0)
    rows = results(outcome)
    assert states(outcome) == {BRENT: "fresh", EURO: "failed", M3: "failed"}
    assert [(rows[name].reason and rows[name].reason.key, rows[name].action) for name in (EURO, M3)] == [
        ("error.source.forbidden", "refresh.action.by_hand"),
        ("error.source.html", "refresh.action.again"),
    ]
    assert (outcome.report.edition, outcome.report.is_sound) == (2, False)
    assert {row.source: row.state for row in outcome.report.sources} == {
        "census": "failed",
        "ecb": "failed",
        "fred": "fresh",
    }


@pytest.mark.parametrize(
    ("step", "key"),
    [
        (Step(status=304), "status"),
        (Step(b"x" * 200, cut=50), "cut"),
        (Step(b"observation_date,OTHER\n2026-01-01,1\n"), "column"),
        (Step(b"x" * 17_000_000), "too_big"),
        (Step(b"0" * 17_000_000, is_packed=True), "too_big"),
        (Step(b""), "empty"),
        (Step(b"observation_date,MCOILBRENTEU\n2026-01-01,many\n"), "value"),
    ],
    ids=["304 without a question", "cut", "dropped column", "over the limit", "bomb", "empty", "no number"],
)
def test_a_spoiled_answer_changes_nothing(bench: Bench, step: Step, key: str) -> None:
    """Whatever comes instead of figures ends in a named refusal, and what is published stays."""
    before = bench.published(BRENT)
    bench.replay.add(FRED_PATH, step)
    row = results(bench.run("fred", days=0))[BRENT]
    assert (row.state, row.reason and row.reason.key) == ("failed", f"error.source.{key}")
    assert (bench.published(BRENT), bench.editions()) == (before, 1)


def test_a_slow_drip_ends_with_the_time_of_its_source(bench: Bench) -> None:
    """A body that drips is given up once the source has had its time."""
    bench.limits = Limits(source=0.3)
    bench.replay.add(FRED_PATH, Step(b"observation_date,MCOILBRENTEU\n" * 100, drip=0.05))
    row = results(bench.run("fred", days=0))[BRENT]
    assert (row.state, row.reason and row.reason.key) == ("failed", "error.source.too_slow")


def test_retry_after_is_obeyed(bench: Bench) -> None:
    """503 with Retry-After twice, then the figures: two pauses as asked, one edition."""
    bench.series(BRENT)["2026-08"] = 85.1
    body = bench.publishers.answer(FRED_PATH, {"id": "MCOILBRENTEU"})
    assert body is not None
    wait = Step(status=503, headers=(("Retry-After", "7"),))
    bench.replay.add(FRED_PATH, wait, wait, body)
    assert states(bench.run("fred", days=0)) == {BRENT: "fresh"}
    assert bench.waits == [7.0, 7.0]


def test_not_modified_is_unchanged(bench: Bench) -> None:
    """The ETag of the published answer is sent back; 304 is unchanged, and the figures are not read again."""
    bench.series(BRENT)["2026-08"] = 85.1
    body = bench.publishers.answer(FRED_PATH, {"id": "MCOILBRENTEU"})
    assert body is not None
    bench.replay.add(FRED_PATH, Step(body.body, headers=(("ETag", '"v1"'),)), Step(status=304))
    bench.run("fred", days=0)
    outcome = bench.run("fred")
    assert bench.replay.seen[-1].headers["If-None-Match"] == '"v1"'
    assert (states(outcome), bench.editions()) == ({BRENT: "unchanged"}, 2)


def test_two_runs_at_once(bench: Bench) -> None:
    """The second run of a store is refused at once; nothing is asked twice."""
    with hold_lock(bench.workspace.settings.refresh_dir):
        with bench.client() as client, pytest.raises(ConflictError) as caught:
            run_refresh(bench.workspace, client, RunOptions())
        assert caught.value.key == "error.refresh.running"
    assert bench.replay.seen == []
    assert bench.run(days=0).report.is_sound


def test_a_run_on_another_machine(bench: Bench) -> None:
    """A run is refused while another machine holds the store's lease, and free once that has said nothing for long."""
    shared = bench.workspace.store.shared
    assert shared.take_lease("refresh run", "elsewhere:/var", 60) == "taken"
    with bench.client() as client, pytest.raises(ConflictError) as caught:
        run_refresh(bench.workspace, client, RunOptions())
    assert (caught.value.key, bench.replay.seen) == ("error.refresh.elsewhere", [])
    bench.clock.advance(1)
    assert bench.run(days=0).report.is_sound


def test_what_a_killed_run_left_does_not_stop_its_machine(bench: Bench) -> None:
    """The lease of a killed run is taken over where it ran, as its lock is free, and given back after each run."""
    folder = bench.workspace.settings.refresh_dir
    with hold_lease(bench.workspace.store.shared, folder):
        assert bench.run(days=0).report.is_sound
    assert bench.workspace.store.shared.take_lease("refresh run", "elsewhere:/var", 60) == "taken"


@pytest.mark.slow
def test_an_analyst_who_publishes_in_between(bench: Bench) -> None:
    """The edition is prepared again on top of the analyst's; what the analyst has published already is not repeated."""
    bench.series(BRENT).update({"2026-08": 85.1, "2026-09": 84.0})
    analyst = bench.workspace.access.open_operator_session("analyst")
    calls = []

    def interfere(_preview: object) -> bool:
        calls.append(1)
        if len(calls) == 1:
            draft = bench.workspace.receive(
                "a.csv", b"indicator,geo,item,period,value\nbrent_price,WORLD,,2026-08,85.1\n", analyst
            )
            prepared = bench.workspace.build_preview(draft).prepared
            assert prepared is not None
            bench.workspace.commit(prepared, analyst, "")
        return True

    outcome = bench.run("fred", days=0, approve=interfere)
    assert (outcome.report.edition, len(calls)) == (3, 2)
    assert (results(outcome)[BRENT].new, bench.published(BRENT)["2026-09"]) == (1, 84.0)
    assert [row.parent for row in bench.workspace.store.vintages()] == [None, 1, 2]
    assert bench.workspace.store.uploads.list_open_drafts() == ()


@pytest.mark.slow
def test_analysts_who_publish_in_between_again_and_again(bench: Bench) -> None:
    """After three attempts the run says so, and can be taken up with the answers it has."""
    bench.series(BRENT)["2026-08"] = 85.1
    analyst = bench.workspace.access.open_operator_session("analyst")
    values = iter(range(1000, 1010))

    def interfere(_preview: object) -> bool:
        content = f"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,{next(values)}\n".encode()
        prepared = bench.workspace.build_preview(bench.workspace.receive("a.csv", content, analyst)).prepared
        assert prepared is not None
        bench.workspace.commit(prepared, analyst, "")
        return True

    row = results(bench.run("fred", days=0, approve=interfere))[BRENT]
    assert (row.state, row.reason and row.reason.key, row.action) == (
        "failed",
        "refresh.failed.busy",
        "refresh.action.resume",
    )
    asked = len(bench.replay.seen)
    outcome = bench.run(days=0, is_resumed=True)
    assert (states(outcome), len(bench.replay.seen)) == ({BRENT: "fresh"}, asked)


@pytest.mark.slow
def test_whoever_says_no_publishes_nothing(bench: Bench) -> None:
    """No edition, no report, no draft; the answers wait for --resume."""
    bench.series(BRENT)["2026-08"] = 85.1
    outcome = bench.run("fred", days=0, approve=lambda _preview: False)
    store = bench.workspace.store
    assert (outcome.is_declined, bench.editions(), store.refreshes.list_last()) == (True, 1, ())
    assert store.uploads.list_open_drafts() == ()
    assert states(bench.run(days=0, is_resumed=True)) == {BRENT: "fresh"}
    assert len(bench.replay.seen) == 1


def test_a_dry_run_stores_nothing(bench: Bench) -> None:
    """It asks, compares, previews; store and folder are as before."""
    bench.series(BRENT)["2026-08"] = 85.1
    outcome = bench.rehearse()
    assert outcome.preview is not None
    assert (outcome.preview.changes.added_count, states(outcome)[BRENT]) == (1, "fresh")
    assert (bench.editions(), bench.workspace.store.refreshes.list_last()) == (1, ())
    assert not bench.workspace.settings.refresh_dir.exists()


def test_a_month_that_has_not_ended_is_left_out(bench: Bench) -> None:
    """The month of today is no figure yet, and a later one none at all."""
    bench.series(BRENT).update({"2026-11": 85.1, "2026-12": 90.0})
    row = results(bench.run("fred", days=0))[BRENT]
    assert (row.state, row.new, row.last_period) == ("fresh", 1, "2026-11")


@pytest.mark.slow
def test_what_is_computed_follows_its_parts(bench: Bench) -> None:
    """A total of ours is computed anew once an analyst has published its parts."""
    analyst = bench.workspace.access.open_operator_session("analyst")
    content = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,800\n"
    prepared = bench.workspace.build_preview(bench.workspace.receive("a.csv", content, analyst)).prepared
    assert prepared is not None
    bench.workspace.commit(prepared, analyst, "")
    row = results(bench.run(days=0))["airliner_deliveries_airbus_boeing"]
    boeing = read_observations("boeing_deliveries")["WORLD", ""]["2025"]
    assert (row.state, row.revised) == ("fresh", 1)
    assert bench.published("airliner_deliveries_airbus_boeing")["2025"] == 800 + boeing


@pytest.mark.slow
def test_an_indicator_without_figures_comes_alive(bench: Bench) -> None:
    """An indicator of data/ that no edition knows yet is published with its facts at its first collection."""
    facts = bench.workspace.store.facts(bench.workspace.get_vintage())
    assert set(facts) >= set(NAMES)
    analyst = bench.workspace.access.open_operator_session("analyst")
    newest = bench.workspace.get_outlook()
    rows = [((BRENT, "WORLD", ""), period, None) for period in bench.published(BRENT)]
    batch = VintageBatch(bench.clock(), "analyst", "", "", "x", rows, {BRENT: None})
    bench.workspace.publish(batch, analyst)
    assert BRENT not in bench.workspace.get_outlook().catalogue.indicators
    row = results(bench.run("fred", days=0))[BRENT]
    assert (row.state, row.new) == ("fresh", len(bench.series(BRENT)))
    assert bench.workspace.get_outlook().catalogue.indicators[BRENT] == newest.catalogue.indicators[BRENT]


@pytest.mark.slow
def test_the_last_three_answers_are_kept(bench: Bench) -> None:
    """Of each address, whole and with where they come from; the same bytes once, and no more than three."""
    for month, value in enumerate((80.0, 81.0, 81.0, 82.0, 83.0), 8):
        if value != 81.0 or month == 9:
            bench.series(BRENT)[f"2026-{month:02d}"] = value
        bench.run("fred", days=30)
    kept = AnswerArchive(bench.workspace.settings.refresh_dir).list_kept()
    assert len(kept) == 3
    assert kept[-1].answer.content.endswith(b"2026-12-01,83.0\n")
    assert (kept[-1].run, kept[-1].moment) == ("20270430T061700Z", "2027-04-30T06:17:00+00:00")
    assert kept[0].answer.request.params == (("id", "MCOILBRENTEU"),)
    assert bench.clock() - START == timedelta(days=150)


def test_what_cannot_be_read_is_not_kept(bench: Bench) -> None:
    """Four days of error pages leave the answer that the published figures were read from, and its ETag in use."""
    body = bench.publishers.answer(FRED_PATH, {"id": "MCOILBRENTEU"})
    assert body is not None
    pages = [Step(b"<html><title>Maintenance, day %d</title></html>" % day) for day in range(4)]
    good = Step(body.body, headers=(("ETag", '"v1"'),))
    bench.replay.add(FRED_PATH, good, *pages, Step(status=304))
    archive = AnswerArchive(bench.workspace.settings.refresh_dir)
    seen = [states(bench.run("fred", days=1))[BRENT] for _ in range(6)]
    assert seen == ["unchanged", *["failed"] * 4, "unchanged"]
    assert bench.replay.seen[-1].headers["If-None-Match"] == '"v1"'
    assert [kept.answer.content for kept in archive.list_kept()] == [body.body]


def test_a_bomb_is_not_opened(bench: Bench) -> None:
    """An archive that unpacks out of all proportion is refused by its list of members."""
    bench.replay.add(CENSUS_PATH, pack({"M3-mf.csv": b"0" * 60_000_000}))
    row = results(bench.run("census", days=0))[M3]
    assert (row.state, row.reason and row.reason.key) == ("failed", "error.source.bomb")


@pytest.mark.shared
@pytest.mark.slow
def test_recorded_answers_of_others_publish_nothing(bench: Bench, shared: Path) -> None:
    """Each recorded answer in place of the right one: failed or held, and no edition."""
    samples = sorted(path for path in (shared / "refresh" / "samples").iterdir() if path.suffix != ".md")
    assert len(samples) > 25
    for path in samples:
        for address in (FRED_PATH, ECB_PATH, CENSUS_PATH):
            bench.replay.add(address, path.read_bytes())
        outcome = bench.run("fred", "ecb", "census", days=1)
        assert set(states(outcome).values()) <= {"failed", "held"}, path.name
    assert bench.editions() == 1
