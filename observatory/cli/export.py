"""Command export: the view of a link as a file."""

import argparse

from observatory.cli.output import EXIT_OK, EXIT_USAGE_ERROR, print_status
from observatory.errors import ObservatoryError
from observatory.export.csv.forecasts import open_atomically
from observatory.export.render import render_link
from observatory.language import Localizer
from observatory.workspace import LinkError, explain_link_error, get_workspace


def export(args: argparse.Namespace, localizer: Localizer) -> int:
    """Exports the view of a link as a file; a link that is not understood gives a sentence, and no file."""
    opened_workspace = get_workspace()
    loaded = opened_workspace.settings
    try:
        rendered = render_link(opened_workspace, args.link, args.format, one_pager=args.brief, base_url=loaded.site)
    except LinkError as error:
        found = explain_link_error(error, opened_workspace.get_full_catalogue(), localizer)
        print_status(f"{found.detail} {found.hint}")
        return EXIT_USAGE_ERROR
    except (ObservatoryError, OSError):
        raise
    except Exception as error:
        raise ObservatoryError("error.export.failed", error=f"{type(error).__name__}: {error}") from error
    with open_atomically(args.output) as file:
        file.write(rendered.content)
    return EXIT_OK
