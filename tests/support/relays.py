"""A line between a client and the socket of a database, which a test cuts after so many bytes."""

import contextlib
import socket
import threading
from pathlib import Path


class Relay:
    """Passes on what a client sends to a Unix socket, and back; `cut_after` bytes of a client it ends all lines."""

    def __init__(self, target: Path) -> None:
        self.cut_after: int | None = None
        self.sent = 0
        self._target, self._open = target, True
        self._lines: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while self._open:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self._target))
            self._lines += [client, server]
            for source, sink, counts in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass_on, args=(source, sink, counts), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, counts: bool) -> None:
        try:
            while data := source.recv(4096):
                if counts:
                    self.sent += len(data)
                    if self.cut_after is not None and self.sent >= self.cut_after:
                        self.cut_after = None
                        self.cut()
                        return
                sink.sendall(data)
        except OSError:
            pass
        _shut(source)  # closing alone would leave it open while the other thread waits for it
        _shut(sink)

    def cut(self) -> None:
        """Ends all lines at once; new ones can be made."""
        lines, self._lines = self._lines, []
        for line in lines:
            _shut(line)

    def close(self) -> None:
        """Ends everything."""
        self._open = False
        self._listener.close()
        self.cut()


def _shut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
