"""Checks of the machine: port, descriptors, memory, disk, clock."""

import http.client
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from observatory import settings
from observatory.diagnosis.model import Installation, Problem
from observatory.errors import MessageValue, ObservatoryError
from observatory.store.inspection import StoreInspection
from observatory.workspace.edition_writer import MAX_EDITION_GAP

if sys.platform != "win32":  # which has no such limits
    import resource

DESCRIPTORS_PER_READER = 4
_MIN_DESCRIPTORS = 4_096  # a thousand readers
_MIN_MEMORY_MB = 1_200  # load takes four times the memory after the start, and a preview of a publication more
_MIN_FREE_STORES = 10  # as many times the store must be free: backups, a restore, a year of editions
_ANSWER_SECONDS = 5.0
_CGROUPS = Path("/sys/fs/cgroup")
_NETWORK_DISKS = frozenset(("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre"))
_NETWORK_MOUNTS = ("fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone")


def require_free_port(host: str, port: int) -> None:
    """Raises ObservatoryError if a port cannot be listened on."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except UnicodeError as error:
        raise ObservatoryError("error.host", host=host[: settings.MAX_ECHOED_CHARS], why="IDNA") from error
    except PermissionError as error:
        raise ObservatoryError("error.host", host=f"{host}:{port}", why=error.strerror or str(error)) from error
    except OSError as error:
        if error.errno == 98 or "in use" in str(error):
            raise ObservatoryError("error.port_in_use", host=host, port=port) from error
        raise ObservatoryError(
            "error.host", host=host[: settings.MAX_ECHOED_CHARS], why=error.strerror or str(error)
        ) from error


def check_port(installation: Installation) -> Iterator[Problem]:
    """The port is free, or it is a server of ours that answers on it."""
    loaded = installation.settings
    if loaded is None:
        return
    try:
        require_free_port(loaded.host, loaded.port)
    except ObservatoryError as error:
        if error.key != "error.port_in_use" or not _is_ours(loaded.host, loaded.port):
            yield Problem.from_error(error)


def check_descriptors(_installation: Installation) -> Iterator[Problem]:
    """A thousand readers have descriptors: the server raises its limit to the hard one at its start."""
    if sys.platform == "win32":
        return
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < _MIN_DESCRIPTORS:
        yield Problem("doctor.descriptors", {"count": hard, "readers": hard // DESCRIPTORS_PER_READER})


def check_memory(_installation: Installation) -> Iterator[Problem]:
    """Machine, container and limits of the process leave the memory that load takes."""
    limits = [value for value in (_read_machine_memory(), *_read_group_limits(), _read_process_limit()) if value]
    if limits and min(limits) < _MIN_MEMORY_MB * 2**20:
        yield Problem("doctor.memory", {"found": min(limits) // 2**20, "needed": _MIN_MEMORY_MB})


def check_disk(installation: Installation) -> Iterator[Problem]:
    """The store lies on a disk of this machine with room to spare."""
    path = installation.store_path
    if path is None:
        return
    folder = next((one for one in path.absolute().parents if one.is_dir()), Path("/"))
    kind = _find_disk_kind(folder.resolve(), installation.mounts)
    if kind in _NETWORK_DISKS or kind in _NETWORK_MOUNTS:
        yield Problem("doctor.network_disk", {"path": str(folder), "kind": kind})
    size = path.stat().st_size if path.is_file() else 0
    free = shutil.disk_usage(folder).free
    needed = max(_MIN_FREE_STORES * size, 100 * 2**20)
    if free < needed:
        yield Problem("doctor.disk", {"path": str(folder), "free": free // 2**20, "needed": needed // 2**20})


def check_clock(installation: Installation) -> Iterator[Problem]:
    """The clock is neither before the newest edition nor more than a year past it."""
    store = installation.store
    if not isinstance(store, StoreInspection) or store.newest is None:
        return
    number, at = store.newest
    now = installation.clock()
    values: dict[str, MessageValue] = {"id": number, "day": f"{at:%Y-%m-%d}", "now": f"{now:%Y-%m-%d %H:%M}"}
    if at > now + timedelta(minutes=1):
        yield Problem("doctor.clock_behind", values)
    elif now - at > MAX_EDITION_GAP:
        yield Problem("doctor.clock_ahead", values)


def _is_ours(host: str, port: int) -> bool:
    """Whether a server of ours answers on a port."""
    connection = http.client.HTTPConnection(
        {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host),  # noqa: S104 - named, not listened on
        port,
        timeout=_ANSWER_SECONDS,
    )
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status == 200 and answer.read(3) == b"ok"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _read_machine_memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # not on every system
        return 0


def _read_group_limits() -> Iterator[int]:
    """The limits of the control group of this process and of those above it: container, service."""
    group = ""
    with suppress(OSError):
        rows = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        group = next((row.removeprefix("0::") for row in rows if row.startswith("0::")), "")
    folder = _CGROUPS / group.lstrip("/")
    for one in (folder, *folder.parents):
        if one.is_relative_to(_CGROUPS):
            with suppress(OSError, ValueError):
                yield int((one / "memory.max").read_text(encoding="utf-8"))


def _read_process_limit() -> int:
    """The memory that `ulimit -v` leaves to the process; 0 for no limit."""
    if sys.platform == "win32":
        return 0
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return 0 if soft == resource.RLIM_INFINITY else soft


def _find_disk_kind(folder: Path, mounts: Path) -> str:
    """The kind of the file system that a folder lies on; empty where the system does not say."""
    found = (0, "")
    with suppress(OSError):
        for row in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
            parts = row.split(" ")
            if len(parts) < 3:
                continue
            point = Path(parts[1].replace("\\040", " "))
            if folder.is_relative_to(point) and len(point.parts) >= found[0]:
                found = (len(point.parts), parts[2])
    return found[1]
