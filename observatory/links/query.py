"""Repair of a query: entities, quoted-printable, encodings too many, trailing punctuation, tracking parameters.

Nothing that a link of ours holds can be changed by it: no name or value has a space, a quotation mark, a bracket,
`&`, `;`, `?`, `=`, `#` or `%`, and none ends in punctuation.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import parse_qsl, unquote

from observatory.links.tracking import is_tracking
from observatory.settings import MAX_QUERY_CHARS

MAX_PARAMETERS = 100  # more than that are not repaired, nor read
_MAX_DECODINGS = 3  # beyond the one that every query gets
Pair = tuple[str, str]

# A second question mark stands where a tool appended its parameters to a query; the escape is that of JSON.
_SEPARATOR = re.compile(r"[&;?]|\\u0026")
_REWRITTEN = {
    "\u27e8": "&lang",  # what `&lang=` becomes where entities are read without their semicolon
    "\u2329": "&lang",
    "\u3008": "&lang",
    "\\u003d": "=",
}
_ENTITY = re.compile(r"amp|lt|gt|quot|apos|nbsp|[lr]aquo|[lr][sd]quo|hellip|shy|zwn?j|#?x?\d{1,4}", re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(r"=(2C|2D|2E|3A|3D|5F|7E)")
_COMPARISON = re.compile(r"(?<=\w)&(gt|lt);(?=[-+]?\d)", re.IGNORECASE)  # the sign of a threshold, escaped as in HTML
_LINE_BREAK = re.compile(r"=?[\r\n\u2028\u2029]+[ \t]*|\t")
_SECOND_LINK = re.compile(r"[\])>|<(\s]*https?:.*", re.DOTALL)  # "address](address)", "address<address>"
OPENING = " \"'`*|\\=([{<\u00a0\u00ab\u2018\u2019\u201a\u201c\u201d\u201e\u2039\u202f"
_NEVER_LAST = ("P", "S", "Z", "C", "M")  # Unicode categories of punctuation, symbols, spaces, controls and marks


def read_query(text: str | bytes, known: Collection[str]) -> list[Pair]:
    """The names and values of a query as it was sent, repaired; one beyond the limits is read as it is."""
    query = text.decode("latin-1") if isinstance(text, bytes) else text
    query = _COMPARISON.sub(lambda match: "%3E" if match[1].lower() == "gt" else "%3C", query)
    pairs = parse_qsl(query, keep_blank_values=True)
    return repair_pairs(pairs, known) if len(query) <= MAX_QUERY_CHARS else pairs


def repair_pairs(pairs: Sequence[Pair], known: Collection[str]) -> list[Pair]:
    """Names and values as they were meant; what cannot be repaired stays, for whoever reads it to report.

    `known` are the names that the reader of the query knows. Parameters that stand inside the value of a strange name
    count only if they are known and given nowhere else.
    """
    if len(pairs) > MAX_PARAMETERS:
        return list(pairs)
    repaired: list[Pair] = []
    inside: list[Pair] = []
    for name, value in pairs:
        pieces = list(_split(name, value, known))
        if not pieces:
            continue
        if pieces[0][0] in known:
            repaired += [pieces[0], *(piece for piece in pieces[1:] if piece not in repaired and piece != pieces[0])]
        else:
            repaired.append(pieces[0])
            inside += pieces[1:]
    given = {name for name, _value in repaired}
    for name, value in inside:
        if name in known and name not in given:
            repaired.append((name, value))
            given.add(name)
    return [(name, value) for name, value in repaired if not is_tracking(name)]


def _split(name: str, value: str, known: Collection[str]) -> Iterator[Pair]:
    """The parameters that a name and its value hold: one, unless separators were encoded or escaped."""
    text = f"{name}={value}" if value or "=" not in _decode(name) else name
    text = _decode(text)
    for old, new in _REWRITTEN.items():
        text = text.replace(old, new)
    for part in _SEPARATOR.split(text):
        piece = _repair_piece(part, known)
        is_left_over = not piece[1] and piece[0] not in known and (not piece[0] or _ENTITY.fullmatch(piece[0]))
        if not is_left_over:
            yield piece


def _decode(text: str) -> str:
    """A text without percent-encoding, however often it was encoded."""
    for _ in range(_MAX_DECODINGS):
        decoded = unquote(text)
        if decoded == text:
            break
        text = decoded
    return text


def _repair_piece(text: str, known: Collection[str]) -> Pair:
    """The name and value of one parameter."""
    head, _, tail = drop_invisible(text).partition("=")
    name, value = _repair_name(head, known), _repair_value(tail)
    if name not in known and "=" in tail:  # a soft line break within the name
        rest, _, tail = tail.partition("=")
        joined = _repair_name(head + rest, known)
        if joined in known:
            return joined, _repair_value(tail)
    return (name, value) if name or not value else (f"={value}", "")


def _repair_name(text: str, known: Collection[str]) -> str:
    name = trim_end(text.strip()).lstrip(OPENING + "?!.,;:")
    for candidate in (name, name.lower()):
        bare = candidate
        while bare not in known and bare.lower().startswith("amp"):  # an entity that lost its semicolon
            bare = bare[3:].lstrip(";")
        if bare in known or is_tracking(bare):
            return bare
    return name


def _repair_value(text: str) -> str:
    value = _SECOND_LINK.sub("", text.partition("#")[0])
    value = _QUOTED_PRINTABLE.sub(lambda match: chr(int(match[1], 16)), value)
    value = value.strip().lstrip(OPENING)
    while value.startswith("3D"):
        value = value[2:].lstrip(OPENING)
    return trim_end(value.replace("=", ""))


def trim_end(text: str) -> str:
    """A text without the punctuation, quotation marks, brackets, symbols and spaces at its end."""
    end = len(text)
    while end and text[end - 1] not in "-_" and unicodedata.category(text[end - 1])[0] in _NEVER_LAST:
        end -= 1
    return text[:end]


def drop_invisible(text: str) -> str:
    """A text without line breaks and characters that have no width."""
    joined = _LINE_BREAK.sub("", text)
    return "".join(char for char in joined if char not in "\u034f\ufe0e\ufe0f" and unicodedata.category(char) != "Cf")
