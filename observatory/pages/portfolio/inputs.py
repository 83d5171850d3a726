"""Inputs of the portfolio page: markets of the firm, shares, turnover, own growth assumptions; all optional."""

from dataclasses import replace
from functools import partial

import streamlit as st

from observatory.language import Localizer
from observatory.mix import FULL_PERCENT, MAX_GROWTH_PERCENT, MAX_TURNOVER_EUROS, Mix, format_fragment, rescale_shares
from observatory.outlook.outlook import Outlook
from observatory.pages.components import bar_table, html, mix_fragment, number_field
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import make_label_formatter, seed_widget
from observatory.selection import Selection

_EXAMPLE_MIX = Mix({"commercial_aircraft": 45, "helicopters": 25, "military_aviation": 20, "space": 10})
_TURNOVER_LIMITS = number_field.NumberLimits(0, MAX_TURNOVER_EUROS)
_RATE_LIMITS = number_field.NumberLimits(-MAX_GROWTH_PERCENT, MAX_GROWTH_PERCENT, whole=False)
_DEFAULT_SHARE = 10  # of an added market if the shares are 100 already


def show(outlook: Outlook, selection: Selection, mix: Mix, localizer: Localizer) -> None:
    """Shows the inputs, seeded from the mix at each run; a change goes to the mix and so to the URL fragment."""
    names = {
        name: localizer.field_text(outlook.catalogue.segments[name], "title") for name in outlook.catalogue.markets
    }
    st.html(html.render_heading(localizer.text("portfolio.mix.title"), localizer.text("portfolio.mix.subtitle")))
    labelled_shares = [(names[name], share) for name, share in mix.normalized_shares.items()]
    if labelled_shares:
        shares = ", ".join(f"{name} {localizer.percent_text(share)}" for name, share in labelled_shares)
        label = localizer.text("portfolio.mix.bar", list=shares)
        st.html(bar_table.render_mix_bar(labelled_shares, label, localizer))
    st.pills(
        localizer.text("portfolio.mix.markets"),
        list(names),
        selection_mode="multi",
        default=seed_widget("w_markets", list(mix.shares)),
        format_func=make_label_formatter(names),
        key="w_markets",
        on_change=_on_markets_change,
    )
    for name in mix.shares:
        st.slider(
            names[name],
            0,
            FULL_PERCENT,
            seed_widget(f"w_share_{name}", mix.shares[name]),
            key=f"w_share_{name}",
            format="%d" + localizer.percent_sign.replace("%", "%%"),
            on_change=partial(_on_share_change, name),
        )
    _show_total(mix, localizer)
    if mix.shares:
        _show_assumptions(outlook, selection, mix, names, localizer)
    st.html(html.render_paragraphs("o-source o-private", localizer.text("portfolio.privacy")))


def _show_total(mix: Mix, localizer: Localizer) -> None:
    """The sum of the shares, and a button that rescales them if it is not 100."""
    if not mix.shares:
        url, label = f"#{format_fragment(_EXAMPLE_MIX)}", localizer.text("portfolio.mix.example")
        st.html(render("under_link", url=url, text=label, css_class="o-unit"))
        return
    off = mix.total_percent != FULL_PERCENT
    key = f"portfolio.mix.total{'.other' if mix.total_percent else '.none'}" if off else "portfolio.mix.total"
    st.html(render("status", text=localizer.text(key, total=mix.total_percent)))
    with st.container(key="mix_actions", horizontal=True):
        if off and mix.total_percent:
            st.button(localizer.text("portfolio.mix.spread"), key="w_spread", on_click=_on_spread, type="primary")
        st.button(localizer.text("portfolio.mix.clear"), key="w_clear", icon=":material/close:", on_click=_on_clear)


def _show_assumptions(
    outlook: Outlook, selection: Selection, mix: Mix, names: dict[str, str], localizer: Localizer
) -> None:
    wrong = number_field.show_number_field(
        number_field.NumberField(
            "w_turnover", localizer.text("portfolio.mix.turnover"), _TURNOVER_LIMITS, _on_turnover_change
        ),
        str(mix.turnover or ""),
        localizer,
    )
    number_field.show_rejections("turnover", wrong)
    with st.expander(localizer.text("portfolio.mix.own"), expanded=bool(mix.assumed_growth)):
        for name in mix.shares:
            call = outlook.calls.get((name, selection.horizon))
            growth = call.growth if call else None
            hint = localizer.text("portfolio.mix.own.none")
            if growth is not None:
                hint = localizer.text("portfolio.mix.own.ours", growth=localizer.growth(growth))
            wrong = number_field.show_number_field(
                number_field.NumberField(
                    f"w_own_{name}",
                    localizer.text("portfolio.mix.own.one", market=names[name]),
                    _RATE_LIMITS,
                    partial(_on_growth_change, name),
                    placeholder=hint,
                ),
                f"{mix.assumed_growth[name]:g}" if name in mix.assumed_growth else "",
                localizer,
            )
            number_field.show_rejections(f"own_{name}", wrong)


def _on_markets_change() -> None:
    """An added market gets the rest to 100 %, or a small share; a removed one frees its share."""
    mix, chosen = mix_fragment.get_mix(), st.session_state.get("w_markets") or []
    shares = {name: share for name, share in mix.shares.items() if name in chosen}
    for name in chosen:
        if name not in shares:
            shares[name] = max(FULL_PERCENT - sum(shares.values()), 0) or _DEFAULT_SHARE
    own = {name: rate for name, rate in mix.assumed_growth.items() if name in shares}
    move = mix.transfer if mix.transfer[0] in shares else ("", "")
    mix_fragment.set_mix(replace(mix, shares=shares, assumed_growth=own, transfer=move))


def _on_share_change(name: str) -> None:
    mix, share = mix_fragment.get_mix(), st.session_state.get(f"w_share_{name}")
    if share is not None and name in mix.shares:
        mix_fragment.set_mix(replace(mix, shares={**mix.shares, name: int(share)}))


def _on_growth_change(name: str, plain: str) -> None:
    """Stores the assumed growth of a market with one decimal; an empty text restores our forecast."""
    mix = mix_fragment.get_mix()
    rest = {other: value for other, value in mix.assumed_growth.items() if other != name}
    mix_fragment.set_mix(replace(mix, assumed_growth={**rest, name: round(float(plain), 1) + 0.0} if plain else rest))


def _on_turnover_change(plain: str) -> None:
    mix_fragment.set_mix(replace(mix_fragment.get_mix(), turnover=int(plain or 0)))


def _on_spread() -> None:
    mix_fragment.set_mix(rescale_shares(mix_fragment.get_mix()))


def _on_clear() -> None:
    mix_fragment.set_mix(Mix())
