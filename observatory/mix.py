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


def mix_of(fragment: str, markets: Collection[str]) -> tuple[Mix, str]:
    """The mix of a fragment, and a notice (a message key) if it is not one: then nothing of it is used."""
    text = fragment.removeprefix("#")
    if not text:
        return EMPTY, ""
    if len(text) > LONGEST:
        return EMPTY, "portfolio.notice.unread"
    found: dict[str, str] = {}
    for part in text.split("&"):
        name, _, value = part.partition("=")
        if name not in _NAMES or name in found:
            return EMPTY, "portfolio.notice.unread"
        found[name] = value
    shares = _pairs(found.get("mix"), _SHARE, markets)
    own = _pairs(found.get("own"), _GROWTH, markets)
    euros = found.get("turnover", "0")
    sound = "turnover" not in found or (_EUROS.fullmatch(euros) and int(euros) <= LARGEST)
    shock, move = found.get("shock", ""), _move(found.get("move"), markets)
    sound = bool(sound) and ("shock" not in found or _SHOCK.fullmatch(shock) is not None)
    if shares is None or own is None or move is None or not sound:
        return EMPTY, "portfolio.notice.unread"
    if any(share > WHOLE for share in shares.values()) or any(abs(rate) > STEEPEST for rate in own.values()):
        return EMPTY, "portfolio.notice.unread"
    if own.keys() - shares.keys():
        return EMPTY, "portfolio.notice.unread"
    return Mix({name: int(share) for name, share in shares.items()}, int(euros), own, shock, move), ""


def _pairs(text: str | None, pattern: re.Pattern[str], markets: Collection[str]) -> dict[str, float] | None:
    """`name:number` pairs, each name once and known; None if they are not that."""
    if text is None:
        return {}
    found: dict[str, float] = {}
    for part in text.split(","):
        match = pattern.fullmatch(part)
        if match is None or match[1] in found or match[1] not in markets:
            return None
        found[match[1]] = float(match[2]) + 0.0
    return found


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
