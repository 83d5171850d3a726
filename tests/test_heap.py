"""Memory that glibc keeps: each fact in a process of its own, as an arena once made stays for good."""

import subprocess
import sys

_ARENAS = """
import ctypes, sys, tempfile, threading
from observatory.heap import limit_arenas
if sys.argv[1] == "limited":
    assert limit_arenas()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
barrier = threading.Barrier(8)
def allocate():
    libc.malloc(1000)
    barrier.wait()  # all threads at once: none finds the arena of one that has ended
threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""

_RELEASE = """
import ctypes
import psutil
from observatory.heap import release_memory
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
blocks = []
for _ in range(1000):
    blocks.append(libc.malloc(100_000))
    libc.malloc(5000)  # stays: what is freed between these is not at the top of the heap
for block in blocks:
    ctypes.memset(block, 1, 100_000)
for block in blocks:
    libc.free(ctypes.c_void_p(block))
before = psutil.Process().memory_info().rss
release_memory()
print(before - psutil.Process().memory_info().rss)
"""


def _run(program: str, *arguments: str) -> int:
    answer = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return int(answer.stdout)


def test_threads_share_two_arenas() -> None:
    """Eight threads at once have more than two arenas of their own, but not once they are limited."""
    assert _run(_ARENAS, "free") > 2
    assert _run(_ARENAS, "limited") <= 2


def test_freed_memory_goes_back_to_the_system() -> None:
    """Of 100 MB that were freed between blocks in use, nearly all are given back."""
    assert _run(_RELEASE) > 90_000_000
