"""Builds the brief of the last collection: what an analyst uploads, what needs a look, and each source."""

from collections import Counter
from collections.abc import Sequence

from observatory.briefs.collection.attempts import SourceAttempt, find_attempts
from observatory.briefs.collection.attention import build_attention_table
from observatory.briefs.collection.manual import build_manual_table, count_due_files, list_manual_files
from observatory.briefs.collection.model import CollectionBrief
from observatory.briefs.collection.reasons import action_text, reason_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import latest_period
from observatory.briefs.common.model import TextTable
from observatory.catalogue.recipes import RefreshRecipe
from observatory.outlook.outlook import Outlook
from observatory.store.refreshes import FAULTY_STATES, STATES, RefreshReport, SourceResult
from observatory.timeseries import find_last_places

_COUNTED_STATES = tuple(state for state in STATES if state not in ("skipped", "manual"))


def select_reports(reports: Sequence[RefreshReport], outlook: Outlook) -> tuple[RefreshReport, ...]:
    """The runs that a dated view of an edition knows: those until it, whatever came later."""
    if outlook.is_reconstructed:
        return ()
    return tuple(
        row
        for row in reports
        if (row.edition <= outlook.edition if row.edition is not None else row.finished <= outlook.published_at)
    )


def build_collection(context: Context, reports: Sequence[RefreshReport]) -> CollectionBrief:
    """The page as of an outlook and a day; `reports` are the last runs, the newest first, none before the first one."""
    localizer, attempts = context.localizer, find_attempts(reports)
    machine = _group_by_host(context.outlook)
    files = list_manual_files(context)
    lead = _lead_text(context, reports[0]) if reports else localizer.text("collection.lead.none")
    under = [_edition_text(context, reports[0])] if reports else [_first_run_text(context, machine)]
    due = count_due_files(files)
    under.append(
        localizer.plural("collection.under.manual", due) if due else localizer.text("collection.under.no_manual")
    )
    return CollectionBrief(
        kicker=localizer.text("collection.kicker"),
        lead=lead,
        under=tuple(under),
        manual=build_manual_table(context, files) if files else None,
        attention=build_attention_table(context, attempts.values()),
        sources_subtitle=localizer.text("collection.sources.subtitle"),
        sources=_build_source_table(context, machine, attempts, reports),
        awaiting=_build_awaiting_table(context),
    )


def _group_by_host(outlook: Outlook) -> dict[str, list[RefreshRecipe]]:
    """The recipes for machines of the indicators and candidates of an outlook, by host."""
    groups: dict[str, list[RefreshRecipe]] = {}
    declared = outlook.catalogue.indicators.keys() | outlook.catalogue.candidates.keys()
    for recipe in outlook.catalogue.recipes.values():
        if recipe.is_machine_readable and recipe.indicator in declared:
            groups.setdefault(recipe.host, []).append(recipe)
    return dict(sorted(groups.items()))


def _lead_text(context: Context, report: RefreshReport) -> str:
    """The day of a run, and its indicators by what came of them."""
    localizer = context.localizer
    counts = [
        localizer.plural(f"refresh.count.{state}", count)
        for state in ("fresh", "unchanged", "held", "failed")
        if (count := report.count(state))
    ]
    date = localizer.day(report.finished.date())
    if not counts:
        return localizer.text("collection.lead.nothing_due", date=date)
    return localizer.text("collection.lead", date=date, counts=localizer.list_text(counts))


def _edition_text(context: Context, report: RefreshReport) -> str:
    localizer = context.localizer
    clock = localizer.datetime_text(report.finished)
    if report.edition is None:
        return localizer.text("collection.under.no_edition", moment=clock)
    return localizer.text("collection.under.edition", moment=clock, id=report.edition)


def _first_run_text(context: Context, machine: dict[str, list[RefreshRecipe]]) -> str:
    indicators = sum(map(len, machine.values()))
    return context.localizer.plural("collection.under.first", indicators, sources=len(machine))


def _build_source_table(
    context: Context,
    machine: dict[str, list[RefreshRecipe]],
    attempts: dict[str, SourceAttempt],
    reports: Sequence[RefreshReport],
) -> TextTable:
    """One row a source, the gravest result first: what came of it, up to when its figures go, what to do."""
    localizer = context.localizer
    last_places = find_last_places(context.outlook.panel)
    rows = []
    for host, recipes in machine.items():
        attempt = attempts.get(host)
        period = latest_period(
            (row.frequency, last_places[row.indicator]) for row in recipes if row.indicator in last_places
        )
        rank = STATES.index(attempt.result.state) if attempt is not None else len(STATES)
        cells = (
            _publisher_text(context, recipes),
            _result_text(context, attempt, len(recipes), reports),
            localizer.period(period) if period else localizer.text("collection.sources.no_figures"),
            _next_text(context, attempt, host),
        )
        rows.append((rank, cells))
    rows.sort(key=lambda row: (row[0], row[1][0].lower()))
    headers = tuple(localizer.text(f"collection.sources.head.{name}") for name in ("source", "result", "until", "next"))
    return TextTable(localizer.text("collection.sources.title"), headers, tuple(cells for _rank, cells in rows))


def _publisher_text(context: Context, recipes: Sequence[RefreshRecipe]) -> str:
    """The publisher of most indicators of a host."""
    catalogue = context.outlook.catalogue
    facts = {**catalogue.candidates, **catalogue.indicators}
    sources = Counter(facts[row.indicator].source for row in recipes)
    return context.localizer.field_text(catalogue.sources[sources.most_common(1)[0][0]], "publisher")


def _result_text(
    context: Context, attempt: SourceAttempt | None, indicators: int, reports: Sequence[RefreshReport]
) -> str:
    """What came of the last attempt, dated if that was not the last run."""
    localizer = context.localizer
    if attempt is None:
        return localizer.plural("collection.sources.never", indicators)
    counts = localizer.list_text(
        [
            localizer.plural(f"refresh.count.{state}", count)
            for state in _COUNTED_STATES
            if (count := attempt.result.states.get(state))
        ]
    )
    if attempt.report.run == reports[0].run:
        return counts
    date = localizer.day(attempt.report.finished.date())
    return localizer.text("collection.sources.before", counts=counts, date=date)


def _next_text(context: Context, attempt: SourceAttempt | None, host: str) -> str:
    """Why a source failed or is held, and what to do; a dash if there is nothing to do."""
    localizer = context.localizer
    if attempt is None:
        server = context.outlook.catalogue.refresh_hosts.get(host)
        text = localizer.text("collection.sources.first", source=host)
        if server is None or not server.key_variable:
            return text
        return f"{text} {localizer.text('collection.sources.key', name=server.key_variable)}"
    result: SourceResult = attempt.result
    if result.state not in FAULTY_STATES:
        return "\u2013"
    texts = [reason_text(context, result.reason), action_text(context, result.action, result.reason)]
    if result.state == "failed" and attempt.last_success is not None:
        texts.append(localizer.text("collection.sources.last", date=localizer.day(attempt.last_success.date())))
    return " ".join(text for text in texts if text)


def _build_awaiting_table(context: Context) -> TextTable | None:
    """The candidates, by segment: declared, and without figures until their first collection."""
    localizer, catalogue = context.localizer, context.outlook.catalogue
    rows = tuple(
        (
            localizer.field_text(row, "title"),
            localizer.field_text(segment, "title"),
            localizer.field_text(catalogue.sources[row.source], "publisher"),
        )
        for segment in catalogue.segments.values()
        for row in catalogue.candidates_of_segment(segment.id)
    )
    if not rows:
        return None
    headers = tuple(localizer.text(f"collection.awaiting.head.{name}") for name in ("indicator", "market", "source"))
    return TextTable(localizer.plural("collection.awaiting.title", len(rows)), headers, rows)
