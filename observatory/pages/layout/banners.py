"""Notices of a page and links of a dated view: what the address holds, what has changed since."""

from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from observatory import workspace
from observatory.briefs.registry import PageEntry, restrict_to_page
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.selection import Notice, Selection, build_url

_MAX_NOTICES = 4


def show_banners(
    entry: PageEntry, outlook: Outlook, selection: Selection, unread_notices: tuple[Notice, ...], localizer: Localizer
) -> None:
    """The notices over a page, then the links of a dated view."""
    notices, newest = list_notices(outlook, selection, unread_notices, localizer)
    show_notices("notices", notices, _render_changes_link(outlook, newest, selection, localizer) if newest else "")
    with st.container(key="after"):
        if outlook.later_panel:
            base_link = _render_base_link(entry, outlook, selection, localizer)
            st.html(_render_later_values_link(entry, selection, localizer) + base_link)


def list_notices(
    outlook: Outlook, selection: Selection, unread_notices: tuple[Notice, ...], localizer: Localizer
) -> tuple[list[str], int]:
    """The notices of an address, and the newest edition if a dated one differs from it (else 0)."""
    notices, newest = list_edition_notices(outlook, selection, localizer)
    for notice in unread_notices[:_MAX_NOTICES]:
        is_own_choice = notice.key == "notice.unknown_value" and notice.default == "-"
        key = "notice.own_choice" if is_own_choice else notice.key
        notices.append(localizer.text(key, name=notice.name, value=notice.value, default=notice.default))
    if len(unread_notices) > _MAX_NOTICES:
        notices.append(localizer.plural("notice.more", len(unread_notices) - _MAX_NOTICES))
    if selection.indicator and selection.indicator not in outlook.catalogue.indicators:
        title = localizer.field_text(
            workspace.get_workspace().get_full_catalogue().indicators[selection.indicator], "title"
        )
        notices.append(localizer.text("banner.not_yet", title=title))
    return notices, newest


def list_edition_notices(outlook: Outlook, selection: Selection, localizer: Localizer) -> tuple[list[str], int]:
    """The notices of a dated link, and the newest edition if something has changed since (else 0)."""
    if not selection.asof:
        return [], 0
    day = localizer.day(outlook.day)
    if outlook.is_reconstructed:
        real = len(outlook.real_vintage_days)
        plain = localizer.text("banner.rebuilt", date=day)
        notice = localizer.plural("banner.rebuilt.real", real, date=day) if real else plain
        shown, newest = _find_base_editions(outlook)
        base = localizer.text("banner.rebuilt.base", id=shown) if newest > 1 else ""
        return [f"{notice} {base}".strip()], 0
    changed, newest = brief_cache.describe_changes_since(outlook, selection)
    return [f"{localizer.text('banner.asof', date=day)} {changed}"], newest


def _find_base_editions(outlook: Outlook) -> tuple[int, int]:
    """The edition from whose figures an outlook was rebuilt, and the newest, from which it could be."""
    published = workspace.get_workspace().store.vintages()
    return outlook.base_edition or published[0].id, published[-1].id


def _render_base_link(entry: PageEntry, outlook: Outlook, selection: Selection, localizer: Localizer) -> Markup:
    """The link to the same month rebuilt from the figures of the newest edition; empty where it is that already."""
    shown, newest = _find_base_editions(outlook)
    if shown == newest:
        return Markup()
    url = build_url(f"/{entry.path}", replace(selection, asof=f"{outlook.day:%Y-%m}.e{newest}"), LINK_DEFAULTS)
    return render("under_link", url=url, text=localizer.text("banner.rebuilt.newest", id=newest), css_class="o-under")


def _render_changes_link(outlook: Outlook, newest: int, selection: Selection, localizer: Localizer) -> Markup:
    """The link from a dated view to the changes since."""
    pair = replace(restrict_to_page("whats_new", selection), asof="", after=0, since=outlook.edition, until=newest)
    return html.render_asked_link(build_url("/whats-new", pair, LINK_DEFAULTS), localizer.text("banner.since.link"))


def _render_later_values_link(entry: PageEntry, selection: Selection, localizer: Localizer) -> Markup:
    """The link that shows or hides the values published after the date of the view."""
    other = replace(selection, after=0 if selection.after else 1)
    label = localizer.text("banner.after.hide" if selection.after else "banner.after.show")
    url = build_url(f"/{entry.path}", other, LINK_DEFAULTS)
    return render("under_link", url=url, text=label, css_class="o-under")
