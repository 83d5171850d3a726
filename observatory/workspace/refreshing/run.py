"""A run: plan, collect, evaluate, publish as one edition, report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from observatory.catalogue.periods import ordinal_to_period
from observatory.catalogue.schedule import find_due_day
from observatory.errors import ConflictError
from observatory.language import Localizer
from observatory.outlook.build import ProgressCallback, ignore_progress
from observatory.sources.collection import Collected, Fetcher, collect
from observatory.sources.model import Answer, Request
from observatory.store.records import Vintage
from observatory.store.refreshes import IndicatorResult, Reason, RefreshReport, summarize_source
from observatory.store.uploads import UploadDraft
from observatory.timeseries import find_last_places
from observatory.workspace.access import AnalystSession
from observatory.workspace.drafts import DraftPreview
from observatory.workspace.refreshing.answers import (
    AnswerArchive,
    RecordingClient,
    RunOptions,
    hash_recipe,
    name_run,
)
from observatory.workspace.refreshing.evaluation import CHOICES, Evaluated, Evaluation, evaluate, write_csv
from observatory.workspace.refreshing.held import (
    REFRESH_NAME,
    discard_leftovers,
    is_discarded,
    name_collected_file,
    receive_held,
)
from observatory.workspace.refreshing.lock import hold_lease, hold_lock
from observatory.workspace.refreshing.plan import Plan, build_plan
from observatory.workspace.workspace import Workspace

_MAX_ATTEMPTS = 3  # to publish: prepared again twice, if somebody publishes in between
_MAX_READ_REPORTS = 400  # more than a year of daily runs
_COLLECTING_SHARE = 0.6  # of the progress bar
_ACTIONS = {
    "forbidden": "by_hand",
    "old_workbook": "by_hand",
    "key_missing": "key",
    **dict.fromkeys(
        (
            "unreachable",
            "too_slow",
            "status",
            "cut",
            "empty",
            "html",
            "incomplete",
            "archive",
            "compression",
            "encoding",
        ),
        "again",
    ),
}

Approval = Callable[[DraftPreview], bool]


@dataclass(frozen=True)
class RefreshOutcome:
    """What a run did, or would do. `preview` shows what it published; None if there was nothing to publish.

    `is_declined`: somebody was asked and said no; nothing was published, and no report is stored.
    """

    report: RefreshReport
    preview: DraftPreview | None = None
    is_declined: bool = False


@dataclass(frozen=True)
class _Run:
    """A run under way: its name, when it started, what it asks for and what it got."""

    workspace: Workspace
    name: str
    started: datetime
    plan: Plan
    collected: Sequence[Collected]
    progress: ProgressCallback

    def evaluate(self) -> Evaluation:
        """What becomes of what was collected, on top of what is the newest vintage now."""
        workspace = self.workspace
        return evaluate(
            self.collected,
            self.plan.derived,
            workspace.catalogue.with_candidates(),
            workspace.get_outlook(),
            workspace.today(),
        )

    def preview(self, draft: UploadDraft, content: bytes) -> DraftPreview:
        """The effects of publishing a file; the last part of the progress bar."""

        def report(step: str, done: float) -> None:
            self.progress(step, _COLLECTING_SHARE + (1 - _COLLECTING_SHARE) * min(done, 0.95))

        return self.workspace.build_preview(draft, report, content)


@dataclass(frozen=True)
class _Publication:
    """How an attempt to publish ended. `drafts` are those of held indicators."""

    evaluation: Evaluation
    preview: DraftPreview | None = None
    vintage: Vintage | None = None
    is_declined: bool = False
    is_busy: bool = False
    drafts: Mapping[str, UploadDraft | None] = field(default_factory=dict)


def rehearse(
    workspace: Workspace, client: Fetcher, options: RunOptions, progress: ProgressCallback = ignore_progress
) -> RefreshOutcome:
    """What a run would do now: publishers are asked, nothing is stored."""
    started = workspace.now()
    reports = workspace.store.refreshes.list_last(_MAX_READ_REPORTS)
    plan = _plan(workspace, reports, options)
    previous = AnswerArchive(workspace.settings.refresh_dir).read_published(reports, _hash_recipes(plan))
    collected = _collect(plan, client, previous, progress)
    run = _Run(workspace, name_run(started), started, plan, collected, progress)
    evaluation = run.evaluate()
    changes = evaluation.list_changes()
    preview = None
    if changes:
        name, about = name_collected_file(run.name), evaluation.select_facts(changes)
        head = workspace.get_vintage().id
        draft = UploadDraft(0, "", name, REFRESH_NAME, started, head, CHOICES, about, None)
        preview = run.preview(draft, write_csv(changes))
    progress("progress.ready", 1.0)
    return RefreshOutcome(_build_report(run, _Publication(evaluation, preview)), preview)


def run_refresh(
    workspace: Workspace,
    client: Fetcher,
    options: RunOptions,
    *,
    is_resumed: bool = False,
    approve: Approval = lambda _preview: True,
    progress: ProgressCallback = ignore_progress,
) -> RefreshOutcome:
    """Collects, publishes one edition, and stores the report. Raises ConflictError while another run is under way.

    A resumed run takes up the newest one that was interrupted, with what it was asked for and the answers it had;
    without one it is a new run.
    """
    folder = workspace.settings.refresh_dir
    with hold_lock(folder), hold_lease(workspace.store.shared, folder):
        archive = AnswerArchive(folder)
        session = workspace.access.open_operator_session(REFRESH_NAME)
        discard_leftovers(workspace, session)
        reports = workspace.store.refreshes.list_last(_MAX_READ_REPORTS)
        journal = archive.find_interrupted(workspace.now()) if is_resumed else None
        plan = _plan(workspace, reports, options if journal is None else journal.options)
        if journal is None:
            journal = archive.begin(workspace.now(), options, {report.run for report in reports})
        journal = replace(journal, recipes=_hash_recipes(plan))
        previous = archive.read_published(reports, journal.recipes)
        collected = _collect(plan, RecordingClient(client, journal, workspace.clock), previous, progress)
        run = _Run(workspace, journal.run, journal.started, plan, collected, progress)
        publication = _publish(run, session, approve)
        if publication.is_declined:
            return RefreshOutcome(_build_report(run, publication), publication.preview, is_declined=True)
        drafts = receive_held(workspace, publication.evaluation, session)
        report = _build_report(run, replace(publication, drafts=drafts))
        workspace.store.refreshes.save(report)
        workspace.announce(publication.vintage, is_refresh=True)
        if not publication.is_busy:
            archive.finish(journal, report)
        progress("progress.ready" if report.edition is None else "progress.done", 1.0)
        return RefreshOutcome(report, publication.preview)


def _plan(workspace: Workspace, reports: Sequence[RefreshReport], options: RunOptions) -> Plan:
    panel = workspace.get_outlook().panel
    catalogue = workspace.catalogue.with_candidates()
    return build_plan(catalogue, panel, reports, workspace.today(), options.sources, options.indicators)


def _hash_recipes(plan: Plan) -> dict[str, str]:
    return {recipe.indicator: hash_recipe(recipe) for recipe in plan.asked}


def _collect(
    plan: Plan, client: Fetcher, previous: Mapping[Request, Answer], progress: ProgressCallback
) -> list[Collected]:
    """What the publishers give, in the order of the recipes."""
    hosts = len({recipe.host for recipe in plan.asked})
    progress("refresh.progress.collecting", 0.0)
    rows: list[Collected] = []
    for number, group in enumerate(collect(plan.asked, client, plan.window, previous), 1):
        rows += group
        progress("refresh.progress.collecting", _COLLECTING_SHARE * number / hosts)
    return sorted(rows, key=lambda row: (row.recipe.host, row.recipe.indicator))


def _publish(run: _Run, session: AnalystSession, approve: Approval) -> _Publication:
    """Publishes what may be published, on top of what is the newest vintage by then."""
    workspace = run.workspace
    for _attempt in range(_MAX_ATTEMPTS):
        evaluation = run.evaluate()
        changes = evaluation.list_changes()
        if not changes:
            return _Publication(evaluation)
        name, about = name_collected_file(run.name), evaluation.select_facts(changes)
        draft = workspace.receive(name, content := write_csv(changes), session, CHOICES, about)
        preview = run.preview(draft, content)
        if preview.prepared is None:  # somebody published the same figures in this very moment
            workspace.discard(draft, session)
            continue
        if not approve(preview):
            workspace.discard(draft, session)
            return _Publication(evaluation, preview, is_declined=True)
        note_fr, note_en = (_write_note(evaluation, Localizer(code)) for code in ("fr", "en"))
        batch = replace(preview.prepared.batch, note_fr=note_fr, note_en=note_en)
        try:
            vintage = workspace.commit(replace(preview.prepared, batch=batch), session, announces=False)
        except ConflictError:
            workspace.discard(draft, session)
        else:
            return _Publication(evaluation, preview, vintage)
    return _Publication(run.evaluate(), is_busy=True)


def _write_note(evaluation: Evaluation, localizer: Localizer) -> str:
    """Why the edition was made."""
    return localizer.plural("refresh.note", sum(row.state == "fresh" for row in evaluation.rows))


def _build_report(run: _Run, publication: _Publication) -> RefreshReport:
    workspace = run.workspace
    is_unpublished = publication.is_busy or publication.is_declined
    panel = workspace.get_outlook().panel if is_unpublished else publication.evaluation.panel
    last_places = find_last_places(panel)
    results, indicators = [], workspace.catalogue.with_candidates().indicators
    for row in publication.evaluation.rows:
        facts = indicators[row.recipe.indicator]
        place = last_places.get(row.recipe.indicator)
        due = find_due_day(facts, row.recipe, place)
        last = "" if place is None else ordinal_to_period(place, facts.frequency)
        result = _build_result(workspace, row, publication)
        results.append(replace(result, last_period=last, due=due.isoformat() if due else ""))
    results = sorted([*results, *run.plan.left_out], key=lambda row: (not row.source, row.source, row.indicator))
    seconds = {row.recipe.host: row.seconds for row in run.collected}
    sources = tuple(
        summarize_source(source, seconds.get(source, 0.0), [row for row in results if row.source == source])
        for source in dict.fromkeys(row.source for row in results if row.source)
    )
    edition = publication.vintage.id if publication.vintage is not None else None
    return RefreshReport(run.name, run.started, workspace.now(), edition, sources, tuple(results))


def _build_result(workspace: Workspace, row: Evaluated, publication: _Publication) -> IndicatorResult:
    """The result of an indicator that was asked for, without its periods."""
    name, comparison = row.recipe.indicator, row.comparison
    result = IndicatorResult(name, row.recipe.host, row.state, reason=row.reason)
    added = comparison.added_count if comparison is not None else 0
    revised = comparison.revised_count if comparison is not None else 0
    if row.state == "failed" and row.reason is not None:
        kind = row.reason.key.rpartition(".")[2]
        return replace(result, action=f"refresh.action.{_ACTIONS.get(kind, 'recipe')}")
    if row.state == "held":
        draft = publication.drafts.get(name)
        if is_discarded(workspace, row):
            return replace(result, state="unchanged", reason=Reason("refresh.note.discarded"))
        action = "refresh.action.review" if added + revised else "refresh.action.shorter"
        return replace(result, held=added + revised, draft=draft.id if draft is not None else None, action=action)
    if row.state == "fresh" and publication.is_busy:
        return replace(result, state="failed", reason=Reason("refresh.failed.busy"), action="refresh.action.resume")
    return replace(result, new=added, revised=revised) if row.state == "fresh" else result
