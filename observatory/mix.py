"""A firm's mix of markets and what is looked at of it, to and from the fragment of a link, total both ways.

The fragment is what stands after `#` in an address: no browser sends it to a server. Ours hands it over the page's
own connection, and nothing here, nor in anything that holds a Mix, says its figures when printed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

WHOLE = 100
STEEPEST = 50.0  # per cent a year, of an assumption of one's own
LARGEST = 10**12  # euros
LONGEST = 600  # characters of a fragment that are read at all
_SHARE = re.compile(r"([a-z][a-z0-9_]{0,40}):(\d{1,3})", re.ASCII)
_GROWTH = re.compile(r"([a-z][a-z0-9_]{0,40}):(-?\d{1,2}(?:\.\d)?)", re.ASCII)
_EUROS = re.compile(r"[1-9]\d{0,12}", re.ASCII)
_SHOCK = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_NAMES = ("mix", "turnover", "own", "shock", "move")


@dataclass(frozen=True, repr=False)
class Mix:
    """What a firm sells to whom: whole per cents by market as entered, turnover in euros (0: not said).

    `own` is the growth that the reader assumes for a market, in per cent a year with one decimal. Markets stand in the
    order in which they were added. What the reader looks at rides with it: `shock` is the month in which the replayed
    one began, `move` the markets that a share is taken from and given to; empty means the page's own choice.
    """

    shares: Mapping[str, int] = field(default_factory=dict)
    turnover: int = 0
    own: Mapping[str, float] = field(default_factory=dict)
    shock: str = ""
    move: tuple[str, str] = ("", "")

    def __repr__(self) -> str:
        """Nothing: a mix belongs in no log."""
        return "Mix(private)"

    @property
    def total(self) -> int:
        """The sum of the shares as entered, in per cent."""
        return sum(self.shares.values())

    @property
    def whole(self) -> dict[str, float]:
        """The shares as parts of one, whatever they add up to; those at zero are left out."""
        total = self.total
        return {name: share / total for name, share in self.shares.items() if share} if total else {}


EMPTY = Mix()


def fragment_of(mix: Mix) -> str:
    """The fragment of a mix, without its #; empty if nothing was entered."""
    parts = []
    if mix.shares:
        parts.append("mix=" + ",".join(f"{name}:{share}" for name, share in mix.shares.items()))
    if mix.turnover:
        parts.append(f"turnover={mix.turnover}")
    if mix.own:
        parts.append("own=" + ",".join(f"{name}:{rate:g}" for name, rate in mix.own.items()))
    if mix.shock:
        parts.append(f"shock={mix.shock}")
    if any(mix.move):
        parts.append("move=" + mix.move[0] + (f":{mix.move[1]}" if mix.move[1] else ""))
    return "&".join(parts)


@dataclass(frozen=True, repr=False)
class Left:
    """A part of a fragment that could not be read: what it is, and of which market, where it names one of ours.

    `what` ends a message key: share, own, turnover, shock, move; market, one that we do not know; other; whole.
    """

    what: str
    market: str = ""


def mix_of(fragment: str, markets: Collection[str]) -> tuple[Mix, tuple[Left, ...]]:
    """The mix of a fragment, as far as it can be read, and what was left out of it; one that is far too long is not.

    What is said twice is not guessed: both are left out.
    """
    text = fragment.removeprefix("#")
    if not text:
        return EMPTY, ()
    if len(text) > LONGEST:
        return EMPTY, (Left("whole"),)
    found: dict[str, str] = {}
    left = []
    for part in text.split("&"):
        name, _, value = part.partition("=")
        if name not in _NAMES:
            left.append(Left("other"))
        else:
            found[name] = f"{found[name]},{value}" if name in found else value  # which no single value can be read as
    shares, unread = _pairs(found.get("mix"), _SHARE, markets, "share", WHOLE)
    own, doubted = _pairs(found.get("own"), _GROWTH, markets, "own", STEEPEST)
    left += unread + doubted + [Left("own", name) for name in own if name not in shares]
    euros, shock = found.get("turnover", ""), found.get("shock", "")
    move = _move(found.get("move"), markets)
    sound = {
        "turnover": _EUROS.fullmatch(euros) is not None and int(euros) <= LARGEST,
        "shock": _SHOCK.fullmatch(shock) is not None,
        "move": move is not None,
    }
    left += [Left(name) for name, read in sound.items() if name in found and not read]
    mix = Mix(
        {name: int(share) for name, share in shares.items()},
        int(euros) if sound["turnover"] else 0,
        {name: rate for name, rate in own.items() if name in shares},
        shock if sound["shock"] else "",
        move or ("", ""),
    )
    return mix, tuple(dict.fromkeys(left))


def _pairs(
    text: str | None, pattern: re.Pattern[str], markets: Collection[str], what: str, most: float
) -> tuple[dict[str, float], list[Left]]:
    """The `name:number` pairs that can be read, each name once and known, no number beyond `most`; and the others."""
    found: dict[str, float] = {}
    left, seen = [], set()
    for part in text.split(",") if text is not None else ():
        name = part.partition(":")[0]
        match = pattern.fullmatch(part)
        if name not in markets:
            left.append(Left("market"))
        elif match is None or name in seen or abs(float(match[2])) > most:
            left.append(Left(what, name))
            found.pop(name, None)
        else:
            found[name] = float(match[2]) + 0.0
        seen.add(name)
    return found, left


def _move(text: str | None, markets: Collection[str]) -> tuple[str, str] | None:
    """The market that a change takes from, the one that it gives to, or both; None if they are not that."""
    if text is None:
        return "", ""
    source, colon, target = text.partition(":")
    if bool(target) != bool(colon) or source == target or not {source, target} <= {"", *markets}:
        return None
    return source, target


def spread_out(mix: Mix) -> Mix:
    """The same proportions in whole per cents that add up to 100: the largest remainders are rounded up."""
    total = mix.total
    if not total:
        return mix
    exact = {name: share * WHOLE / total for name, share in mix.shares.items()}
    shares = {name: int(value) for name, value in exact.items()}
    left = WHOLE - sum(shares.values())
    for name in sorted(exact, key=lambda name: (shares[name] - exact[name], name))[:left]:
        shares[name] += 1
    return replace(mix, shares=shares)
