"""A reader who never signed in says to the server what they like; the same from an analyst is the control."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.Common_pb2 import FileUploaderState

from observatory import settings
from observatory.store.uploads import UploadDraft
from observatory.workspace import Workspace
from tests.journeys.conftest import serving
from tests.journeys.wire import Wire, put
from tests.support.stores import StoreMaker, dump_store

pytestmark = pytest.mark.slow  # a server of its own

HEAD = "indicator,geo,item,period,value\n"


@dataclass
class Place:
    """A server, and the store that it serves, as another process sees it."""

    address: str
    workspace: Workspace
    folder: Path

    def key(self, name: str) -> str:
        """A new key."""
        return self.workspace.store.keys.create(name)[1]

    def draft(self, value: int) -> UploadDraft:
        """A draft that waits, ready to be published."""
        content = f"{HEAD}airbus_deliveries,WORLD,,2025,{value}\n".encode()
        return self.workspace.receive(f"{value}.csv", content, self.workspace.access.open_operator_session("zelda"))

    def held(self) -> str:
        """All that the store holds."""
        return dump_store(self.workspace.settings.store_url)


@pytest.fixture(scope="module")
def place(few: Path, stores: StoreMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server of its own on a store with two editions."""
    folder = tmp_path_factory.mktemp("forged")
    store = stores.create(folder)
    workspace = Workspace(settings.load_settings({"OBSERVATORY_STORE": store, "OBSERVATORY_DATA": str(few)}))
    workspace.publish_curated()
    made = Place("", workspace, folder)
    prepared = workspace.build_preview(made.draft(812)).prepared
    assert prepared is not None
    workspace.commit(prepared, workspace.access.open_operator_session("zelda"), "")
    made.key("nobody")  # so that the server prints no key of its own
    with serving(folder, store, OBSERVATORY_DATA=str(few)) as made.address:
        yield made
    workspace.close()


def buttons(analyst: Wire, draft: UploadDraft) -> dict[str, str]:
    """The widgets of who has signed in, by key: the desk with a draft that is ready, and undoing the newest edition."""
    assert "Signed in" in analyst.run(f"draft={draft.id}&lang=en")
    found = analyst.ids()
    analyst.run("lang=en")
    found |= analyst.ids()
    box = next(row for row in analyst.shown if getattr(row, "id", "") == found["w_undo"])
    analyst.run("lang=en", [(found["w_undo"], "string_value", box.options[0])])
    found |= analyst.ids()
    assert {"w_publish", f"w_note_{draft.id}", "w_discard", "w_leave", "w_undo", "w_revert", "w_undo_note"} <= set(
        found
    )
    return found


def forged(ids: dict[str, str], draft: UploadDraft) -> list[tuple[str, str, Any]]:
    """Every button pressed and every text filled, under the true ids."""
    pressed = [(ids[key], "trigger_value", True) for key in ("w_publish", "w_discard", "w_revert")]
    return [*pressed, *((ids[key], "string_value", "forged") for key in (f"w_note_{draft.id}", "w_undo_note"))]


def test_a_forged_message_publishes_nothing_and_the_same_from_an_analyst_does(place: Place) -> None:
    """Every press of a button from a session without a pass leaves the store as it is; one with a pass publishes."""
    draft, other = place.draft(901), place.draft(1901)
    with Wire(place.address) as analyst, Wire(place.address) as reader:
        assert "Signed in: anne" in analyst.enter(place.key("anne"))
        ids = buttons(analyst, draft)
        before = place.held()
        values = forged(ids, draft)
        here = f"draft={draft.id}&lang=en"
        for page in ("publish", "", "whats-new"):
            for query in (here, "lang=en", f"{here}&pass=anne&w_publish=true"):
                for fragment in ("w_publish", ids["w_publish"], "f" * 32):
                    reader.send(query, values, page, fragment)
                reader.run(query, values, page)
                reader.run(query, values, page)
                reader.answered()
        for value in values:
            shown = reader.run(here, [value])
            assert "Signed in" not in shown
            assert "Sign in to upload a file" in shown
        with Wire(place.address, resumed="00000000-0000-4000-8000-000000000000") as guess:
            assert "Signed in" not in guess.run(here, values)
        assert place.held() == before
        assert reader.run("lang=en", page="") != ""
        analyst.run(here)
        note = (ids[f"w_note_{draft.id}"], "string_value", "not forged")
        analyst.run(here, [note, (ids["w_publish"], "trigger_value", True)])
        newest = place.workspace.get_vintage()
        assert (newest.draft, newest.who, newest.note_en) == (draft.id, "anne", "not forged")
        ids = buttons(analyst, other)
        reason = (ids["w_undo_note"], "string_value", "sent by mistake")
        analyst.run("lang=en", [reason, (ids["w_revert"], "trigger_value", True)])
        undone = place.workspace.get_vintage()
        assert (undone.reverts, undone.who) == (newest.id, "anne")
        analyst.run(f"draft={other.id}&lang=en")
        analyst.run(f"draft={other.id}&lang=en", [(ids["w_discard"], "trigger_value", True)])
        assert other.id not in {row.id for row in place.workspace.store.uploads.list_open_drafts()}


def test_the_id_of_a_session_takes_nothing_over(place: Place) -> None:
    """A session that was dropped goes on for its own browser; who knows its id alone gets a new one, and no upload."""
    with Wire(place.address) as analyst:
        assert "Signed in: eve" in analyst.enter(place.key("eve"))
    other = Wire(place.address, resumed=analyst.session)
    assert other.put(analyst.session, b"a") == 403
    with other:
        assert "Signed in" not in other.run("lang=en")
        assert other.session != analyst.session
    back = Wire(place.address, resumed=analyst.session)
    back.token = analyst.token
    with back:
        assert "Signed in: eve" in back.run("lang=en")
        assert back.session == analyst.session
        assert back.put(back.session, b"a") == 204


PASS = '{"who":"anne","kind":"operator","key":null,"secret":"' + "0" * 64 + '"}'


@pytest.mark.parametrize("name", ["pass", "message", "refused", "files", "w_publish", "w_leave"])
@pytest.mark.parametrize(("field", "value"), [("string_value", PASS), ("json_value", PASS), ("trigger_value", True)])
def test_a_name_of_the_session_cannot_be_written(place: Place, name: str, field: str, value: object) -> None:
    """A message that says a value for a name of our own, a pass among them, spoils the page of its sender at most."""
    draft = place.draft(900)
    before = place.held()
    with Wire(place.address) as sender, Wire(place.address) as reader:
        for _ in range(2):
            assert "Signed in" not in sender.run(f"draft={draft.id}&lang=en", [(name, field, value)])
            assert not any(key.startswith(("w_file", "w_discard", "w_leave")) for key in sender.ids())
        assert "Sign in to upload a file" in reader.run("lang=en")
        assert "Sign in to upload a file" in sender.run("lang=en")
    assert place.held() == before
    os.truncate(place.folder / "log.txt", 0)  # Streamlit stumbles over such a name; that the page failed is told there


@pytest.mark.parametrize("button", ["w_publish", "w_discard", "w_revert"])
def test_a_button_that_is_still_on_the_screen_of_a_revoked_analyst(place: Place, button: str) -> None:
    """Somebody whose key is revoked while the preview is open presses a button: they are told, nothing happens."""
    draft = place.draft(902)
    with Wire(place.address) as analyst:
        analyst.enter(place.key("bob"))
        ids = buttons(analyst, draft)  # the last run shows what undoing would change
        here = "lang=en" if button == "w_revert" else f"draft={draft.id}&lang=en"
        if button != "w_revert":
            analyst.run(here)
        assert button in analyst.ids()
        place.workspace.store.keys.revoke("bob")
        before = place.held()
        field = "w_undo_note" if button == "w_revert" else f"w_note_{draft.id}"
        shown = analyst.run(here, [(ids[field], "string_value", "a reason"), (ids[button], "trigger_value", True)])
        assert "Your key has been revoked" in shown
        assert "Signed in" not in shown
        for value in forged(ids, draft):
            analyst.run(here, [value])
        assert place.held() == before


def test_files_of_readers_are_not_even_kept_in_memory(place: Place) -> None:
    """Streamlit's door for files is shut to sessions without a pass, tokens or not; to an analyst it is open."""
    with Wire(place.address) as analyst, Wire(place.address) as reader:
        assert "Signed in: carl" in analyst.enter(place.key("carl"))
        reader.run("lang=en")
        box = next(name for key, name in analyst.ids().items() if key.startswith("w_file_"))
        content = f"{HEAD}airbus_deliveries,WORLD,,2025,903\n".encode()
        before = place.held()
        assert put(place.address, reader.session, content, {}) == 403
        for session in (reader.session, "0" * 36, "..", reader.session + "/" + analyst.session):
            assert reader.put(session, content) in (403, 404, 405)
        assert analyst.put(analyst.session, content, token="") == 403
        chosen = FileUploaderState()
        chosen.uploaded_file_info.add(file_id="1", name="f.csv", size=len(content))
        reader.run("lang=en", [(box, "file_uploader_state_value", chosen)])
        assert place.held() == before
        assert analyst.put(analyst.session, content) == 204
        assert "f.csv" in analyst.run("lang=en", [(box, "file_uploader_state_value", chosen)])
        assert place.workspace.store.uploads.list_open_drafts()[0].who == "carl"
        leave = analyst.ids()["w_leave"]
        assert "Sign in to upload a file" in analyst.run("lang=en", [(leave, "trigger_value", True)])
        assert analyst.put(analyst.session, content) == 403


def test_a_reader_learns_nothing_of_drafts(place: Place) -> None:
    """The page is the same for a draft that waits, one that never was, and none; no name, no figure, no uploader."""
    draft = place.draft(904)
    with Wire(place.address) as reader:
        none = reader.run("lang=en")
        for number in (draft.id, 999999):
            assert reader.run(f"draft={number}&lang=en").replace(f"&amp;draft={number}", "") == none
            assert reader.ids().keys() == {"w_key", "FormSubmitter:sign_in-Enter with this key"}
        assert "904.csv" not in none
        assert "zelda" not in none


def test_the_log_holds_no_key(place: Place) -> None:
    """Right keys, wrong keys and notes: none of them comes into the log of the server."""
    text = place.key("dora")
    with Wire(place.address) as analyst:
        analyst.enter(text[:-1] + "1")
        assert "Signed in: dora" in analyst.enter(text)
    log = (place.folder / "log.txt").read_text(errors="replace")
    assert text[6:] not in log
    assert text[:-1] not in log
    assert "not forged" not in log
