"""What a link says of a page before it is opened: title, description, preview, in the shell that the server sends."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote

from observatory import workspace
from observatory.briefs import meeting
from observatory.briefs.cards import Card, card, window
from observatory.briefs.links import used
from observatory.errors import ObservatoryError
from observatory.language import Language, Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages.components.url_widgets import speaker_of
from observatory.selection import DEFAULT, Selection, address, link, read

PREVIEW = (1200, 630)  # px, what those who show previews ask for
EVERYTHING = Selection(lang="")  # a link says its language even where it is the reader's own
LOCALES: Mapping[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}")

log = logging.getLogger("observatory.pages")


@dataclass(frozen=True)
class Head:
    """The title of a page, the tags that go with it, and what stands there for a browser without scripts, as HTML."""

    title: str
    tags: str
    plainly: str


def plain(language: Language) -> Head:
    """The head of a page of which nothing is known."""
    speaker = Speaker(language)
    title, about = speaker.say("app.title"), speaker.say("social.about")
    return Head(title, _tag("name", "description", about) + _feed(speaker), _plainly(title, about, speaker))


def head(path: str, query: Mapping[str, Sequence[str]], language: Language, origin: str) -> Head:
    """The head of a page as the store has it; a plain one where it cannot be told, for a shell must always be sent."""
    try:
        return _head(path, query, language, origin)
    except ObservatoryError as error:
        log.warning("no preview of /%s: %s", path, error)
    except Exception:
        log.exception("no preview of /%s", path)
    return plain(language)


def titled(page: str, outlook: Outlook, selection: Selection) -> str:
    """The title of a page's window: that of its card, in a meeting with the number of the screen."""
    said = window(card_of(page, outlook, selection).title, speaker_of(selection))
    if selection.mode != "meeting":
        return said
    return f"{meeting.current(selection)}/{len(meeting.sequence(selection))} \u00b7 {said}"


def card_of(page: str, outlook: Outlook, selection: Selection) -> Card:
    """The card of a page, or of the page that a screen of a meeting stands for."""
    if selection.mode == "meeting":
        page, selection = meeting.shown(selection)
    return card(page, outlook, selection, speaker_of(selection))


def _head(path: str, query: Mapping[str, Sequence[str]], language: Language, origin: str) -> Head:
    from observatory.pages.registry import PAGES  # the table imports every page: not before the server is up

    row = next((row for row in PAGES if row.path == path), None)
    opened = workspace.opened()
    default = replace(DEFAULT, lang=language)
    if row is None or not opened.seeded() or workspace.rebuilding(opened, read(query, opened.watched(), default)[0]):
        return plain(language)
    selection, _notices, outlook = workspace.asked(opened, query, default)
    base = opened.settings.public_address or (origin if _ORIGIN.fullmatch(origin) else "")
    said = card_of(row.id, outlook, selection)
    title = titled(row.id, outlook, selection)
    tags = _tag("name", "description", said.sentence)
    tags += _preview(row.id, row.path, outlook, selection, said, base) if base else ""
    speaker = speaker_of(selection)
    return Head(title, tags + _feed(speaker), _plainly(said.title, said.sentence, speaker, _paper(row.id, selection)))


def _plainly(title: str, sentence: str, speaker: Speaker, paper: str = "") -> str:
    """What a browser without scripts shows: the answer all the same, and the page as a file."""
    link = f' <a href="{escape(paper, quote=True)}">{escape(speaker.say("export.offer.pdf"))}</a>' if paper else ""
    return f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p><p>{escape(speaker.say('shell.noscript'))}{link}</p>"


def _paper(page: str, selection: Selection) -> str:
    """The address of a page as a file; empty if it has none."""
    from observatory.export.render import offered  # what writes files is loaded after the server is up

    there = any(made.id == "pdf" for made in offered(page))
    return address(f"/download/{page}.pdf", used(page, replace(selection, mode="page")), EVERYTHING) if there else ""


def _preview(page: str, path: str, outlook: Outlook, selection: Selection, said: Card, base: str) -> str:
    """OpenGraph and its cousin. The picture is that of the edition, so that no cache shows another one."""
    speaker = speaker_of(selection)
    if selection.mode == "meeting":
        page, _chosen = meeting.shown(selection)
    pinned = replace(
        DEFAULT, lang=selection.lang, segment=_segment(selection), horizon=selection.horizon, asof=f"e{outlook.number}"
    )
    picture = address(f"{base}/social/{page}.png", pinned, replace(DEFAULT, lang=""))
    rows = (
        ("og:type", "website"),
        ("og:site_name", speaker.say("app.name")),
        ("og:locale", LOCALES[speaker.language]),
        ("og:title", said.title),
        ("og:description", said.sentence),
        ("og:url", link(f"{base}/{path}", used(page, selection), outlook.catalogue)),
        ("og:image", picture),
        ("og:image:type", "image/png"),
        ("og:image:width", str(PREVIEW[0])),
        ("og:image:height", str(PREVIEW[1])),
        ("og:image:alt", f"{said.title} \u2013 {said.sentence}"),
    )
    tags = "".join(_tag("property", name, content) for name, content in rows)
    return tags + _tag("name", "twitter:card", "summary_large_image")


def _segment(selection: Selection) -> str:
    return meeting.shown(selection)[1].segment if selection.mode == "meeting" else selection.segment


def _tag(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content, quote=True)}">'


def _feed(speaker: Speaker) -> str:
    title = escape(window(speaker.say("page.whats_new"), speaker), quote=True)
    target = f"/feed.atom?lang={quote(speaker.language)}"
    return f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{target}">'
