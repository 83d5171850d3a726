"""Reading of outlooks: catalogue and store as one object, with caches of editions and of reconstructed months."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import count
from threading import Lock

from observatory.catalogue import loader
from observatory.catalogue.codec import apply_facts, strip_facts
from observatory.catalogue.loader import FormerEdition
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import month_ordinal
from observatory.catalogue.real_vintages import RealVintage, load_real_vintages
from observatory.clock import Clock, system_clock
from observatory.errors import StoreError
from observatory.outlook import time_machine
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.outlook.study import Study
from observatory.selection import Selection
from observatory.settings import Settings
from observatory.store.records import Vintage
from observatory.store.store import Store
from observatory.timeseries import build_panel
from observatory.workspace.reconstruction import ReconstructionCache

_MAX_CACHED_OUTLOOKS = 4
_READ_LOCK_COUNT = 64
_serials = count(1)


class OutlookReader:
    """Catalogue and store of an observatory, and the outlooks that they hold, each read once.

    Raises CatalogueError or StoreError where they cannot be opened.
    """

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings, self.clock = settings, clock
        self.serial = next(_serials)  # caches that outlive a workspace tell it from the next by this
        self.catalogue = loader.load_catalogue(settings.data_dir, clock)
        self.store = Store(settings.store_url, clock)
        self._read_locks = tuple(Lock() for _ in range(_READ_LOCK_COUNT))
        self._cached_outlook = lru_cache(maxsize=_MAX_CACHED_OUTLOOKS)(self._read_outlook)
        self._reconstructions = ReconstructionCache(self._reconstruct_outlook)
        self._cached_catalogue = lru_cache(maxsize=1)(self._load_full_catalogue)

    @cached_property
    def former_editions(self) -> tuple[FormerEdition, ...]:
        """The curated editions before that of today; read when first asked for, which few commands and pages do."""
        return loader.read_former_editions(self.settings.data_dir, self.clock)

    @cached_property
    def real_vintages(self) -> tuple[RealVintage, ...]:
        """The real vintages under data/ of indicators of today's catalogue; read when first asked for, as it is."""
        return load_real_vintages(self.settings.data_dir, self.catalogue)

    def now(self) -> datetime:
        """The current moment, UTC."""
        return self.clock()

    def today(self) -> date:
        """The current day, UTC."""
        return self.clock().date()

    def get_vintage(self, moment: datetime | None = None) -> Vintage:
        """The vintage as of a moment (None: now); the first one if the moment is before it."""
        editions = self.store.editions()
        vintage = editions.newest if moment is None else editions.find(moment) or editions.first
        if vintage is None:
            raise StoreError("error.store.empty", path=self.store.address)
        return vintage

    def get_outlook(self, moment: datetime | None = None, base_edition: int | None = None) -> Outlook:
        """The outlook as of a moment, read once per vintage and cached.

        Before the first vintage it is reconstructed, a few seconds the first time, from the figures of `base_edition`,
        by default of the first; not before 1990. Raises BusyError if too many wait for that.
        """
        vintage = self.get_vintage(moment)
        month = find_reconstruction_month(moment, vintage)
        if month is None:
            return self._load_outlook(vintage)
        return self.get_reconstruction(month, 0 if base_edition in (None, vintage.id) else base_edition)

    def get_reconstruction(self, month: int, base_edition: int = 0) -> Outlook:
        """The outlook as it would have been at the end of a month (ordinal), cached; one is computed at a time.

        It is made from the figures of an edition by its number, 0 for the first: a link that names none keeps its
        answer, whatever is published later. Raises StoreError if there is no such edition, BusyError if too many wait
        for their turn.
        """
        return self._reconstructions.get(month, base_edition)

    def get_selected_outlook(self, selection: Selection) -> Outlook:
        """The outlook that a selection pins: an edition, a moment, or now; the newest for an unknown edition."""
        number, base = selection.edition_number(), selection.base_edition()
        known = self.store.editions().by_number if number or base else {}
        if number is not None and number in known:
            return self._load_outlook(known[number])
        if number or (base and base not in known):
            return self.get_outlook()
        return self.get_outlook(selection.pinned_moment(), base)

    def get_newest_outlook(self) -> Outlook | None:
        """The outlook of the newest vintage; None before the first."""
        head = self.store.find_vintage()
        return None if head is None else self._load_outlook(head)

    def get_vintage_by_number(self, number: int) -> Vintage:
        """A vintage by its number. Raises StoreError if there is none."""
        vintage = self.store.editions().by_number.get(number)
        if vintage is None:
            raise StoreError("error.vintage.unknown", id=number)
        return vintage

    def get_outlook_by_number(self, number: int) -> Outlook:
        """The outlook of a vintage by its number. Raises StoreError if there is none."""
        return self._load_outlook(self.get_vintage_by_number(number))

    def get_full_catalogue(self) -> Catalogue:
        """The catalogue with the indicators of data/ and of all vintages, withdrawn ones included."""
        head = self.store.find_vintage()
        return self.catalogue if head is None else self._cached_catalogue(head.id)

    def _find_edition(self, moment: datetime) -> Catalogue:
        """The catalogue of the curated edition that was the newest one at a moment; the first one before it."""
        if self.catalogue.edition.at <= moment:
            return self.catalogue
        editions = [*(row.catalogue for row in self.former_editions), self.catalogue]
        return next((row for row in reversed(editions) if row.edition.at <= moment), editions[0])

    def _load_full_catalogue(self, _head: int) -> Catalogue:
        return apply_facts(self.catalogue, self.store.newest_facts())

    def _load_outlook(self, vintage: Vintage) -> Outlook:
        with self._read_locks[
            vintage.id % _READ_LOCK_COUNT
        ]:  # each is read once, and requests for another edition do not wait
            return self._cached_outlook(vintage)

    def _reconstruct_outlook(self, month: int, base_edition: int) -> Outlook:
        vintage = self.get_vintage_by_number(base_edition or self.store.vintages()[0].id)
        rebuilt = time_machine.reconstruct_outlook(self._load_outlook(vintage), month, self.real_vintages)
        return replace(rebuilt, base_edition=base_edition)

    def _read_outlook(self, vintage: Vintage) -> Outlook:
        try:
            calls = {
                (row.segment, row.horizon): Call.from_details(row.segment, row.horizon, row.call, row.details)
                for row in self.store.calls(vintage)
            }
        except (KeyError, TypeError) as error:
            raise StoreError("error.store.unreadable", path=self.store.address, why=f"calls: {error}") from error
        panel = build_panel(self.store.observations(vintage))
        return Outlook(
            edition=vintage.id,
            published_at=vintage.at,
            catalogue=apply_facts(strip_facts(self._find_edition(vintage.at)), self.store.facts(vintage)),
            panel=panel,
            forecasts={key: row for key, row in self.store.forecasts(vintage).items() if key in panel},
            calls=calls,
            study=Study.from_json(self.store.replay(vintage)),
        )

    def has_vintages(self) -> bool:
        """Whether something has been published."""
        return self.store.find_vintage() is not None


def find_reconstruction_month(moment: datetime | None, first: Vintage) -> int | None:
    """The month as of whose end an outlook must be reconstructed; None if a vintage answers, or if it is too early."""
    if moment is None or moment >= first.at:
        return None
    ended = (moment + timedelta(seconds=1)).month != moment.month
    month = month_ordinal(moment.date()) - (not ended)
    return month if month >= time_machine.EARLIEST_MONTH else None
