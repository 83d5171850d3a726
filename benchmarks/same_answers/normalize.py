"""What two captures may write differently: entities of HTML, the order of CSS rules and of the lines of /metrics."""

import html
import re
from html.entities import html5

_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")
_LENGTH = re.compile(r"^content-length: \d+\n", re.MULTILINE)
_STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.DOTALL)


def normalize(name: str, content: bytes) -> bytes:
    """The content of an item with one spelling of each entity, and rules and metrics in alphabetical order."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    if name == "api/metrics-names":
        text = "\n".join(sorted(text.splitlines()))
    text = _LENGTH.sub("", text, count=1)  # it follows from the content
    text = _STYLE.sub(lambda found: found[1] + "\n".join(sorted(_split_rules(found[2]))) + found[3], text)
    return _ENTITY.sub(_spell_entity, text).encode()


def _spell_entity(found: re.Match[str]) -> str:
    """An entity as numbers; a name that HTML does not know stays as it is."""
    name = found[0][1:]
    characters = html.unescape(found[0]) if name.startswith("#") else html5.get(name, "")
    return "".join(f"&#{ord(character)};" for character in characters) or found[0]


def _split_rules(sheet: str) -> list[str]:
    """The outermost rules of a style sheet, without white space around them (also that of text within JSON)."""
    rules, depth, start = [], 0, 0
    for at, character in enumerate(sheet):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0 and character in "};":
            rules.append(sheet[start : at + 1])
            start = at + 1
    rules.append(sheet[start:])
    return [rule for rule in (re.sub(r"^(?:\s|\\n)+|(?:\s|\\n)+$", "", part) for part in rules) if rule]
