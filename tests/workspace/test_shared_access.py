"""Signing in over several servers of one store: two workspaces on it are two servers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from observatory.errors import AccessError, StoreError
from observatory.settings import Settings, load_settings
from observatory.store.shared_state import SharedState
from observatory.store.sqlite import open_sealed
from observatory.store.store import Store
from observatory.workspace import AccessControl, AnalystSession, Identity
from observatory.workspace.access import MAX_ATTEMPTS_PER_ADDRESS
from tests.support.clock import one_day_clock
from tests.support.servers import open_stores
from tests.support.stores import StoreMaker, copy_store

WRONG = "obs-1-" + "a" * 32


def _settings(address: str) -> Settings:
    return load_settings({"OBSERVATORY_STORE": address, "OBSERVATORY_ANALYSTS": "anne@example.org"})


def _error(access: AccessControl, session: AnalystSession) -> str:
    """Why a session is refused; empty if it is good."""
    try:
        access.require_session(session)
    except AccessError as error:
        return error.key
    return ""


class SignInServers:
    """Two servers that one signs in to, on one store, and the text of a key of it."""

    def __init__(self, address: str, stores: Sequence[Store]) -> None:
        self.address, self.stores = address, stores
        self.one, self.other = (AccessControl(_settings(address), store) for store in stores)
        self.key = self.stores[0].keys.create("anne")[1]


@pytest.fixture
def servers(stores: StoreMaker, tmp_path: Path) -> Iterator[SignInServers]:
    address = stores.create(tmp_path)
    with open_stores(address) as opened:
        yield SignInServers(address, opened)


def _sign_in(servers: SignInServers, kind: str) -> AnalystSession:
    if kind == "identity":
        return servers.one.sign_in_with_identity(Identity("anne@example.org", True))
    return servers.one.sign_in_with_key(servers.one.issue_start_key() if kind == "start" else servers.key, "here")


@pytest.mark.parametrize("kind", ["key", "start", "identity"])
def test_signed_in_on_one_and_out_on_another(servers: SignInServers, kind: str) -> None:
    """A pass opens both servers, with the name and key with which it was made; ended on either it opens none."""
    by = _sign_in(servers, kind)
    assert by.kind == kind
    assert servers.other.resume_session(by.secret) == servers.one.require_session(by) == by
    servers.other.end_session(by)
    assert _error(servers.one, by) == _error(servers.other, by) == "error.access.none"


def test_a_ticket_of_one_is_redeemed_by_another(servers: SignInServers) -> None:
    """The request for the cookie may reach any server; it is granted once."""
    by = _sign_in(servers, "key")
    ticket = servers.one.issue_ticket(by)
    assert servers.other.redeem_ticket(ticket) == by
    for access in (servers.one, servers.other):
        with pytest.raises(AccessError):
            access.redeem_ticket(ticket)


def test_a_revoked_key_ends_its_passes_everywhere(servers: SignInServers) -> None:
    """Revoked through one store, the key's pass opens neither server."""
    by = _sign_in(servers, "key")
    servers.stores[1].keys.revoke("anne")
    assert _error(servers.one, by) == _error(servers.other, by) == "error.access.revoked"


def test_the_pass_of_a_command_is_of_its_process(servers: SignInServers) -> None:
    """The right of who writes to the file anyway is no sign-in: another process knows nothing of it."""
    by = servers.one.open_operator_session("anne")
    assert _error(servers.one, by) == ""
    assert _error(servers.other, by) == "error.access.none"


def test_five_wrong_keys_over_two_servers(servers: SignInServers) -> None:
    """The right key is refused on both then; a right one between wrong ones is not counted, and frees nothing."""
    for number in range(MAX_ATTEMPTS_PER_ADDRESS):
        access = (servers.one, servers.other)[number % 2]
        access.sign_in_with_key(servers.key, "192.0.2.7")
        with pytest.raises(AccessError, match=r"error\.access\.key"):
            access.sign_in_with_key(WRONG, "192.0.2.7")
    for access in (servers.one, servers.other):
        with pytest.raises(AccessError, match=r"error\.access\.too_many"):
            access.sign_in_with_key(servers.key, "192.0.2.7")
        access.sign_in_with_key(servers.key, "192.0.2.8")


def test_a_store_that_cannot_be_written_is_replaced_by_memory(servers: SignInServers, tmp_path: Path) -> None:
    """On a read-only copy one signs in, is locked out and signs out, in this process alone."""
    copy = copy_store(servers.address, tmp_path, "copy.db") / "copy.db"
    sealed = open_sealed(copy)
    store = servers.stores[1]
    store.shared = SharedState(sealed, str(copy), one_day_clock)
    access = AccessControl(_settings(f"sqlite:///{copy}"), store)
    by = access.sign_in_with_key(servers.key, "here")
    assert access.redeem_ticket(access.issue_ticket(by)) == by
    assert _error(servers.one, by) == "error.access.none"
    access.end_session(by)
    assert _error(access, by) == "error.access.none"
    for _ in range(MAX_ATTEMPTS_PER_ADDRESS):
        with pytest.raises(AccessError, match=r"error\.access\.key"):
            access.sign_in_with_key(WRONG, "here")
    with pytest.raises(AccessError, match=r"error\.access\.too_many"):
        access.sign_in_with_key(servers.key, "here")
    sealed.dispose()


def test_an_end_that_cannot_be_stored_is_one_here(servers: SignInServers, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a full disk, who signs out is told, and this server refuses the pass all the same."""
    by = _sign_in(servers, "key")

    def fail(_self: SharedState, _digest: str) -> None:
        raise StoreError("error.store.full", path="x", why="full")

    monkeypatch.setattr(SharedState, "end_pass", fail)
    with pytest.raises(StoreError, match=r"error\.store\.full"):
        servers.one.end_session(by)
    assert _error(servers.one, by) == "error.access.none"
