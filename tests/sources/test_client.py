"""The client against a server of scripted answers: bounded, patient, and silent about keys."""

import logging
import time
import traceback
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.recipes import RefreshHost
from observatory.errors import SettingsError, SourceError
from observatory.sources.client import Client
from observatory.sources.endpoints import BASE_VARIABLE, resolve_endpoints
from observatory.sources.model import Answer, Request
from observatory.sources.retry import Limits, choose_pause, parse_retry_after
from tests.support.replay import Replay, Step, build_client

_KEY = "toy/secret+4711 é"
_CSV = b"observation_date,TOY\n2026-01-01,1.5\n"
_PAGE = b"<!DOCTYPE html><html><title>Missing key</title></html>"


def _fetch(client: Client, path: str = "/toy", previous: Answer | None = None, **changes: Any) -> Answer:
    with client:
        answer = client.fetch(Request("toys", path, **changes), previous)
    assert answer is not None
    return answer


def _refuse(client: Client, path: str = "/toy", **changes: Any) -> SourceError:
    with pytest.raises(SourceError) as refusal:
        _fetch(client, path, **changes)
    return refusal.value


def test_an_answer_with_its_validators_and_who_asks(replay: Replay) -> None:
    """Body, ETag and date come back; the client says its name and contact, and asks with its parameters."""
    replay.add("/toy", Step(_CSV, headers=(("ETag", '"v1"'), ("Last-Modified", "Mon, 30 Nov 2026 08:00:00 GMT"))))
    client = build_client(replay, contact="toys@example.org")
    answer = _fetch(client, params=(("id", "TOY"), ("$order", "a b")), accept="text/csv")
    assert (answer.content, answer.etag, answer.last_modified) == (_CSV, '"v1"', "Mon, 30 Nov 2026 08:00:00 GMT")
    (seen,) = replay.seen
    assert seen.params == {"id": "TOY", "$order": "a b"}
    assert seen.headers["User-Agent"].startswith("observatory/")
    assert seen.headers["User-Agent"].endswith("(+toys@example.org)")
    assert seen.headers["Accept"] == "text/csv"


def test_not_modified_gives_the_previous_body(replay: Replay) -> None:
    """Validators of the previous answer are sent; 304 stands for its body. Without one, a 304 is refused."""
    replay.add("/toy", Step(status=304))
    previous = Answer(Request("toys", "/toy"), _CSV, etag='"v1"', last_modified="Mon, 30 Nov 2026 08:00:00 GMT")
    answer = _fetch(build_client(replay), previous=previous)
    assert (answer.status, answer.content) == (304, _CSV)
    assert replay.seen[0].headers["If-None-Match"] == '"v1"'
    assert replay.seen[0].headers["If-Modified-Since"] == "Mon, 30 Nov 2026 08:00:00 GMT"
    assert _refuse(build_client(replay)).values == {"status": 304}


def test_a_validator_that_cannot_be_sent_back_is_dropped(replay: Replay) -> None:
    """An ETag outside of ASCII is not remembered, so that the next request can be sent."""
    replay.add("/toy", Step(_CSV, headers=(("ETag", '"é"'),)))
    answer = _fetch(build_client(replay))
    assert answer.etag == ""
    assert _fetch(build_client(replay), previous=answer).status == 200


def test_retry_after_twice_then_the_answer(replay: Replay) -> None:
    """503 with Retry-After is waited for as long as it asks, in seconds or as a date."""
    busy = Step(status=503, headers=(("Retry-After", "7"),))
    past = Step(status=503, headers=(("Retry-After", "Mon, 30 Nov 2020 08:00:00 GMT"),))
    replay.add("/toy", busy, past, _CSV)
    waits: list[float] = []
    assert _fetch(build_client(replay, waits)).content == _CSV
    assert waits == [7.0, 0.0]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_attempts_are_bounded(replay: Replay, status: int) -> None:
    """Four attempts, with growing pauses drawn below 1, 4 and 16 seconds; then the status is named."""
    replay.add("/toy", Step(b"busy", status))
    waits: list[float] = []
    refusal = _refuse(build_client(replay, waits))
    assert (refusal.key, refusal.values) == ("error.source.status", {"status": status})
    assert len(replay.seen) == 4
    assert all(wait <= bound for wait, bound in zip(waits, (1, 4, 16), strict=True))


def test_a_server_that_asks_for_too_long_is_not_waited_for(replay: Replay) -> None:
    """Retry-After above two minutes ends the attempts at once."""
    replay.add("/toy", Step(status=503, headers=(("Retry-After", "3600"),)))
    waits: list[float] = []
    assert _refuse(build_client(replay, waits)).values == {"status": 503}
    assert (waits, len(replay.seen)) == ([], 1)


@pytest.mark.parametrize(
    ("step", "key"),
    [
        (Step(b"<S:Fault><faultcode>413</faultcode><faultstring>TOO_BIG</faultstring></S:Fault>", 413), "fault"),
        (Step(b"", 413), "status"),
        (Step(b'{"error":[{"status":404,"id":100,"label":"no data"}]}', 404), "fault"),
        (Step(_PAGE, 404), "status"),
        (Step(b"", 400), "status"),
        (Step(_PAGE, 403), "forbidden"),
        (Step(b"", 204), "empty"),
        (Step(b"", 200), "empty"),
    ],
)
def test_other_errors_are_final(replay: Replay, step: Step, key: str) -> None:
    """A 4xx is asked once, and named by the fault in its body or by its status; nothing at all is empty."""
    replay.add("/toy", step)
    assert _refuse(build_client(replay)).key == f"error.source.{key}"
    assert len(replay.seen) == 1


def test_redirects_stay_on_their_host(replay: Replay) -> None:
    """A redirect on the same host is followed, one to another host, port or scheme is refused with its address."""
    replay.add("/toy", Step(status=302, headers=(("Location", "/new?page=1"),)))
    replay.add("/new", _CSV)
    assert _fetch(build_client(replay)).content == _CSV
    for target in (
        "https://api.census.gov/data/missing_key.html?key=9",
        "//sorry.example.org/x",
        "http://127.0.0.1:9/x",
    ):
        replay.add("/toy", Step(_PAGE, 302, (("Location", target),)))
        refusal = _refuse(build_client(replay))
        assert refusal.key == "error.source.redirect"
        assert "key=9" not in str(refusal)
    replay.add("/toy", Step(status=307, headers=(("Location", "/toy"),)))
    assert _refuse(build_client(replay)).key == "error.source.redirect"
    replay.add("/toy", Step(status=302))
    assert _refuse(build_client(replay)).key == "error.source.redirect"


def test_a_slow_drip_ends_with_the_time_of_the_source(replay: Replay) -> None:
    """A body that comes in drops is given up when the time of its source is over."""
    replay.add("/toy", Step(b"x" * 4_000, drip=0.02))
    before = time.monotonic()
    refusal = _refuse(build_client(replay, limits=Limits(source=0.3)))
    assert refusal.key == "error.source.too_slow"
    assert time.monotonic() - before < 5  # the whole body takes ten seconds


def test_a_silent_server_is_asked_again(replay: Replay) -> None:
    """Nothing for longer than the read timeout is a fault of the connection, which is tried again."""
    replay.add("/toy", Step(b"x" * 64, drip=0.5), _CSV)
    assert _fetch(build_client(replay, limits=Limits(read=0.1))).content == _CSV
    assert len(replay.seen) == 2


def test_no_server(replay: Replay) -> None:
    """A port that nobody listens on is unreachable, after four attempts."""
    client = build_client(replay)
    client.endpoints["toys"].__dict__["bases"] = ("http://127.0.0.1:1",)
    assert _refuse(client).key == "error.source.unreachable"


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "gzip"])
def test_a_cut_body_is_fetched_again_and_then_refused(replay: Replay, is_packed: bool) -> None:
    """Fewer bytes than announced are a cut; the whole answer of a later attempt is taken."""
    body = bytes(range(256)) * 20
    cut = Step(body, cut=100, is_packed=is_packed)
    replay.add("/toy", cut, Step(body, is_packed=is_packed))
    assert _fetch(build_client(replay)).content == body
    replay.add("/toy", cut)
    assert _refuse(build_client(replay)).key == "error.source.cut"


def test_a_gzip_stream_that_ends_early_is_a_cut(replay: Replay) -> None:
    """Compression shows a cut even where the protocol does not; a body without any proof says so."""
    replay.add("/toy", Step(_CSV, is_packed=True, has_length=False, cut=25))
    assert _refuse(build_client(replay)).key == "error.source.cut"
    replay.add("/toy", Step(_CSV, is_packed=True, has_length=False))
    assert _fetch(build_client(replay)).is_framed
    replay.add("/toy", Step(_CSV[:-4], has_length=False))
    assert not _fetch(build_client(replay)).is_framed


def test_bodies_over_the_limit_are_refused(replay: Replay) -> None:
    """A length that is too large is refused unread; so is one that turns out so, packed or not."""
    big = b"0" * 300_000
    for step in (Step(big), Step(big, has_length=False), Step(big, is_packed=True)):
        replay.add("/toy", step)
        refusal = _refuse(build_client(replay))
        assert refusal.key == "error.source.too_big"
    replay.add("/toy", Step(big[:100_000]))
    assert len(_fetch(build_client(replay)).content) == 100_000


def test_compression_that_nobody_asked_for_is_refused(replay: Replay) -> None:
    """Another compression, or bytes that are none, are named."""
    replay.add("/toy", Step(_CSV, headers=(("Content-Encoding", "br"),)))
    assert _refuse(build_client(replay)).key == "error.source.compression"
    replay.add("/toy", Step(_CSV, headers=(("Content-Encoding", "gzip"),)))
    assert _refuse(build_client(replay)).key == "error.source.compression"


def test_addresses_that_answers_name_stay_inside_the_endpoint(replay: Replay) -> None:
    """A whole address is asked for only if its server is one of the endpoint's."""
    replay.add("/file.zip", _CSV)
    assert _fetch(build_client(replay), f"{replay.base}/file.zip").content == _CSV
    for path in ("http://169.254.169.254/latest", "//evil.example/x", "file:///etc/passwd", f"{replay.base}0/x", "x"):
        assert _refuse(build_client(replay), path).key == "error.source.address"
    assert len(replay.seen) == 1


def test_an_optional_file_may_be_missing(replay: Replay) -> None:
    """A 404 of an optional file is no answer and no fault."""
    with build_client(replay) as client:
        assert client.fetch(Request("toys", "/none", is_optional=True)) is None
        with pytest.raises(SourceError):
            client.fetch(Request("toys", "/none"))


def test_requests_of_a_host_keep_their_gap(replay: Replay) -> None:
    """The pause between two requests of one endpoint is what is left of its gap."""
    replay.add("/toy", _CSV)
    waits: list[float] = []
    with build_client(replay, waits, endpoint={"gap": 30.0}) as client:
        for _ in range(3):
            client.fetch(Request("toys", "/toy"))
    assert len(waits) == 2
    assert all(29 < wait <= 30 for wait in waits)


_KEYED = {"key_variable": "TOY_KEY", "key_parameter": "api_key", "key": _KEY}


@pytest.mark.parametrize(
    "steps",
    [
        (Step(_CSV),),
        (Step(f'{{"request": {{"api_key": "{_KEY}"}}, "response": {{}}}}'.encode()),),
        (Step(f'{{"error": "no such key: {quote(_KEY, safe="")}"}}'.encode(), 400),),
        (Step(b"", 404),),
        (Step(_PAGE, 403),),
        (Step(b"", 503),),
        (Step(status=302, headers=(("Location", f"https://other.example/{quote(_KEY)}/x?api_key={_KEY[:10]}"),)),),
        (Step(_CSV, cut=3),),
        (Step(b"0" * 200_000),),
        (Step(status=302, headers=(("Location", f"/toy/{quote(_KEY, safe='')}?api_key={quote_plus(_KEY)}"),)),),
    ],
)
def test_a_key_is_sent_and_never_shown(
    replay: Replay, steps: tuple[Step, ...], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The server gets the key as the last parameter; no log, error, traceback, representation or output has it."""
    caplog.set_level(logging.DEBUG)
    replay.add("/toy", *steps)
    client = build_client(replay, endpoint=_KEYED)
    texts = [repr(client), repr(client.endpoints)]
    try:
        answer = _fetch(client, params=(("id", "TOY"),))
        texts += [repr(answer), repr(answer.request)]
    except SourceError as error:
        texts += [str(error), repr(error.values), "".join(traceback.format_exception(error))]
    assert replay.seen[0].params == {"id": "TOY", "api_key": _KEY}
    texts += [*capfd.readouterr(), *(record.getMessage() for record in caplog.records)]
    forms = {_KEY, quote(_KEY), quote(_KEY, safe=""), quote(_KEY).lower(), quote_plus(_KEY), repr(_KEY.encode())[2:-1]}
    assert not [text for text in texts if any(form in text for form in forms)]


def test_a_missing_key_is_named_by_its_variable(replay: Replay) -> None:
    """Without its key nothing is sent."""
    refusal = _refuse(build_client(replay, endpoint=_KEYED | {"key": ""}))
    assert (refusal.key, refusal.values) == ("error.source.key_missing", {"variable": "TOY_KEY"})
    assert replay.seen == []


def test_endpoints_take_keys_and_bases_from_the_environment() -> None:
    """A variable replaces all addresses of a host; another holds its key."""
    hosts = {
        "toys": RefreshHost("toys", "https://toys.example", also=("https://files.toys.example",)),
        "eia": RefreshHost("eia", "https://eia.example", 500, 2, (), "TOY_KEY", "api_key"),
    }
    plain = resolve_endpoints(hosts, {"TOY_KEY": f" {_KEY}\n"})
    assert plain["toys"].bases == ("https://toys.example", "https://files.toys.example")
    assert (plain["eia"].key, plain["eia"].gap, plain["eia"].max_bytes) == (_KEY, 0.5, 2_000_000)
    assert plain["eia"].locate("https://eia.example/v2/x") == "https://eia.example/v2/x"


def test_one_server_can_stand_in_for_all_publishers() -> None:
    """Each request goes to BASE/HOST/PATH, those to further addresses of a publisher too, and none waits for a gap."""
    hosts = {"toys": RefreshHost("toys", "https://toys.example", also=("https://files.toys.example",))}
    toys = resolve_endpoints(hosts, {BASE_VARIABLE: "http://127.0.0.1:8000/"})["toys"]
    assert toys.gap == 0
    for path, expected in (
        ("/a/b.csv", "toys.example/a/b.csv"),
        ("https://files.toys.example/c", "files.toys.example/c"),
    ):
        assert toys.locate(toys.build_address(Request("toys", path))) == f"http://127.0.0.1:8000/{expected}"
    address = "https://toys.example/a/b.csv"
    for location, target in (
        ("/c", "https://toys.example/c"),
        ("c", "https://toys.example/a/c"),
        ("http://127.0.0.1:8000/files.toys.example/c", "https://files.toys.example/c"),
        ("https://elsewhere.example/c", "https://elsewhere.example/c"),
    ):
        assert toys.resolve(address, location) == target
    with pytest.raises(SettingsError) as caught:
        resolve_endpoints(hosts, {BASE_VARIABLE: "127.0.0.1:8000"})
    assert caught.value.key == "error.settings.refresh_base"


@given(st.integers(0, 10**12), st.integers(0, 3))
def test_pauses_are_bounded(seconds: int, attempt: int) -> None:
    """No pause is longer than two minutes, none without a server's wish longer than its bound, none after the last."""
    limits = Limits()
    asked, drawn = choose_pause(limits, attempt, str(seconds)), choose_pause(limits, attempt, "")
    assert asked is None or (0 <= asked <= 120 and attempt < 3)
    assert (drawn is None) == (attempt >= 3)
    assert drawn is None or 0 <= drawn <= limits.pauses[attempt]


def test_retry_after_as_a_date_or_as_nonsense() -> None:
    """A date is counted from now, never negative; what cannot be read is no wish."""
    now = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
    assert parse_retry_after("Mon, 30 Nov 2026 08:01:30 GMT", now) == 90.0
    assert parse_retry_after("Mon, 30 Nov 2026 07:00:00 GMT", now) == 0.0
    for text in ("", "soon", "-5", "١٢", "Mon, 99 Nov 2026 07:00:00 GMT"):
        assert parse_retry_after(text, now) is None
