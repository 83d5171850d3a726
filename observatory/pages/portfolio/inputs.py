"""What the reader enters: the markets of the firm, their shares, a turnover, own assumptions; all of it optional."""

from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st

from observatory.language import Speaker
from observatory.mix import LARGEST, STEEPEST, WHOLE, Mix, fragment_of, spread_out
from observatory.outlook.outlook import Outlook
from observatory.pages.components import bar_table, html, mix_fragment, number_field
from observatory.pages.components.url_widgets import named, seed
from observatory.selection import Selection

EXAMPLE = Mix({"commercial_aircraft": 45, "helicopters": 25, "military_aviation": 20, "space": 10})
TURNOVERS = number_field.Limits(0, LARGEST)
RATES = number_field.Limits(-STEEPEST, STEEPEST, whole=False)
FIRST_SHARE = 10  # of a market that is added where nothing is left


def show(outlook: Outlook, selection: Selection, mix: Mix, speaker: Speaker) -> None:
    """The inputs, seeded from the mix at each run; what is entered goes to the mix, and with it to the link."""
    names = {name: speaker.of(outlook.catalogue.segments[name], "title") for name in outlook.catalogue.markets}
    st.html(html.heading(speaker.say("portfolio.mix.title"), speaker.say("portfolio.mix.subtitle")))
    shown = [(names[name], share) for name, share in mix.whole.items()]
    if shown:
        said = ", ".join(f"{name} {speaker.share(share)}" for name, share in shown)
        st.html(bar_table.mixed(shown, speaker.say("portfolio.mix.bar", list=said), speaker.percent_sign))
    st.pills(
        speaker.say("portfolio.mix.markets"),
        list(names),
        selection_mode="multi",
        default=seed("w_markets", list(mix.shares)),
        format_func=named(names),
        key="w_markets",
        on_change=_markets,
    )
    for name in mix.shares:
        st.slider(
            names[name],
            0,
            WHOLE,
            seed(f"w_share_{name}", mix.shares[name]),
            key=f"w_share_{name}",
            format="%d" + speaker.percent_sign.replace("%", "%%"),
            on_change=partial(_share, name),
        )
    _total(mix, speaker)
    if mix.shares:
        _more(outlook, selection, mix, names, speaker)
    st.html(f'<p class="o-source o-private">{escape(speaker.say("portfolio.privacy"))}</p>')


def _total(mix: Mix, speaker: Speaker) -> None:
    """What the shares add up to, and what is done where that is not 100."""
    if not mix.shares:
        link, words = escape(f"#{fragment_of(EXAMPLE)}", quote=True), escape(speaker.say("portfolio.mix.example"))
        st.html(f'<p class="o-unit"><a href="{link}" target="_self">{words}</a></p>')
        return
    off = mix.total != WHOLE
    key = f"portfolio.mix.total{'.other' if mix.total else '.none'}" if off else "portfolio.mix.total"
    st.html(f'<p class="o-unit" role="status">{escape(speaker.say(key, total=mix.total))}</p>')
    with st.container(key="mix_actions", horizontal=True):
        if off and mix.total:
            st.button(speaker.say("portfolio.mix.spread"), key="w_spread", on_click=_spread, type="primary")
        st.button(speaker.say("portfolio.mix.clear"), key="w_clear", icon=":material/close:", on_click=_clear)


def _more(outlook: Outlook, selection: Selection, mix: Mix, names: dict[str, str], speaker: Speaker) -> None:
    wrong = number_field.field(
        speaker.say("portfolio.mix.turnover"),
        "w_turnover",
        str(mix.turnover or ""),
        TURNOVERS,
        speaker,
        _turnover,
    )
    number_field.told("turnover", wrong)
    with st.expander(speaker.say("portfolio.mix.own"), expanded=bool(mix.own)):
        for name in mix.shares:
            call = outlook.calls.get((name, selection.horizon))
            known = call.growth if call else None
            hint = speaker.say("portfolio.mix.own.none")
            if known is not None:
                hint = speaker.say("portfolio.mix.own.ours", growth=speaker.growth(known))
            wrong = number_field.field(
                speaker.say("portfolio.mix.own.one", market=names[name]),
                f"w_own_{name}",
                f"{mix.own[name]:g}" if name in mix.own else "",
                RATES,
                speaker,
                partial(_own, name),
                placeholder=hint,
            )
            number_field.told(f"own_{name}", wrong)


def _markets() -> None:
    """A market that is added takes what is left of the whole, or a little; one that is taken away leaves its share."""
    mix, chosen = mix_fragment.current(), st.session_state.get("w_markets") or []
    shares = {name: share for name, share in mix.shares.items() if name in chosen}
    for name in chosen:
        if name not in shares:
            shares[name] = max(WHOLE - sum(shares.values()), 0) or FIRST_SHARE
    own = {name: rate for name, rate in mix.own.items() if name in shares}
    move = mix.move if mix.move[0] in shares else ("", "")
    mix_fragment.put(replace(mix, shares=shares, own=own, move=move))


def _share(name: str) -> None:
    mix, share = mix_fragment.current(), st.session_state.get(f"w_share_{name}")
    if share is not None and name in mix.shares:
        mix_fragment.put(replace(mix, shares={**mix.shares, name: int(share)}))


def _own(name: str, plain: str) -> None:
    """The growth assumed for a market, with one decimal; nothing goes back to ours."""
    mix = mix_fragment.current()
    rest = {other: value for other, value in mix.own.items() if other != name}
    mix_fragment.put(replace(mix, own={**rest, name: round(float(plain), 1) + 0.0} if plain else rest))


def _turnover(plain: str) -> None:
    mix_fragment.put(replace(mix_fragment.current(), turnover=int(plain or 0)))


def _spread() -> None:
    mix_fragment.put(spread_out(mix_fragment.current()))


def _clear() -> None:
    mix_fragment.put(Mix())
