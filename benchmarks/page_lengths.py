"""Length of every page on a phone and a desktop, in French: screens and visible words, beside the limit of each.

    python benchmarks/page_lengths.py [--base-url http://127.0.0.1:PORT] [--pages overview,segment] [--out FILE]

Starts a server of its own on a temporary store unless `--base-url` names one on this machine. Folded parts, text for
screen readers, menus and the foot are no words of a page; its bars and foot do count in its height. Exit code 0 if
all pages keep their limits, 1 if one does not, 2 if nothing could be measured.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from clicks import Watch, open_browser
from playwright.sync_api import Browser, Error
from playwright.sync_api import Page as BrowserPage
from serving import ROOT, serve_observatory

sys.path.insert(0, str(ROOT))

from observatory.briefs.registry import PAGES
from observatory.catalogue.loader import read_catalogue

PHONE, DESKTOP = (390, 844), (1440, 900)  # px
MARKET_PAGE = "segment"
LIMITS = {"overview": (2.5, 320), MARKET_PAGE: (4.5, 600)}  # screens of a phone, words
OTHER_LIMIT = (5.0, 900)
MIX = "mix=commercial_aircraft:70,helicopters:20,electronics:10"
REST_SECONDS = 1.0

# Text that is shown and meant to be read: no menu, foot, chart, name of an icon, nor what only screen readers get.
COUNT_WORDS = r"""() => {
  const main = document.querySelector('[data-testid=stMain]');
  const outside = '.st-key-topbar, .o-subnav, .o-tabs, .o-foot, footer, svg, script, style, ' +
    '[data-testid=stIconMaterial], [data-testid=stTooltipIcon]';
  const shown = new Map();
  const isShown = (element) => {
    if (element === main) return true;
    if (!shown.has(element)) {
      const style = getComputedStyle(element);
      const clipped = style.clipPath.startsWith('inset(50%') || style.clip === 'rect(0px, 0px, 0px, 0px)' ||
        (style.position === 'absolute' && style.overflow === 'hidden' && element.offsetWidth <= 1);
      shown.set(element, !clipped && isShown(element.parentElement));
    }
    return shown.get(element);
  };
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!/[\p{L}\p{N}]/u.test(walker.currentNode.data) || parent.closest(outside)) continue;
    if (!parent.checkVisibility({visibilityProperty: true, opacityProperty: true}) || !isShown(parent)) continue;
    words += walker.currentNode.data.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  }
  return words;
}"""
# A page that is not cut anywhere is as high as its main block; one that failed has no heading.
MEASURE_HEIGHT = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  return document.querySelector('h1') && main ? main.scrollHeight : 0;
}"""


@dataclass(frozen=True)
class Address:
    """A view to measure: its name, the ID of its page, and where it is."""

    name: str
    page: str
    path: str


@dataclass(frozen=True)
class Length:
    """How long a view is: screens and words on a phone and on a desktop."""

    name: str
    page: str
    screens: float
    words: int
    wide_screens: float
    wide_words: int

    @property
    def limit(self) -> tuple[float, int]:
        """The screens and the words that a phone may show."""
        return LIMITS.get(self.page, OTHER_LIMIT)

    @property
    def is_within_limit(self) -> bool:
        """Whether it is as short as it should be."""
        screens, words = self.limit
        return self.screens <= screens and self.words <= words


def list_addresses() -> list[Address]:
    """Every page as it opens, each market, a company's mix of three markets, one input of a firm."""
    addresses = []
    for row in PAGES:
        if row.id == MARKET_PAGE:
            catalogue = read_catalogue(ROOT / "data").catalogue
            names = catalogue.segments if catalogue is not None else ()
            addresses += [Address(f"{row.id}: {name}", row.id, f"/{row.path}?segment={name}") for name in names]
        else:
            addresses.append(Address(row.id, row.id, f"/{row.path}"))
    addresses.append(Address("portfolio: a mix", "portfolio", f"/portfolio#{MIX}"))
    addresses.append(Address("purchasing: aluminium", "purchasing", "/purchasing?indicator=aluminium_price"))
    return addresses


def measure_address(browser: Browser, base_url: str, address: Address) -> Length:
    """Opens a view in French on both devices. Raises RuntimeError where it has no heading or never comes to rest."""
    phone = _measure_at(browser, base_url + address.path, PHONE, address.name)
    desktop = _measure_at(browser, base_url + address.path, DESKTOP, address.name)
    return Length(address.name, address.page, *phone, *desktop)


def _measure_at(browser: Browser, url: str, size: tuple[int, int], name: str) -> tuple[float, int]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="fr-FR", reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        watch = Watch(page)
        page.goto(url)
        page.wait_for_selector("h1")
        watch.rest(page, REST_SECONDS)
        height = _await_height(page)
        if not height:
            raise RuntimeError(f"{name} has no heading")
        return height / size[1], int(page.evaluate(COUNT_WORDS))
    finally:
        context.close()


def _await_height(page: BrowserPage) -> int:
    """The height of the page once it has been the same for half a second, or after ten: charts draw late."""
    height, same = -1, 0
    for _look in range(100):
        now = int(page.evaluate(MEASURE_HEIGHT))
        same = same + 1 if now == height else 0
        height = now
        if same >= 5:
            break
        page.wait_for_timeout(100)
    return height


def keep_longest_market(lengths: Sequence[Length]) -> list[Length]:
    """All views but the shorter markets: the first market stands for the page, the longest for its worst case."""
    markets = [row for row in lengths if row.page == MARKET_PAGE]
    if not markets:
        return list(lengths)
    shown = {markets[0].name, max(markets, key=lambda row: (row.screens, row.words)).name}
    shown |= {row.name for row in markets if not row.is_within_limit}
    return [row for row in lengths if row.page != MARKET_PAGE or row.name in shown]


def build_table(lengths: Sequence[Length]) -> str:
    """The lengths as a Markdown table; those beyond their limit are marked."""
    lines = [
        "| page | screens, phone | limit | words, phone | limit | screens, 1440 | words, 1440 |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in lengths:
        screens, words = row.limit
        mark = "" if row.is_within_limit else " **too long**"
        lines.append(
            f"| {row.name}{mark} | {row.screens:.2f} | {screens:g} | {row.words} | {words} "
            f"| {row.wide_screens:.2f} | {row.wide_words} |"
        )
    return "\n".join(lines)


def check_base_url(url: str) -> str:
    """The address of a server on this machine, without a slash at its end. Raises ValueError for any other."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname != "127.0.0.1" or parts.path not in ("", "/") or parts.query:
        raise ValueError(f"--base-url must be http://127.0.0.1:PORT, not {url}")
    return f"http://{parts.netloc}"


@contextmanager
def _serve() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="page-lengths-") as folder, serve_observatory(Path(folder)) as server:
        yield server.url


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints the table, says which limits are broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="", help="a server on 127.0.0.1 to measure instead of one of its own")
    parser.add_argument("--pages", default="", help="those whose name begins so, separated by commas; else all")
    parser.add_argument("--out", type=Path, help="where to write all lengths as JSON")
    options = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an exception, so that the server is stopped
    try:
        base = nullcontext(check_base_url(options.base_url)) if options.base_url else _serve()
        names = tuple(options.pages.split(","))
        addresses = [row for row in list_addresses() if row.name.startswith(names)]
        with base as url, open_browser(shutil.which("chromium") or shutil.which("google-chrome")) as browser:
            lengths = [measure_address(browser, url, row) for row in addresses]
    except (Error, OSError, RuntimeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(build_table(keep_longest_market(lengths)))
    if options.out:
        options.out.write_text(json.dumps([asdict(row) for row in lengths], indent=1) + "\n")
    return 0 if all(row.is_within_limit for row in lengths) else 1


if __name__ == "__main__":
    sys.exit(main())
