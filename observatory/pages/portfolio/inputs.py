"""Inputs of the portfolio page: markets of the firm, shares, turnover, own growth assumptions; all optional."""

from dataclasses import replace
from functools import partial

import streamlit as st

from observatory.language import Localizer
from observatory.mix import (
    FULL_PERCENT,
    MAX_GROWTH_PERCENT,
    MAX_TURNOVER_EUROS,
    SHARE_STEP,
    Mix,
    format_fragment,
    rescale_shares,
    set_markets,
    set_share,
)
from observatory.outlook.outlook import Outlook
from observatory.pages.components import bar_table, html, mix_fragment, number_field
from observatory.pages.components.pictograms import market_icon
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import escape_markdown, make_label_formatter, seed_widget
from observatory.pages.portfolio import skills
from observatory.selection import Selection

_EXAMPLE_MIX = Mix({"commercial_aircraft": 70, "space": 20, "helicopters": 10}, 6_000_000, knowhow=("machining",))
_ENTERED_KEY = "mix_entered"  # of the session: the markets whose share the reader set
_SHARE_LIMITS = number_field.NumberLimits(0, FULL_PERCENT)
_TURNOVER_LIMITS = number_field.NumberLimits(0, MAX_TURNOVER_EUROS)
_RATE_LIMITS = number_field.NumberLimits(-MAX_GROWTH_PERCENT, MAX_GROWTH_PERCENT, whole=False)


def show(outlook: Outlook, selection: Selection, mix: Mix, localizer: Localizer) -> None:
    """Shows the inputs, seeded from the mix at each run; a change goes to the mix and so to the URL fragment."""
    names = {
        name: localizer.field_text(outlook.catalogue.segments[name], "title") for name in outlook.catalogue.markets
    }
    total = localizer.text("portfolio.mix.total", total=mix.total_percent) if mix.shares else ""
    st.html(render("firm_total", title=localizer.text("portfolio.mix.title"), total=total))
    labelled_shares = [(names[name], share) for name, share in mix.normalized_shares.items()]
    if labelled_shares:
        shares = ", ".join(f"{name} {localizer.percent_text(share)}" for name, share in labelled_shares)
        label = localizer.text("portfolio.mix.bar", list=shares)
        st.html(bar_table.render_mix_bar(labelled_shares, label, localizer))
    with st.container(key="mix_rows"):
        rejections = [_show_share(name, mix, names[name], localizer) for name in mix.shares]
    number_field.show_rejections("shares", *rejections)
    _show_total_notice(mix, localizer)
    st.pills(
        localizer.text("portfolio.mix.markets"),
        list(names),
        selection_mode="multi",
        default=seed_widget("w_markets", list(mix.shares)),
        format_func=make_label_formatter(names),
        key="w_markets",
        on_change=_on_markets_change,
    )
    _show_turnover(mix, localizer)
    if mix.shares:
        _show_assumptions(outlook, selection, mix, names, localizer)
    else:
        skills.show_choice(outlook, mix, localizer)
        url, label = f"#{format_fragment(_EXAMPLE_MIX)}", localizer.text("portfolio.mix.example")
        st.html(render("under_link", url=url, text=label, css_class="o-try"))
    st.html(html.render_paragraphs("o-source o-private", localizer.text("portfolio.privacy")))


def _show_share(name: str, mix: Mix, title: str, localizer: Localizer) -> str:
    """A market with its number field between two buttons; returns why the last text was rejected, or nothing."""
    is_alone = len(mix.shares) == 1
    with st.container(key=f"mixrow_{name}", horizontal=True):
        st.html(render("firm_market", pictogram=market_icon(name), title=title))
        for kind, icon, step in (("less", "remove", -SHARE_STEP), ("more", "add", SHARE_STEP)):
            if kind == "more":
                wrong = _show_share_field(name, mix, title, localizer)
            st.button(
                escape_markdown(localizer.text(f"portfolio.mix.{kind}", market=title)),
                key=f"mix{kind}_{name}",
                icon=f":material/{icon}:",
                disabled=is_alone,
                on_click=partial(_on_step, name, step),
            )
    return wrong


def _show_share_field(name: str, mix: Mix, title: str, localizer: Localizer) -> str:
    field = number_field.NumberField(
        f"w_share_{name}",
        escape_markdown(localizer.text("portfolio.mix.share", market=title)),
        _SHARE_LIMITS,
        partial(_on_share_change, name),
        is_label_hidden=True,
        is_disabled=len(mix.shares) == 1,
    )
    return number_field.show_number_field(field, str(mix.shares[name]), localizer)


def _show_total_notice(mix: Mix, localizer: Localizer) -> None:
    """What is to be known of the total: that a single market is all of it, or that a link adds up to another number."""
    if not mix.shares:
        return
    if mix.total_percent == FULL_PERCENT:
        if len(mix.shares) == 1:
            st.html(html.render_paragraphs("o-source", localizer.text("portfolio.mix.alone")))
        return
    key = f"portfolio.mix.total.{'other' if mix.total_percent else 'none'}"
    st.html(html.render_paragraphs("o-source", localizer.text(key, total=mix.total_percent)))
    if mix.total_percent:
        st.button(localizer.text("portfolio.mix.spread"), key="w_spread", on_click=_on_spread)


def _show_turnover(mix: Mix, localizer: Localizer) -> None:
    wrong = number_field.show_number_field(
        number_field.NumberField(
            "w_turnover", localizer.text("portfolio.mix.turnover"), _TURNOVER_LIMITS, _on_turnover_change
        ),
        str(mix.turnover or ""),
        localizer,
    )
    number_field.show_rejections("turnover", wrong)


def _show_assumptions(
    outlook: Outlook, selection: Selection, mix: Mix, names: dict[str, str], localizer: Localizer
) -> None:
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
        st.button(localizer.text("portfolio.mix.clear"), key="w_clear", icon=":material/close:", on_click=_on_clear)


def _on_markets_change() -> None:
    st.session_state.pop(_ENTERED_KEY, None)
    mix_fragment.set_mix(set_markets(mix_fragment.get_mix(), st.session_state.get("w_markets") or []))


def _on_share_change(name: str, plain: str) -> None:
    """Gives a market the share that was typed, and the others the rest; an empty field has its share again."""
    mix = mix_fragment.get_mix()
    if plain and name in mix.shares:
        _enter_share(mix, name, int(plain))


def _on_step(name: str, step: int) -> None:
    mix = mix_fragment.get_mix()
    if name in mix.shares:
        _enter_share(mix, name, mix.shares[name] + step)


def _enter_share(mix: Mix, name: str, share: int) -> None:
    """Sets a share; those that the reader entered before stay, so that three entries make three shares."""
    entered: list[str] = st.session_state.setdefault(_ENTERED_KEY, [])
    mix_fragment.set_mix(set_share(mix, name, share, entered))
    if name not in entered:
        entered.append(name)


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
