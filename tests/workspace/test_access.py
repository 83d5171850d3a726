"""Who may publish: nothing is written without a pass that was issued on this store and is good at that moment."""

import inspect
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory import settings
from observatory.clock import system_clock
from observatory.errors import AccessError, ObservatoryError, StoreError
from observatory.language import Localizer
from observatory.store import shared_state
from observatory.store.notes import NoteContent
from observatory.store.records import VintageBatch
from observatory.store.shared_state import ATTEMPT_WINDOW_SECONDS
from observatory.store.uploads import UploadDraft
from observatory.typography import sanitize_text
from observatory.workspace import AnalystSession, Identity, PreparedEdition, Workspace, local_state
from observatory.workspace.access import MAX_ATTEMPTS_PER_ADDRESS, AccessControl
from tests.support.stores import StoreMaker, dump_store, read_rows

FIGURES = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,812\n"
OTHERS = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,813\n"
BATCH = VintageBatch(
    datetime(2027, 1, 1, tzinfo=UTC), "", "", "", "f" * 64, [(("esa_budget", "EU", ""), "2024", 1.0)], {}
)


@dataclass
class Clock:
    """The present, or some time after it."""

    seconds: float = 0.0

    def __call__(self) -> datetime:
        """The moment."""
        return system_clock() + timedelta(seconds=self.seconds)


@dataclass
class Office:
    """A store with two editions, a draft that waits, and what publishing it would lead to."""

    workspace: Workspace
    draft: UploadDraft
    prepared: PreparedEdition
    clock: Clock

    @property
    def access(self) -> AccessControl:
        """The passes of this workspace."""
        return self.workspace.access

    def held(self) -> str:
        """All that the store holds."""
        return dump_store(self.workspace.settings.store_url)


def opened(few: Path, store: str, clock: Clock) -> Workspace:
    return Workspace(
        settings.load_settings(
            {
                "OBSERVATORY_STORE": store,
                "OBSERVATORY_DATA": str(few),
                "OBSERVATORY_ANALYSTS": "Anne@Example.org, bob@example.org",
                "OBSERVATORY_ANALYST_CLAIM": "groups=analysts",
            }
        ),
        clock,
    )


@pytest.fixture(scope="module")
def ready(few: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, PreparedEdition]:
    """The store of a Desk, made once, and the preview of its draft."""
    store = f"sqlite:///{tmp_path_factory.mktemp('office') / 'desk.db'}"
    workspace = opened(few, store, Clock())
    workspace.publish_curated()
    by = workspace.access.open_operator_session("before")
    for content in (FIGURES, OTHERS):
        draft = workspace.receive("figures.csv", content, by)
        prepared = workspace.build_preview(draft).prepared
        assert prepared is not None
        if content is FIGURES:
            workspace.commit(prepared, by, "")
    workspace.close()
    return store, prepared


@pytest.fixture
def office(ready: tuple[str, PreparedEdition], few: Path, stores: StoreMaker, tmp_path: Path) -> Iterator[Office]:
    store, prepared = ready
    clock = Clock()
    workspace = opened(few, stores.copy(store, tmp_path), clock)
    workspace.publish_note(replace(NOTE, text_fr="Une autre."), workspace.access.open_operator_session("anne"))
    yield Office(workspace, workspace.store.uploads.list_open_drafts()[0], prepared, clock)
    workspace.close()


NOTE = NoteContent("whole", "", "Une note.", "", "P. N.", "expert", date(2026, 11, 22))
Write = Callable[[Office, Any], object]
WRITES: Mapping[str, Write] = {
    "receive": lambda office, by: office.workspace.receive("more.csv", b"more", by),
    "redraft": lambda office, by: office.workspace.redraft(office.draft, by, {"decimal": ","}),
    "discard": lambda office, by: office.workspace.discard(office.draft, by),
    "commit": lambda office, by: office.workspace.commit(office.prepared, by, "note"),
    "publish": lambda office, by: office.workspace.publish(BATCH, by),
    "revert": lambda office, by: office.workspace.revert(2, "note", by),
    "publish_note": lambda office, by: office.workspace.publish_note(NOTE, by),
    "withdraw_note": lambda office, by: office.workspace.withdraw_note(1, "wrong", by),
}
write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


def refused(office: Office, write: Write, by: object, error: str = "error.access.none") -> None:
    """A write is refused, and the store holds what it held."""
    before = office.held()
    with pytest.raises(ObservatoryError) as caught:
        write(office, by)
    assert caught.value.key == error
    assert office.held() == before


def test_every_method_that_takes_a_pass_is_tried_here() -> None:
    """The writes below are all the methods of a workspace that somebody signs."""
    methods = inspect.getmembers(Workspace, inspect.isfunction)
    signed = {name for name, method in methods if "by" in _parameters(method)}
    assert signed == WRITES.keys()


def _parameters(method: Any) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(method).parameters


@write
def test_a_pass_made_by_hand_writes_nothing(office: Office, write: Write) -> None:
    """A pass with the right fields and another secret, of another process, or none is refused; a true one is not."""
    by = office.access.open_operator_session("anne")
    elsewhere = AccessControl(office.workspace.settings, office.workspace.store)
    for shown in (
        None,
        AnalystSession("anne", "operator", None, ""),
        AnalystSession("anne", "operator", None, "0" * 64),
        replace(by, secret=by.secret.upper()),
        replace(by, secret=by.secret[:-1]),
        elsewhere.open_operator_session("anne"),
    ):
        refused(office, write, shown)
    before = office.held()
    write(office, by)
    assert office.held() != before


def test_a_write_is_signed_with_the_name_of_the_pass_that_was_issued(office: Office) -> None:
    """Whoever changes the name on their pass writes under their own name all the same."""
    by = replace(office.access.open_operator_session("anne"), who="somebody else", key=None, kind="start")
    assert office.workspace.receive("more.csv", b"more", by).who == "anne"
    assert office.workspace.commit(office.prepared, by, "").who == "anne"
    office.workspace.discard(office.draft, by)
    assert "somebody else" not in office.held()


@write
def test_a_pass_ends(office: Office, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass that was left, and one whose time is over, write nothing."""
    left, late = office.access.open_operator_session("anne"), office.access.open_operator_session("bob")
    office.access.end_session(left)
    refused(office, write, left)
    now = local_state.monotonic() + local_state.SESSION_SECONDS + 1
    monkeypatch.setattr(local_state, "monotonic", lambda: now)
    refused(office, write, late)


@write
def test_the_pass_of_a_revoked_key_writes_nothing(office: Office, write: Write) -> None:
    """A key that is revoked after its owner signed in and saw the preview opens nothing any more."""
    _made, text = office.workspace.store.keys.create("anne")
    by = office.access.sign_in_with_key(text, "here")
    assert (by.who, by.kind) == ("anne", "key")
    office.workspace.store.keys.revoke("anne")
    refused(office, write, by, "error.access.revoked")


def test_a_key_that_is_revoked_while_a_commit_is_under_way(office: Office) -> None:
    """The key is looked up once more under the lock of the write: a revocation that comes just before wins."""
    _made, text = office.workspace.store.keys.create("anne")
    by = office.access.sign_in_with_key(text, "here")
    admitted = office.access.require_session(by)
    office.workspace.store.keys.revoke("anne")
    before = office.held()
    batch = replace(office.prepared.batch, who=admitted.who)
    with pytest.raises(StoreError) as caught:
        office.workspace.store.publish(batch, office.prepared.parent, (), (), {}, key=admitted.key)
    assert caught.value.key == "error.access.revoked"
    assert office.held() == before


# -- keys ------------------------------------------------------------------------------------------------------------


def wrong(number: int) -> str:
    return f"obs-{number}-" + "a" * 32


def enters(office: Office, text: str, address: str) -> str:
    """The name under which a key enters, or the error."""
    try:
        return office.access.sign_in_with_key(text, address).who
    except AccessError as error:
        return error.key


@pytest.mark.slow
def test_too_many_wrong_keys_from_one_address(office: Office) -> None:
    """After five wrong keys an address waits, even with the right one; others do not; five minutes later it enters."""
    _made, text = office.workspace.store.keys.create("anne")
    tried = [enters(office, shown, "one") for shown in (wrong(1), wrong(2), "", "password", text[:-1])]
    assert tried == ["error.access.key"] * MAX_ATTEMPTS_PER_ADDRESS
    with pytest.raises(AccessError) as caught:
        office.access.sign_in_with_key(text, "one")
    assert "5" in Localizer("en").error_text(caught.value.key, caught.value.values)
    assert "5" in Localizer("fr").error_text(caught.value.key, caught.value.values)
    assert enters(office, text, "two") == "anne"
    office.clock.seconds += ATTEMPT_WINDOW_SECONDS + 1
    assert enters(office, text, "one") == "anne"


def test_wrong_keys_of_others_never_lock_an_owner(office: Office) -> None:
    """However many wrong secrets are tried for a key from elsewhere, its owner enters; who tried does not."""
    first, text = office.workspace.store.keys.create("anne")
    for place in range(8):
        for _ in range(MAX_ATTEMPTS_PER_ADDRESS):
            assert enters(office, wrong(first.id), f"address {place}") == "error.access.key"
    assert enters(office, text, "home") == "anne"
    assert enters(office, text, "address 3") == "error.access.too_many"


def test_many_attempts_at_once_count_as_many(office: Office) -> None:
    """Thirty attempts at the same moment are no way around the limit."""
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(enters(office, wrong(9), "one")))
        for _ in range(6 * MAX_ATTEMPTS_PER_ADDRESS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(found)) == ["error.access.key", "error.access.too_many"]
    assert found.count("error.access.key") == MAX_ATTEMPTS_PER_ADDRESS


@pytest.mark.slow
def test_what_is_remembered_of_attempts_is_bounded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts beyond a number push the oldest out, and go once their time is over; none names its address."""
    monkeypatch.setattr(shared_state, "MAX_KEPT_ATTEMPTS", 6)
    for place in range(8):
        enters(office, "wrong", f"192.0.2.{place}" + "0" * 10_000)
    address = office.workspace.settings.store_url
    rows = [row[0] for row in read_rows(address, "SELECT client FROM attempts")]
    assert len(set(rows)) == 6
    assert {len(row) for row in rows} == {64}
    assert "192.0.2." not in office.held()
    office.clock.seconds += ATTEMPT_WINDOW_SECONDS + 1
    enters(office, "wrong", "one")
    assert read_rows(address, "SELECT count(*) FROM attempts") == [(1,)]


@pytest.mark.slow
def test_no_text_of_a_key_is_kept_or_told(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Neither right nor wrong keys stay in memory, in a log, in an error, or in what a pass shows of itself."""
    caplog.set_level(logging.DEBUG)
    _made, text = office.workspace.store.keys.create("anne")
    by = office.access.sign_in_with_key(text, "here")
    texts = [repr(by), str(by)]
    typed = [text[:-1] + "!", "correct-horse-battery-staple", wrong(7), "start-of-my-password"]
    for shown in typed:
        with pytest.raises(AccessError) as caught:
            office.access.sign_in_with_key(shown, "here")
        texts += [str(caught.value), repr(caught.value), repr(caught.value.values)]
    texts += [repr(vars(office.access)), repr(vars(office.access._local)), caplog.text, office.held()]
    for shown in (text, by.secret, *typed, "correct", "a" * 32, "my-password", text.rpartition("-")[2]):
        assert not any(shown in one for one in texts), shown


@pytest.mark.slow
def test_the_key_of_a_start(office: Office) -> None:
    """It is the same until the process ends, opens this process only, and is tried no more often than others."""
    text = office.access.issue_start_key()
    assert office.access.issue_start_key() == text
    by = office.access.sign_in_with_key(f" {text}\n", "here")
    assert (by.who, by.kind, by.key) == ("local", "start", None)
    assert office.access.require_session(by) == by
    elsewhere = AccessControl(office.workspace.settings, office.workspace.store)
    for other in (text, "", "start-"):
        with pytest.raises(AccessError):
            elsewhere.sign_in_with_key(other, "here")
    elsewhere.issue_start_key()
    for _ in range(MAX_ATTEMPTS_PER_ADDRESS):
        with pytest.raises(AccessError):
            elsewhere.sign_in_with_key("start-" + "a" * 24, "new")
    with pytest.raises(AccessError) as caught:
        elsewhere.sign_in_with_key(elsewhere.issue_start_key(), "new")
    assert caught.value.key == "error.access.too_many"


# -- identities ------------------------------------------------------------------------------------------------------


ANNE = "anne@example.org"


@pytest.mark.parametrize(
    ("identity", "who"),
    [
        (Identity(ANNE, True), ANNE),
        (Identity("ANNE@Example.ORG", True), "ANNE@Example.ORG"),
        (Identity(f"  {ANNE}\n", True), ANNE),
        (Identity("bob@example.org", True, {"groups": []}), "bob@example.org"),
        (Identity("c@example.org", True, {"groups": "analysts"}), "c@example.org"),
        (Identity("c@example.org", True, {"groups": ["x", "analysts"]}), "c@example.org"),
        (Identity("boss@example.org", False, {"groups": ["analysts"], "sub": "42"}), "boss@example.org (42)"),
        (Identity("", False, {"groups": ["analysts"], "sub": "42", "name": "C.\u202e\n D."}), "C. D. (42)"),
        (Identity("", False, {"groups": ["analysts"], "sub": "42"}), "(42)"),
    ],
)
def test_whom_the_list_or_a_claim_lets_in(office: Office, identity: Identity, who: str) -> None:
    """A verified address on the list, in whatever case, or the claim, alone or in a list; and the name that writes.

    An address that the provider does not vouch for is never the whole name: it may be that of somebody else.
    """
    by = office.access.sign_in_with_identity(identity)
    assert (by.who, by.kind, by.key) == (who, "identity", None)
    assert office.workspace.receive("more.csv", b"more", by).who == who


@pytest.mark.parametrize(
    "identity",
    [
        Identity(ANNE, False),
        Identity(ANNE, False, {"sub": "42", "email_verified": "true"}),
        Identity("", True),
        Identity("", True, {"email": ANNE, "sub": "42"}),
        Identity("anne@example.org.evil.org", True),
        Identity("anne@example.org, bob@example.org", True),
        Identity("xanne@example.org", True),
        Identity("\u212aanne@example.org", True),
        Identity("c@example.org", True, {"groups": "analysts2"}),
        Identity("c@example.org", True, {"groups": "non-analysts"}),
        Identity("c@example.org", True, {"groups": {"analysts": True}}),
        Identity("c@example.org", True, {"groups": ["Analysts", ["analysts"]]}),
        Identity("c@example.org", True, {"other": "analysts", "groups=analysts": "analysts"}),
        Identity("", False, {"groups": ["analysts"]}),
    ],
)
def test_whom_nothing_lets_in(office: Office, identity: Identity) -> None:
    """Not on the list, not vouched for, a claim that is nearly right, or nobody who could be named."""
    with pytest.raises(AccessError) as caught:
        office.access.sign_in_with_identity(identity)
    assert caught.value.key == "error.access.not_listed"


@pytest.mark.parametrize("claim", ["", "groups", "groups=", "=analysts"])
def test_without_a_setting_nobody_is_let_in(claim: str, office: Office) -> None:
    """No list and no claim, or half a claim, let in nobody, not even those who lack the claim."""
    chosen = settings.load_settings({"OBSERVATORY_ANALYST_CLAIM": claim, "OBSERVATORY_ANALYSTS": " ,; "})
    none = AccessControl(replace(chosen, store_url=office.workspace.settings.store_url), office.workspace.store)
    for claims in ({}, {"groups": ""}, {"groups": [""]}, {"": "analysts"}, {"groups": None}):
        with pytest.raises(AccessError):
            none.sign_in_with_identity(Identity(ANNE, True, claims))


# -- what they write -------------------------------------------------------------------------------------------------


def test_names_and_notes_are_kept_without_what_cannot_be_seen(office: Office) -> None:
    """Controls, line breaks, escapes for terminals and marks that turn the direction of writing go; words stay."""
    by = office.access.open_operator_session("an\x1b[31mne\x00")
    assert by.who == "an[31mne"
    name = "ra\u202epport\u2066\r\n \u00a0é.csv" + "x" * 500
    draft = office.workspace.receive(name, b"more", by)
    assert draft.name.startswith("rapport é.csvxxx")
    assert len(draft.name) == 200
    vintage = office.workspace.commit(
        office.prepared, by, "  l'essai\x00\x07 n\u00b0\u202f2\u2028\ud800 <b>" + "y" * 5000
    )
    assert vintage.note_fr.startswith("l'essai n\u00b0 2 <b>yyy")
    assert len(vintage.note_fr) == 1000


@given(st.text(), st.integers(1, 60))
def test_legible(text: str, most: int) -> None:
    """Whatever is typed comes out printable, no longer than asked, and twice is the same as once."""
    found = sanitize_text(text, most)
    assert found.isprintable()
    assert len(found) <= most
    assert sanitize_text(found, most) == found
