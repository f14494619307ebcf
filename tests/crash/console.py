"""The console as a browser speaks to it: cookies, the token of forms, one request at a time; it may be dead."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

PATIENCE = 20.0


class Lost(Exception):  # noqa: N818
    """No answer, or one that says that something behind the console is away: nobody knows what was done."""


class Answer(NamedTuple):
    """What came back: the status, where it leads to, and the body."""

    status: int
    location: str
    body: bytes


class Browser:
    """A member who signs in as often as need be. `choose_port` tells which web process gets a request."""

    def __init__(self, choose_port: Callable[[], int], username: str, password: str) -> None:
        self._choose_port = choose_port
        self._login = {"username": username, "password": password}
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Look at a page. Raises Lost."""
        return self._signed_in(lambda: self._send("GET", path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form. Raises Lost."""
        return self._signed_in(lambda: self._post(path, fields))

    def upload(self, path: str, fields: Mapping[str, str], name: str, content: bytes) -> Answer:
        """Send a form with a file. Raises Lost."""
        return self._signed_in(lambda: self._upload(path, fields, name, content))

    def _signed_in(self, send: Callable[[], Answer]) -> Answer:
        if "sessionid" not in self._cookies:
            self._sign_in()
        answer = send()
        if answer.status == 302 and answer.location.startswith("/sign-in/"):
            self._sign_in()
            answer = send()
        return answer

    def _sign_in(self) -> None:
        self._cookies.clear()
        self._send("GET", "/sign-in/")
        answer = self._post("/sign-in/", self._login)
        assert answer.status == 302, f"the sign-in was answered with {answer.status}"

    def _post(self, path: str, fields: Mapping[str, str]) -> Answer:
        body = urlencode(fields).encode()
        return self._send("POST", path, body, "application/x-www-form-urlencoded")

    def _upload(self, path: str, fields: Mapping[str, str], name: str, content: bytes) -> Answer:
        border = secrets.token_hex(16)
        pieces = [
            f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        pieces.append(
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n".encode()
        )
        body = b"".join([*pieces, content, f"\r\n--{border}--\r\n".encode()])
        return self._send("POST", path, body, f"multipart/form-data; boundary={border}")

    def _send(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if method == "POST":
            headers |= {"Content-Type": kind, "X-CSRFToken": self._cookies.get("csrftoken", "")}
        connection = http.client.HTTPConnection("127.0.0.1", self._choose_port(), timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.getheader("Location", ""), response.read())
            for header in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(header).items():
                    self._cookies[name] = morsel.value
        except (OSError, http.client.HTTPException) as error:
            raise Lost(type(error).__name__) from error
        finally:
            connection.close()
        if answer.status >= 500:
            raise Lost(f"{method} {path}: {answer.status}")
        return answer
