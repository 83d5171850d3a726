"""Fields for numbers on their pages: what can be read in two ways is said and changes nothing."""

import sys

import pytest
from streamlit.testing.v1 import AppTest

from observatory.language import Localizer
from observatory.mix import Mix
from observatory.pages.components import mix_fragment
from observatory.workspace import Workspace


def page(name: str, lang: str, view: str = "") -> None:
    """The script of a page alone."""
    from importlib import import_module

    from observatory import workspace
    from observatory.selection import Selection

    chosen = Selection(lang=lang, indicator="aluminium_price" if name == "purchasing" else "", view=view)
    import_module(f"observatory.pages.{name}.page").show(workspace.get_workspace().get_outlook(), chosen, {})


def opened(name: str, lang: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, *, view: str = "") -> AppTest:
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setattr("observatory.pages.portfolio.files.show", lambda *_given: None)  # its links need an address
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    app = AppTest.from_function(page, default_timeout=600, kwargs={"name": name, "lang": lang, "view": view})
    app.session_state[mix_fragment.MIX_KEY] = Mix({"helicopters": 60, "space": 40})
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("lang", "text", "threshold", "sentence"),
    [
        ("fr", "3.000", "", "Écrivez 3000 ou 3."),
        ("fr", "3.125", "", "Écrivez 3125 ou 3,125."),
        ("fr", "3.000,5", "3000.5", ""),
        ("fr", "3,125", "3.125", ""),
        ("en", "3,000", "3000", ""),
        ("en", "0", "", "is not possible here"),
    ],
)
def test_a_threshold_with_two_readings_is_not_guessed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, lang: str, text: str, threshold: str, sentence: str
) -> None:
    """In French 3.000 is refused with both ways to write it; in English 3,000 is three thousand."""
    app = opened("purchasing", lang, workspace, monkeypatch)
    app.text_input(key="w_threshold").set_value(text).run()
    assert not app.exception
    assert dict(app.query_params).get("threshold", "") == threshold
    assert dict(app.query_params).get("currency", "") == ("eur" if threshold else ""), "the price is in euros"
    assert [sentence in row.value for row in app.text] == ([True] if sentence else [])


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [("w_share_brent", "12,5", "un nombre entier de 0 à 999"), ("w_share_brent", "2.000", "Écrivez 2000 ou 2.")],
)
def test_a_share_of_a_basket_is_a_whole_number(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, key: str, text: str, sentence: str
) -> None:
    """A share of 12,5 is refused, not read as 125; 40 is taken."""
    app = opened("purchasing", "fr", workspace, monkeypatch, view="basket")
    app.text_input(key=key).set_value(text).run()
    assert "basket" not in app.query_params
    assert [sentence in row.value.replace("\u00a0", " ") for row in app.text] == [True]
    app.text_input(key=key).set_value("40").run()
    assert "brent:40" in app.query_params["basket"]
    assert not app.text


@pytest.mark.slow
def test_turnover_and_own_growth_are_read_in_french(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """1.500 as a turnover is refused, 1.500.000 is a million and a half, a growth of 2,5 is not 25."""
    app = opened("portfolio", "fr", workspace, monkeypatch)
    app.text_input(key="w_turnover").set_value("1.500").run()
    assert app.session_state[mix_fragment.MIX_KEY].turnover == 0
    assert ["Écrivez 1500 ou 1,5." in row.value for row in app.text] == [True]
    app.text_input(key="w_turnover").set_value("3,2 M\u20ac").run()
    assert ["Écrivez-le en entier, sans unité" in row.value for row in app.text] == [True]
    app.text_input(key="w_turnover").set_value("1.500.000").run()
    app.text_input(key="w_own_space").set_value("2,5").run()
    app.text_input(key="w_own_helicopters").set_value("\u22123,25").run()
    mix = app.session_state[mix_fragment.MIX_KEY]
    assert (mix.turnover, mix.assumed_growth) == (1_500_000, {"space": 2.5, "helicopters": -3.2})
    assert app.text_input(key="w_turnover").value == "1\u202f500\u202f000"
    assert not app.text
    app.text_input(key="w_own_space").set_value("").run()
    assert app.session_state[mix_fragment.MIX_KEY].assumed_growth == {"helicopters": -3.2}


def shares_of(app: AppTest) -> dict[str, int]:
    return dict(app.session_state[mix_fragment.MIX_KEY].shares)


@pytest.mark.slow
def test_shares_are_stepped_or_typed_and_always_make_100(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A press moves five points, a whole number is taken, the other market has the rest; anything else is refused."""
    app = opened("portfolio", "fr", workspace, monkeypatch)
    app.button(key="mixmore_helicopters").click().run()
    assert shares_of(app) == {"helicopters": 65, "space": 35}
    app.button(key="mixless_space").click().run()
    assert shares_of(app) == {"helicopters": 70, "space": 30}
    app.text_input(key="w_share_space").set_value("43").run()
    assert shares_of(app) == {"helicopters": 57, "space": 43}
    assert app.text_input(key="w_share_helicopters").value == "57"
    for text, sentence in (
        ("3.000", "Écrivez 3000 ou 3."),
        ("12,5", "un nombre entier de 0 à 100"),
        ("101", "de 0 à 100"),
    ):
        app.text_input(key="w_share_space").set_value(text).run()
        assert [sentence in row.value.replace("\u00a0", " ") for row in app.text] == [True], text
        assert shares_of(app) == {"helicopters": 57, "space": 43}
    app.button_group(key="w_markets").set_value(["helicopters", "space", "drones"]).run()
    assert shares_of(app) == {"helicopters": 51, "space": 39, "drones": 10}
    assert not app.text
    app.button_group(key="w_markets").set_value(["drones"]).run()
    assert shares_of(app) == {"drones": 100}
    assert app.button(key="mixmore_drones").disabled


@pytest.mark.slow
def test_five_chips_ask_for_know_how_and_one_shows_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five of the table and one for the rest; a choice goes to the fragment."""
    app = opened("portfolio", "fr", workspace, monkeypatch)
    table = [Localizer("fr").field_text(row, "title") for row in workspace.get_outlook().knowhow]
    chips = [option.content for option in app.button_group(key="w_knowhow").proto.options]
    assert (chips[:5], len(chips)) == (table[:5], 6)
    app.button_group(key="w_knowhow").set_value(["machining"]).run()
    assert app.session_state[mix_fragment.MIX_KEY].knowhow == ("machining",)
    assert any("o-nears" in html.proto.body for html in app.get("html"))
    app.button_group(key="w_knowhow").set_value(["machining", ""]).run()
    assert [option.content for option in app.button_group(key="w_knowhow").proto.options] == table
    assert app.session_state[mix_fragment.MIX_KEY].knowhow == ("machining",)
