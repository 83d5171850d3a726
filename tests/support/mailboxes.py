"""Servers that take messages on a port of this machine: SMTP, and a webhook."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Mailbox:
    """What a server has taken, and the port on which it listens; `refuses` makes it answer with an error."""

    port: int = 0
    refuses: bool = False
    mails: list[Message] = field(default_factory=list)
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # path, JSON


@contextmanager
def smtp_server() -> Iterator[Mailbox]:
    """A mail server that takes what RFC 5321 asks for, from anybody."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say(b"220 test ESMTP")
            for line in self.rfile:
                verb = line[:4].upper()
                if verb == b"EHLO":
                    self._say(b"250-test\r\n250 AUTH PLAIN")
                elif verb == b"AUTH":
                    self._say(b"535 wrong password" if box.refuses else b"235 welcome")
                elif verb == b"DATA":
                    self._say(b"354 end with a dot")
                    self._take()
                elif verb == b"QUIT":
                    self._say(b"221 bye")
                    return
                else:
                    self._say(b"250 ok")

        def _take(self) -> None:
            lines = iter(self.rfile.readline, b".\r\n")
            content = b"".join(line[1:] if line.startswith(b"..") else line for line in lines)
            box.mails.append(message_from_bytes(content, policy=default))
            self._say(b"250 taken")

        def _say(self, text: bytes) -> None:
            self.wfile.write(text + b"\r\n")

    with _listening(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), box):
        yield box


@contextmanager
def webhook_server() -> Iterator[Mailbox]:
    """A web server that takes JSON under any path."""
    box = Mailbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if not box.refuses:
                box.posts.append((self.path, json.loads(content)))
            self.send_response(500 if box.refuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with _listening(ThreadingHTTPServer(("127.0.0.1", 0), Handler), box):
        yield box


@contextmanager
def _listening(server: socketserver.TCPServer, box: Mailbox) -> Iterator[None]:
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
