"""The checks of `observatory doctor`: a row each, for an installation and for a server that runs."""

from observatory.diagnosis.environment import check_proxy, check_settings, check_variables
from observatory.diagnosis.machine import check_clock, check_descriptors, check_disk, check_memory, check_port
from observatory.diagnosis.model import Check, Installation
from observatory.diagnosis.program import check_extras, check_files, check_versions
from observatory.diagnosis.server import (
    ServerProbe,
    check_alive,
    check_certificate,
    check_figures,
    check_foreign_origin,
    check_headers,
    check_links,
    check_ready,
    check_stream,
)
from observatory.diagnosis.stored import check_refresh, check_store, check_writing

INSTALLATION_CHECKS: tuple[Check[Installation], ...] = (
    Check("versions", check_versions),
    Check("files", check_files),
    Check("extras", check_extras),
    Check("variables", check_variables),
    Check("settings", check_settings),
    Check("proxy", check_proxy),
    Check("port", check_port),
    Check("descriptors", check_descriptors),
    Check("memory", check_memory),
    Check("disk", check_disk),
    Check("writing", check_writing),
    Check("store", check_store),
    Check("clock", check_clock),
    Check("refresh", check_refresh),
)

SERVER_CHECKS: tuple[Check[ServerProbe], ...] = (
    Check("alive", check_alive),  # the first: of a server that does not answer nothing else is asked
    Check("certificate", check_certificate),
    Check("ready", check_ready),
    Check("stream", check_stream),
    Check("foreign_origin", check_foreign_origin),
    Check("headers", check_headers),
    Check("links", check_links),
    Check("figures", check_figures),
)
