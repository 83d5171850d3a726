"""URL fragment with the reader's mix, exchanged with the browser over the websocket: it is in no HTTP request.

The script in the browser sends the text after #, writes it back when the mix changes, and adds it to the links that
open another view of the page. The server holds a mix in session memory only while its page is open; the browser
holds it as long as the tab exists, so that the reader can return to the page.

Connections drop and servers restart while a page is open: the browser then sends old widget values to a new, empty
session. Therefore each session requests the fragment with a random word, accepts only answers that begin with that
word, and ignores all widget values until then.
"""

import secrets
from collections.abc import Collection
from typing import Any

import streamlit as st

from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.mix import Mix, UnreadPart, format_fragment, parse_fragment

MIX_KEY = "mix"  # in the session state
UNREAD_KEY = "mix_left"
_REQUEST_KEY = "mix_asked"  # the random word of the session, and the number of requests
_COMPONENT_KEY = "mix_link"

# `data.fragment` is null until Python has received the fragment. A link that stays on the page (another language) gets
# the fragment when it is clicked; a fragment that is typed or pasted into the address is sent like the first one.
# If the script runs late, the address may already be that of another page, whose fragment must not be read.
_SCRIPT = """
const kept = (window.__observatoryMix ??= {fragment: null, here: ''});
const plain = (text) => { try { return decodeURIComponent(text); } catch { return null; } };
const known = () => {
  const text = location.hash.slice(1);
  return plain(text) ?? text.split('&').map((part) => plain(part) ?? part).join('&');
};
if (!kept.listening) {
  kept.listening = true;
  addEventListener('click', (event) => {
    const link = event.target.closest ? event.target.closest('.o-langs a, a[data-mix]') : null;
    if (link && location.hash && location.pathname === kept.here) link.hash = location.hash;
  }, true);
}
export default function (component) {
  const {data, setStateValue} = component;
  const away = () => !location.pathname.endsWith(data.path);
  if (away()) return;
  kept.here = location.pathname;
  const say = () => {
    if (away()) return;
    const text = known();
    kept.fragment = text;
    setStateValue('fragment', data.word + '|' + text);
  };
  if (data.fragment === null) {
    if (!location.hash && kept.fragment) history.replaceState(history.state, '', '#' + kept.fragment);
    say();
  } else if (data.fragment !== kept.fragment || location.hash.slice(1) !== data.fragment) {
    kept.fragment = data.fragment;
    const bare = location.pathname + location.search;
    history.replaceState(history.state, '', data.fragment ? '#' + data.fragment : bare);
  }
  addEventListener('hashchange', say);
  return () => removeEventListener('hashchange', say);
}
"""

_component = st.components.v2.component("observatory_mix_link", js=_SCRIPT)


def mount_component(markets: Collection[str], path: str, query: str) -> None:
    """Mounts the component on the page at `path`; once the browser has answered, `get_mix` is the mix of the address.

    Streamlit drops the fragment when it writes a new `query`: a changed `query` reruns the script, which restores it.
    """
    mix = st.session_state.get(MIX_KEY)
    word, times = st.session_state.get(_REQUEST_KEY) or (secrets.token_hex(4), 0)
    # Request again at each run until there is an answer: a request or its answer may be lost.
    st.session_state[_REQUEST_KEY] = word, times = word, times + (mix is None)

    def read() -> None:
        state: Any = st.session_state.get(_COMPONENT_KEY) or {}
        answered_word, _, text = str(state.get("fragment") or "").partition("|")
        if answered_word.partition(".")[0] == word:
            st.session_state[MIX_KEY], st.session_state[UNREAD_KEY] = parse_fragment(text, markets)

    _component(
        key=_COMPONENT_KEY,
        data={
            "fragment": None if mix is None else format_fragment(mix),
            "word": f"{word}.{times}",
            "path": path,
            "query": query,
        },
        on_fragment_change=read,
        default={"fragment": None},
    )


def get_mix() -> Mix:
    """The mix of this session; empty until the browser has sent it."""
    return st.session_state.get(MIX_KEY) or Mix()


def notice_text(catalogue: Catalogue, localizer: Localizer) -> str:
    """A sentence on the unreadable parts of the link, without quoting them; empty if there are none."""
    unread_parts: tuple[UnreadPart, ...] = st.session_state.get(UNREAD_KEY) or ()
    if not unread_parts:
        return ""
    if not get_mix().shares:
        return localizer.text("portfolio.notice.unread")
    parts = [
        localizer.text(
            f"portfolio.left.{row.kind}", market=localizer.field_text(catalogue.segments[row.market], "title")
        )
        if row.market
        else localizer.text(f"portfolio.left.{row.kind}")
        for row in unread_parts
    ]
    return localizer.text("portfolio.notice.left", list=localizer.list_text(parts))


def set_mix(mix: Mix) -> None:
    """Stores what the reader has entered; the address is updated in the same run.

    Ignored until the address has been read: widget values before that belong to an earlier session.
    """
    if MIX_KEY in st.session_state:
        st.session_state[MIX_KEY], st.session_state[UNREAD_KEY] = mix, ()


def clear_mix() -> None:
    """Removes the mix from the server when the reader leaves the page."""
    for name in (MIX_KEY, UNREAD_KEY, _REQUEST_KEY):
        st.session_state.pop(name, None)
