"""Checks of the settings: names that nobody reads, values, contradictions, and what a proxy needs."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from observatory import settings
from observatory.brand import load_brand
from observatory.diagnosis.model import Installation, Problem
from observatory.notification.announce import list_misunderstood

_KEY_VARIABLE = re.compile(rf'^key_variable\s*=\s*"({settings.PREFIX}[A-Z_]+)"', re.MULTILINE)


def check_variables(installation: Installation) -> Iterator[Problem]:
    """Each OBSERVATORY_ variable is one that the program reads; of another one, the nearest name is given."""
    known = _list_variables(installation)
    for name in sorted(installation.environment):
        nearest = _find_nearest(name.upper(), known)
        is_ours = name.upper().startswith(settings.PREFIX) or bool(nearest)
        if not is_ours or name in known or name.startswith(settings.TEST_PREFIX):
            continue
        shown = name[: settings.MAX_ECHOED_CHARS]
        if nearest:
            yield Problem("doctor.variable_near", {"name": shown, "nearest": nearest})
        else:
            yield Problem("doctor.variable", {"name": shown})


def check_settings(installation: Installation) -> Iterator[Problem]:
    """Each setting can be read as meant, and none contradicts another."""
    env = installation.environment
    load_brand(env)
    loaded = settings.load_settings(env)
    if not (loaded.data_dir / "edition.toml").is_file():
        yield Problem("doctor.data", {"path": str(loaded.data_dir)})
    if loaded.analyst_claim and not all(part.strip() for part in loaded.analyst_claim.partition("=")):
        yield Problem("doctor.claim", {"value": loaded.analyst_claim[: settings.MAX_ECHOED_CHARS]})
    if (loaded.analysts or loaded.analyst_claim) and not _has_provider(installation):
        yield Problem("doctor.no_provider")
    for number, kind in list_misunderstood(loaded):
        yield Problem("cli.notify.unknown", {"n": number, "kind": kind})
    if env.get("OBSERVATORY_NOTIFY_LANG", "").strip() and not loaded.notify:
        yield Problem("doctor.notify_lang", level="note")


def check_proxy(installation: Installation) -> Iterator[Problem]:
    """A public address and the proxies behind which it is are both given, or neither."""
    loaded = installation.settings
    if loaded is None:
        return
    address, proxies = loaded.public_url, settings.read_trusted_proxies(installation.environment)
    if address and not _is_site(address):
        yield Problem("doctor.address", {"value": address[: settings.MAX_ECHOED_CHARS]})
    elif address.startswith("https://") and not proxies:
        yield Problem("doctor.no_proxies")
    if proxies and not address:
        yield Problem("doctor.no_address")
    for proxy in sorted(proxies):
        if not _is_ip_address(proxy):
            yield Problem("doctor.proxy_name", {"value": proxy[: settings.MAX_ECHOED_CHARS]})
    if not loaded.is_local and not address:
        yield Problem("doctor.open", {"host": loaded.host}, "note")


def _find_nearest(name: str, known: list[str]) -> str:
    """The variable that was probably meant; empty if none resembles the name."""
    if name.startswith(settings.PREFIX):  # which all have: what follows is compared
        endings = [one.removeprefix(settings.PREFIX) for one in known]
        return "".join(
            settings.PREFIX + one for one in get_close_matches(name.removeprefix(settings.PREFIX), endings, 1, 0.6)
        )
    return "".join(get_close_matches(name, known, 1, 0.9))


def _list_variables(installation: Installation) -> list[str]:
    """The variables that the program reads, with those that hold keys of publishers."""
    hosts = installation.root / "data" / "refresh.toml"
    keys = _KEY_VARIABLE.findall(hosts.read_text(encoding="utf-8")) if hosts.is_file() else []
    return [*settings.VARIABLES, *settings.DEVELOPMENT_VARIABLES, *keys]


def _has_provider(installation: Installation) -> bool:
    """Whether a file of secrets, where Streamlit looks for one, has the section of an identity provider."""
    env = installation.environment
    named = env.get("STREAMLIT_SECRETS_FILES", "").strip()
    places = [Path(part.strip(" \"'[]")) for part in named.split(",") if part.strip(" \"'[]")]
    folders = (installation.root, Path(env.get("HOME", "").strip() or "/"), Path.cwd())
    for path in (*places, *(folder / ".streamlit" / "secrets.toml" for folder in folders)):
        with suppress(OSError, ValueError):
            if "auth" in tomllib.loads(path.read_text(encoding="utf-8")):
                return True
    return False


def _is_site(address: str) -> bool:
    """Whether an address is that of a site as a whole: scheme and host, no path."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts[2:] == ("", "", "")
    except ValueError:
        return False


def _is_ip_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
