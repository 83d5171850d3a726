"""Word of a run: one message, once its report is stored."""

from dataclasses import replace

from observatory.notification.announce import wait_for_announcements
from tests.support.mailboxes import webhook_server
from tests.support.refreshing import BRENT, ECB_PATH, Bench
from tests.support.replay import Step


def test_a_source_that_keeps_failing_is_announced_with_the_edition(bench: Bench) -> None:
    """Three runs that publish, in each of which one source fails: a message at the third, with its reason, and once."""
    bench.replay.add(ECB_PATH, Step(b"<html></html>", 403))
    with webhook_server() as hook:
        notify = (f"json://127.0.0.1:{hook.port}/hunter2",)
        bench.workspace.settings = replace(bench.workspace.settings, notify=notify, notify_language="en")
        counts = []
        for month in ("2026-08", "2026-09", "2026-10", "2026-11"):
            bench.series(BRENT)[month] = 85.1
            assert bench.run().report.edition is not None
            wait_for_announcements()
            counts.append(len(hook.posts))
    assert counts == [0, 0, 1, 1]
    ((_path, post),) = hook.posts
    assert "edition 4" in post["title"]
    assert "A source has failed in three collections in a row:\n- ecb: " in post["message"]
    assert "asof=e4" in post["message"]
