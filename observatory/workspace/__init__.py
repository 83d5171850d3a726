"""Workspace: settings, catalogue and store, opened for pages, API and command line; every write goes through it."""

from observatory.outlook.build import ProgressCallback, ignore_progress
from observatory.workspace.access import AccessControl, AnalystSession, Identity
from observatory.workspace.curated import build_curated_reports, check_curated_data
from observatory.workspace.current import clear_when_replaced, forget_workspace, get_workspace
from observatory.workspace.drafts import DraftPreview
from observatory.workspace.editions import PreparedEdition
from observatory.workspace.link_errors import LinkError, LinkExplanation, explain_link_error
from observatory.workspace.outlook_reader import find_reconstruction_month
from observatory.workspace.reference import load_reference_outlook
from observatory.workspace.resolve import (
    UrlQuery,
    list_unknown_editions,
    needs_reconstruction,
    prepare_month,
    resolve_query,
)
from observatory.workspace.warming import warm_up
from observatory.workspace.workspace import Workspace

__all__ = [
    "AccessControl",
    "AnalystSession",
    "DraftPreview",
    "Identity",
    "LinkError",
    "LinkExplanation",
    "PreparedEdition",
    "ProgressCallback",
    "UrlQuery",
    "Workspace",
    "build_curated_reports",
    "check_curated_data",
    "clear_when_replaced",
    "explain_link_error",
    "find_reconstruction_month",
    "forget_workspace",
    "get_workspace",
    "ignore_progress",
    "list_unknown_editions",
    "load_reference_outlook",
    "needs_reconstruction",
    "prepare_month",
    "resolve_query",
    "warm_up",
]
