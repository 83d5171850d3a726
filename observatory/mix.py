"""Mix of a firm's markets, parsed from and formatted as the fragment of a link; every input has a reading.

The fragment is what stands after `#` in an address: no browser sends it to a server. Ours hands it over the page's
own connection, and nothing here, nor in anything that holds a Mix, says its figures when printed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from observatory.links import repair_pairs

FULL_PERCENT = 100
SHARE_STEP = 5  # per cent, of one press on a button
NEW_MARKET_SHARE = 10  # per cent, of a market that joins shares which the firm has entered
MAX_GROWTH_PERCENT = 50.0  # per cent a year, of an assumption of one's own
MAX_TURNOVER_EUROS = 10**12  # euros
MAX_FRAGMENT_CHARS = 900  # characters of a fragment that are read at all
_SHARE_PATTERN = re.compile(r"([a-z][a-z0-9_]{0,40}):(\d{1,3})", re.ASCII)
_GROWTH_PATTERN = re.compile(r"([a-z][a-z0-9_]{0,40}):(-?\d{1,2}(?:\.\d)?)", re.ASCII)
_EUROS_PATTERN = re.compile(r"[1-9]\d{0,12}", re.ASCII)
_KNOWHOW_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)
_SHOCK_PATTERN = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_FRAGMENT_KEYS = ("mix", "turnover", "own", "shock", "move", "knowhow")


@dataclass(frozen=True, repr=False)
class Mix:
    """A firm's sales by market: whole per cents as entered, turnover in euros (0: not given).

    `assumed_growth` is the reader's assumption for a market, in per cent a year with one decimal. Markets are in the
    order in which they were added. The view is part of it: `shock_month` is the month in which the replayed shock
    began, `transfer` the markets that a share is taken from and given to; where empty, the page chooses. `knowhow` are
    the ids of what the firm says that it can do.
    """

    shares: Mapping[str, int] = field(default_factory=dict)
    turnover: int = 0
    assumed_growth: Mapping[str, float] = field(default_factory=dict)
    shock_month: str = ""
    transfer: tuple[str, str] = ("", "")
    knowhow: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Nothing: a mix belongs in no log."""
        return "Mix(private)"

    @property
    def total_percent(self) -> int:
        """The sum of the shares as entered, in per cent."""
        return sum(self.shares.values())

    @property
    def normalized_shares(self) -> dict[str, float]:
        """The shares as parts of one, whatever they add up to; those at zero are left out."""
        total = self.total_percent
        return {name: share / total for name, share in self.shares.items() if share} if total else {}


EMPTY_MIX = Mix()


def format_fragment(mix: Mix) -> str:
    """The fragment of a mix, without its #; empty if nothing was entered."""
    parts = []
    if mix.shares:
        parts.append("mix=" + ",".join(f"{name}:{share}" for name, share in mix.shares.items()))
    if mix.turnover:
        parts.append(f"turnover={mix.turnover}")
    if mix.assumed_growth:
        parts.append("own=" + ",".join(f"{name}:{rate:g}" for name, rate in mix.assumed_growth.items()))
    if mix.shock_month:
        parts.append(f"shock={mix.shock_month}")
    if any(mix.transfer):
        parts.append("move=" + mix.transfer[0] + (f":{mix.transfer[1]}" if mix.transfer[1] else ""))
    if mix.knowhow:
        parts.append("knowhow=" + ",".join(mix.knowhow))
    return "&".join(parts)


@dataclass(frozen=True, repr=False)
class UnreadPart:
    """A part of a fragment that could not be read: what it is, and of which market, where it names one of ours.

    `what` ends a message key: share, own, turnover, shock, move, knowhow;
    market, one that we do not know; other; whole.
    """

    kind: str
    market: str = ""


def parse_fragment(fragment: str, markets: Collection[str]) -> tuple[Mix, tuple[UnreadPart, ...]]:
    """The mix of a fragment, repaired first, as far as it can be read, and what was left out of it.

    Nothing is read of one that is far too long. Of a market given twice both are left out.
    """
    text = fragment.removeprefix("#")
    if not text:
        return EMPTY_MIX, ()
    if len(text) > MAX_FRAGMENT_CHARS:
        return EMPTY_MIX, (UnreadPart("whole"),)
    fields: dict[str, str] = {}
    left = []
    parts = [(name, value) for name, _, value in (part.partition("=") for part in text.split("&"))]
    for name, value in repair_pairs(parts, _FRAGMENT_KEYS):
        if name not in _FRAGMENT_KEYS:
            left.append(UnreadPart("other"))
        else:
            # A name given twice becomes a value that no parser accepts.
            fields[name] = f"{fields[name]},{value}" if name in fields else value
    shares, unread = _parse_pairs(fields.get("mix"), _SHARE_PATTERN, markets, "share", FULL_PERCENT)
    own, doubted = _parse_pairs(fields.get("own"), _GROWTH_PATTERN, markets, "own", MAX_GROWTH_PERCENT)
    left += unread + doubted + [UnreadPart("own", name) for name in own if name not in shares]
    euros, shock = fields.get("turnover", ""), fields.get("shock", "")
    move = _parse_transfer(fields.get("move"), markets)
    skills = fields["knowhow"].split(",") if "knowhow" in fields else []
    sound = {
        "turnover": _EUROS_PATTERN.fullmatch(euros) is not None and int(euros) <= MAX_TURNOVER_EUROS,
        "shock": _SHOCK_PATTERN.fullmatch(shock) is not None,
        "move": move is not None,
        "knowhow": all(_KNOWHOW_PATTERN.fullmatch(name) for name in skills),
    }
    left += [UnreadPart(name) for name, read in sound.items() if name in fields and not read]
    mix = Mix(
        {name: int(share) for name, share in shares.items()},
        int(euros) if sound["turnover"] else 0,
        {name: rate for name, rate in own.items() if name in shares},
        shock if sound["shock"] else "",
        move or ("", ""),
        tuple(dict.fromkeys(name for name in skills if _KNOWHOW_PATTERN.fullmatch(name))),
    )
    return mix, tuple(dict.fromkeys(left))


def _parse_pairs(
    text: str | None, pattern: re.Pattern[str], markets: Collection[str], kind: str, max_value: float
) -> tuple[dict[str, float], list[UnreadPart]]:
    """The `name:number` pairs that can be read, each name once and known, no number beyond `most`; and the others."""
    values: dict[str, float] = {}
    left, seen = [], set()
    for part in text.split(",") if text is not None else ():
        name = part.partition(":")[0]
        match = pattern.fullmatch(part)
        if name not in markets:
            left.append(UnreadPart("market"))
        elif match is None or name in seen or abs(float(match[2])) > max_value:
            left.append(UnreadPart(kind, name))
            values.pop(name, None)
        else:
            values[name] = float(match[2]) + 0.0
        seen.add(name)
    return values, left


def _parse_transfer(text: str | None, markets: Collection[str]) -> tuple[str, str] | None:
    """The market that a change takes from, the one that it gives to, or both; None if they are not that."""
    if text is None:
        return "", ""
    source, colon, target = text.partition(":")
    if bool(target) != bool(colon) or source == target or not {source, target} <= {"", *markets}:
        return None
    return source, target


def rescale_shares(mix: Mix) -> Mix:
    """The same proportions in whole per cents that add up to 100: the largest remainders are rounded up."""
    return replace(mix, shares=_scale(mix.shares, FULL_PERCENT)) if mix.total_percent else mix


def set_share(mix: Mix, market: str, share: int, entered: Collection[str] = ()) -> Mix:
    """One market at a share, the others scaled to the rest of 100; a single market is all of it.

    Markets whose share was `entered` before keep it, as long as the others can take the rest. Where the others have
    nothing to be scaled, they get equal parts of the rest.
    """
    others = {name: value for name, value in mix.shares.items() if name != market}
    own = min(max(share, 0), FULL_PERCENT) if others else FULL_PERCENT
    kept = {name: value for name, value in others.items() if name in entered}
    free = {name: value for name, value in others.items() if name not in kept}
    rest = FULL_PERCENT - own - sum(kept.values())
    if not free or rest < 0:
        kept, free, rest = {}, others, FULL_PERCENT - own
    scaled = kept | _scale(free if any(free.values()) else dict.fromkeys(free, 1), rest)
    return replace(mix, shares={name: own if name == market else scaled[name] for name in mix.shares})


def set_markets(mix: Mix, markets: Collection[str]) -> Mix:
    """These markets, in the order in which they were added, at 100 in all.

    Equal shares stay equal. Where the firm has entered its own, those that remain keep their proportions, and each new
    market begins at a small share.
    """
    kept = {name: share for name, share in mix.shares.items() if name in markets}
    added = [name for name in markets if name not in kept]
    assumed = {name: rate for name, rate in mix.assumed_growth.items() if name in markets}
    transfer = mix.transfer if mix.transfer[0] in markets else ("", "")
    if _are_equal(mix.shares) or not any(kept.values()):
        shares = _scale(dict.fromkeys([*kept, *added], 1), FULL_PERCENT)
    else:
        rest = FULL_PERCENT - NEW_MARKET_SHARE * len(added)
        if rest <= 0:
            shares = _scale(dict.fromkeys([*kept, *added], 1), FULL_PERCENT)
        else:
            shares = _scale(kept, rest) | dict.fromkeys(added, NEW_MARKET_SHARE)
    return replace(mix, shares=shares, assumed_growth=assumed, transfer=transfer)


def _are_equal(shares: Mapping[str, int]) -> bool:
    """Whether shares are those that a page deals out: equal, but for the rounding to whole per cents."""
    return not shares or max(shares.values()) - min(shares.values()) <= 1


def _scale(shares: Mapping[str, int], total: int) -> dict[str, int]:
    """Whole numbers in the proportions of some shares, which are not all zero, that add up to a total."""
    if not shares:
        return {}
    whole = sum(shares.values())
    exact = {name: share * total / whole for name, share in shares.items()}
    scaled = {name: int(value) for name, value in exact.items()}
    left = total - sum(scaled.values())
    for name in sorted(exact, key=lambda name: (scaled[name] - exact[name], name))[:left]:
        scaled[name] += 1
    return scaled
