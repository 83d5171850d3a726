"""The fragment of the address, to and from Python: it travels over the page's own connection, in no request.

The script in the browser hands over what stands after #, writes it back when the mix changes, and gives it to the
links of the page that open another view of it. On the server a mix lives in the session's memory while its page is
open, and nowhere else; in the browser it is kept for the tab's life, so that coming back to the page finds it.

Lines drop and servers restart while a page is open: the browser then sends what its widgets showed before, to a
session that knows nothing. So each session asks for the fragment by a word of its own, takes an answer only if it
begins with that word, and until then takes nothing that a widget says.
"""

import secrets
from collections.abc import Collection
from typing import Any

import streamlit as st

from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.mix import Mix, UnreadPart, format_fragment, parse_fragment

MIX_KEY = "mix"  # of the session's memory
UNREAD_KEY = "mix_left"
_REQUEST_KEY = "mix_asked"  # the session's word, and how often it asked
_COMPONENT_KEY = "mix_link"

# `data.fragment` is null until Python knows what the address says. A link that stays on the page (another language)
# takes the fragment along as it is clicked; a fragment typed or pasted into the address is handed over like the first.
# Where an answer is late, the address can be that of another page already: its fragment is none of ours.
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
    """The component, on the page of a path: once it has answered, `current` is the mix of the address.

    Streamlit drops the fragment as it writes a new `query`: the component runs again with it, and puts it back.
    """
    mix = st.session_state.get(MIX_KEY)
    word, times = st.session_state.get(_REQUEST_KEY) or (secrets.token_hex(4), 0)
    # Asked again at each run until there is an answer: a question or its answer may have been lost on the way.
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
    """The mix of this session's page; empty until the browser has said it."""
    return st.session_state.get(MIX_KEY) or Mix()


def notice_text(catalogue: Catalogue, localizer: Localizer) -> str:
    """What could not be read of the link, in a sentence that repeats nothing of it; empty if nothing."""
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
    """What the reader has entered now; the address follows in the same run.

    Not before the address has been read: what widgets say then is what they showed to a session that is gone.
    """
    if MIX_KEY in st.session_state:
        st.session_state[MIX_KEY], st.session_state[UNREAD_KEY] = mix, ()


def clear_mix() -> None:
    """Leaving the page: nothing of the mix stays on the server."""
    for name in (MIX_KEY, UNREAD_KEY, _REQUEST_KEY):
        st.session_state.pop(name, None)
