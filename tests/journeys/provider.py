"""An OpenID Connect provider for tests: whoever is at the door is the user that the test names, without a question."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "observatory", "not-a-secret-" + "x" * 20


class Provider:
    """Discovery, authorization, token, keys and logout; `user` has the claims of whoever signs in next."""

    def __init__(self) -> None:
        self.user: Mapping[str, Any] = {}
        self.asked: list[str] = []
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self._codes: dict[str, dict[str, str]] = {}
        self.address = ""

    def answer(self, path: str, query: Mapping[str, str], form: Mapping[str, str]) -> tuple[int, Any, str]:
        """Status, JSON and place to go to."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self._discovery(), ""
        if path == "/jwks":
            return 200, {"keys": [self._key.as_dict(private=False)]}, ""
        if path == "/authorize":
            code = secrets.token_hex(8)
            self._codes[code] = dict(query)
            back = urlencode({"code": code, "state": query["state"]})
            return 302, None, f"{query['redirect_uri']}?{back}"
        if path == "/token":
            return self._token(form)
        if path == "/logout":
            return 302, None, query["post_logout_redirect_uri"]
        return 404, None, ""

    def _discovery(self) -> dict[str, Any]:
        ends = {"authorization": "/authorize", "token": "/token", "end_session": "/logout"}
        return {
            **{f"{name}_endpoint": self.address + path for name, path in ends.items()},
            "issuer": self.address,
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _token(self, form: Mapping[str, str]) -> tuple[int, Any, str]:
        asked = self._codes.pop(form.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked.get("code_challenge") != proof.decode().rstrip("="):
            return 400, {"error": "invalid_grant"}, ""
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            "sub": "42",
            **self.user,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self._key)
        return 200, {"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": signed}, ""


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider that listens on this machine."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._say(*made.answer(parts.path, dict(parse_qsl(parts.query)), {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._say(*made.answer(urlsplit(self.path).path, {}, dict(parse_qsl(body.decode()))))

        def _say(self, status: int, content: Any, to: str) -> None:
            body = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            if to:
                self.send_header("Location", to)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
