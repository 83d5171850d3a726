"""One message an edition, from the process that published it, and no secret in any log."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from observatory.cli.parser import main
from observatory.notification import events
from observatory.notification.announce import wait_for_announcements
from observatory.settings import load_settings
from observatory.store.records import Vintage, VintageBatch
from observatory.store.refreshes import Reason, RefreshReport, SourceResult
from observatory.workspace import Workspace
from tests.support.mailboxes import Mailbox, smtp_server, webhook_server
from tests.support.paths import ROOT
from tests.support.stores import StoreMaker

AIRBUS = ("airbus_deliveries", "WORLD", "")
SECRET = "hunter2"
SITE = "https://obs.example"


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with smtp_server() as box:
        yield box


@pytest.fixture
def hook() -> Iterator[Mailbox]:
    with webhook_server() as box:
        yield box


def mail_address(box: Mailbox) -> str:
    return f"mailto://user:{SECRET}@127.0.0.1:{box.port}?from=obs@example.org&to=team@example.org&mode=insecure"


def hook_address(box: Mailbox) -> str:
    return f"json://127.0.0.1:{box.port}/{SECRET}"


def notify(workspace: Workspace, *addresses: str, language: str = "fr") -> None:
    """Sets the addresses of a workspace, as its environment would."""
    environment = {"OBSERVATORY_NOTIFY": " ".join(addresses), "OBSERVATORY_NOTIFY_LANG": language}
    read = load_settings(environment)
    own = {"notify": read.notify, "notify_language": read.notify_language, "public_url": SITE}
    workspace.settings = replace(workspace.settings, **own)


def shrink(workspace: Workspace, factor: float) -> VintageBatch:
    """The deliveries of the last eight years fall gradually to a share of what they were; 0.3 flips three calls."""
    history = workspace.get_outlook().panel[AIRBUS]
    rows = [
        (AIRBUS, str(history.last - back), float(history.values[-1 - back]) * factor ** ((8 - back) / 8))
        for back in range(8)
    ]
    return VintageBatch(workspace.now(), "", "", "", f"{len(workspace.store.vintages()):064}", rows, {})


def publish(workspace: Workspace, factor: float) -> Vintage:
    """Publishes that, and waits for the message."""
    batch = shrink(workspace, factor)
    edition = workspace.publish(batch, workspace.access.open_operator_session("analyste"))
    wait_for_announcements()
    return edition


def test_an_edition_that_flips_calls_is_announced_once(small: Workspace, mail: Mailbox, hook: Mailbox) -> None:
    """A mail and a post, plain text, with each flip and the dated link; another server of the store sends nothing."""
    notify(small, mail_address(mail), hook_address(hook))
    other = Workspace(small.settings, small.clock)
    edition = publish(small, 0.3)
    assert edition.id == 2
    other.get_outlook()
    other.close()
    ((path, post),) = hook.posts
    assert path == f"/{SECRET}"
    assert post["title"].replace("\u00a0", " ").startswith("Observatoire : édition n° 2 du ")
    body = post["message"].replace("\u00a0", " ").replace("\u202f", " ")
    assert "3 avis changent :" in body
    for span in ("1 an", "2 ans", "3 ans"):
        assert f"- Avions commerciaux, à {span} : de « en croissance » à « non tranché »" in body
    assert f"{SITE}/whats-new?lang=fr&asof=e2&since=1&until=2" in body
    (sent,) = mail.mails
    assert sent.get_content_type() == "text/plain"
    assert sent["To"] == "team@example.org"
    assert sent["Subject"].split() == post["title"].split()
    assert sent.get_content().split() == post["message"].split()  # type: ignore[attr-defined]


def test_an_edition_that_changes_no_call_is_not_announced(small: Workspace, hook: Mailbox) -> None:
    """Other figures and other odds are no message: only a flip, a judgement or a failing source is."""
    notify(small, hook_address(hook))
    publish(small, 0.99)
    assert hook.posts == []


def test_the_message_is_in_the_language_of_the_setting(small: Workspace, hook: Mailbox) -> None:
    """English where it says so, link included."""
    notify(small, hook_address(hook), language="EN")
    publish(small, 0.3)
    ((_path, post),) = hook.posts
    assert post["title"].startswith("Observatory: edition 2, ")
    assert "3 calls change:" in post["message"]
    assert "/whats-new?lang=en&asof=e2" in post["message"]


def test_undoing_an_edition_is_an_edition(small: Workspace, hook: Mailbox) -> None:
    """The inverse flips the calls back, hence is announced."""
    edition = publish(small, 0.3)
    notify(small, hook_address(hook))
    small.revert(edition.id, "", small.access.open_operator_session("analyste"))
    wait_for_announcements()
    ((_path, post),) = hook.posts
    assert "n°\u00a03" in post["title"]


def test_what_a_new_store_begins_with_is_not_announced(
    few: Path, stores: StoreMaker, tmp_path: Path, hook: Mailbox
) -> None:
    """A new server fills its store without a word."""
    environment = {"OBSERVATORY_STORE": stores.create(tmp_path), "OBSERVATORY_DATA": str(few)}
    workspace = Workspace(load_settings({**environment, "OBSERVATORY_NOTIFY": hook_address(hook)}))
    assert workspace.publish_curated() is not None
    workspace.close()
    assert hook.posts == []


@pytest.mark.parametrize(
    "address", ["mailto://{secret}@127.0.0.1:9/", "json://127.0.0.1:9/{secret}", "moon://{secret}"]
)
def test_a_failing_address_harms_nothing_and_is_not_logged(
    small: Workspace, mail: Mailbox, hook: Mailbox, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    """Refused, not reached or not understood: the edition is there, the rest is served, the log has place and kind."""
    caplog.set_level(logging.DEBUG)
    mail.refuses = True
    notify(small, address.format(secret=SECRET), mail_address(mail), hook_address(hook))
    assert publish(small, 0.3).id == 2
    assert small.get_vintage().id == 2
    assert len(hook.posts) == 1
    kind = address.partition(":")[0]
    own = [row.getMessage() for row in caplog.records if row.name == "observatory.notification"]
    assert any(f"address 1 ({kind})" in row for row in own)
    assert any("address 2 (mailto)" in row for row in own)
    assert SECRET not in caplog.text
    assert str(hook.port) not in "".join(own)


def test_settings_do_not_show_their_addresses() -> None:
    """Settings that are printed, in a log or in a traceback, hold no secret."""
    read = load_settings({"OBSERVATORY_NOTIFY": f"json://127.0.0.1/{SECRET}\n  tgram://{SECRET}/x"})
    assert len(read.notify) == 2
    assert SECRET not in repr(read)


def test_an_event_that_cannot_be_found_harms_nothing(
    small: Workspace, hook: Mailbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault while the message is made is logged; the edition stays, and the next one is announced."""
    notify(small, hook_address(hook))
    with monkeypatch.context() as patch:
        patch.setattr(events, "diff_calls", lambda _before, _after: 1 / 0)
        assert publish(small, 0.3).id == 2
    assert "could not be announced" in caplog.text
    assert hook.posts == []
    publish(small, 1 / 0.3)
    assert len(hook.posts) == 1


def _report(small: Workspace, run: int, *states: tuple[str, str], edition: int | None = None) -> RefreshReport:
    moment = small.now() + timedelta(days=run)
    reason = Reason("error.settings.port", {"value": "503"})
    rows = [SourceResult(source, state, reason=reason if state == "failed" else None) for source, state in states]  # type: ignore[arg-type]
    return RefreshReport(f"run{run}", moment, moment, edition, rows)


def test_a_source_that_failed_three_times_is_announced_once(small: Workspace, hook: Mailbox) -> None:
    """At its third failure in a row, also where the run published nothing; not at the fourth, nor after a success."""
    notify(small, hook_address(hook))
    counts = []
    for run, state in enumerate(
        ["failed", "failed", "skipped", "failed", "failed", "fresh", "failed", "failed", "failed"]
    ):
        small.store.refreshes.save(_report(small, run, ("api.insee.fr", state), ("fred", "unchanged")))
        small.announce(None, is_refresh=True)
        wait_for_announcements()
        counts.append(len(hook.posts))
    assert counts == [0, 0, 0, 1, 1, 1, 1, 1, 2]
    post = hook.posts[0][1]
    assert "collecte" in post["title"]
    assert "- api.insee.fr" in post["message"]
    assert "503" in post["message"]
    assert f"{SITE}/whats-new?lang=fr" in post["message"]


def test_a_refresh_is_one_message(small: Workspace, hook: Mailbox) -> None:
    """What its edition flips and the sources that fail stand in one message, sent once the report is stored."""
    notify(small, hook_address(hook))
    for run in range(3):
        small.store.refreshes.save(_report(small, run, ("api.insee.fr", "failed")))
    by = small.access.open_operator_session("observatory")
    edition = small.commit(small.prepare(shrink(small, 0.3)), by, announces=False)
    wait_for_announcements()
    assert hook.posts == []
    small.announce(edition, is_refresh=True)
    wait_for_announcements()
    ((_path, post),) = hook.posts
    assert "api.insee.fr" in post["message"]
    assert "Avions commerciaux" in post["message"]


@pytest.mark.slow
def test_a_command_ends_once_its_message_is_sent(few: Path, small: Workspace, tmp_path: Path, hook: Mailbox) -> None:
    """`observatory publish` in a process of its own: published, sent, and the address in neither of its outputs."""
    figures = tmp_path / "figures.csv"
    values = "".join(f"airbus_deliveries;WORLD;;{2018 + back};{800 - 90 * back}\n" for back in range(8))
    figures.write_text("indicateur;zone;poste;période;valeur\n" + values, encoding="utf-8")
    environment = {
        **os.environ,
        "OBSERVATORY_STORE": small.settings.store_url,
        "OBSERVATORY_DATA": str(few),
        "OBSERVATORY_NOTIFY": f"{hook_address(hook)} json://127.0.0.1:9/{SECRET}",
    }
    command = [sys.executable, "-m", "observatory", "publish", str(figures)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(hook.posts) == 1
    assert SECRET not in done.stdout + done.stderr
    assert "address 2 (json)" in done.stderr


def test_check_names_addresses_that_no_service_understands(
    few: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By their place and kind; the others are fine, and nothing is sent."""
    monkeypatch.setenv("OBSERVATORY_DATA", str(few))
    monkeypatch.setenv("OBSERVATORY_NOTIFY", f"json://127.0.0.1:9/{SECRET} moon://{SECRET} {SECRET}")
    assert main(["check", "--format", "json"]) == 1
    output = capsys.readouterr()
    assert json.loads(output.out)["notify"] == [{"address": 2, "kind": "moon"}, {"address": 3, "kind": "?"}]
    assert SECRET not in output.out + output.err


def test_the_command_sends_a_test_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hook: Mailbox
) -> None:
    """To each address; it says which took it, and fails if one did not."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("OBSERVATORY_NOTIFY", hook_address(hook))
    assert main(["notify"]) == 0
    assert "Address 1 (json): message sent." in capsys.readouterr().out
    assert "essai" in hook.posts[0][1]["title"]
    monkeypatch.setenv("OBSERVATORY_NOTIFY", f"{hook_address(hook)} json://127.0.0.1:9/{SECRET} moon://{SECRET}")
    assert main(["notify", "--format", "json"]) == 1
    output = capsys.readouterr()
    assert [(row["understood"], row["sent"]) for row in json.loads(output.out)] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    assert SECRET not in output.out + output.err
    monkeypatch.setenv("OBSERVATORY_NOTIFY", "")
    assert main(["notify"]) == 2
    monkeypatch.setenv("OBSERVATORY_NOTIFY_LANG", "de")
    assert main(["notify"]) == 2
    assert "de" in capsys.readouterr().err
