"""A program that calls the API: JSON in, JSON out, a token when it has one."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.test.client import ClientHandler

from clinic.accounts.models import User
from dentists.models import Dentist
from tests.factories.people import PASSWORD


class Answer:
    """An HTTP answer, with its JSON read."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.content: bytes = response.content
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        self.json: Any = response.json() if is_json and response.content else None

    def __repr__(self) -> str:
        return f"{self.status} {self.content[:600].decode(errors='replace')}"

    @property
    def code(self) -> str:
        """The error's code."""
        return str(self.json["error"]["code"])

    @property
    def fields(self) -> list[str]:
        """The fields that the error is about."""
        return sorted(self.json["error"]["fields"])

    @property
    def told(self) -> tuple[int, str, list[str]]:
        """An error in short: status, code, fields."""
        return self.status, self.code, self.fields


class Caller:
    def __init__(self, access: str = "", refresh: str = "") -> None:
        self.access, self.refresh = access, refresh
        # One server for all requests: to start one takes longer than most answers. Nothing else is kept between them.
        self._server = ClientHandler(enforce_csrf_checks=False)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """`headers` in the keyword spelling: `X_Visit_Link="…"`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.access:
            sent.setdefault("Authorization", f"Bearer {self.access}")
        kwargs = {} if body is None else {"data": body, "content_type": "application/json"}
        client = Client()
        client.handler = self._server
        return Answer(getattr(client, method)(f"/api/{path}", headers=sent, **kwargs))

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("get", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("post", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("put", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("patch", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("delete", path, **headers)


def credentials(who: User | Dentist) -> dict[str, str]:
    return {"email": who.email, "password": PASSWORD}


def sign_in(who: User | Dentist) -> Caller:
    answer = Caller().post("auth/token", credentials(who))
    assert answer.status == 200, answer
    return Caller(**answer.json)
