"""Sessions in the database, under the one identity that may resolve them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import DatabaseError, IntegrityError

from clinic.core import db


class SessionStore(DatabaseSessions):
    @classmethod
    def get_model_class(cls) -> Any:
        from clinic.accounts.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    def load(self) -> dict[str, Any]:
        with db.signing_in():
            return super().load()

    def exists(self, session_key: str) -> bool:
        with db.signing_in():
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        row = self.create_model_instance(data)
        try:
            with db.signing_in():
                row.save(force_insert=must_create, force_update=not must_create)
        except IntegrityError:
            from django.contrib.sessions.backends.base import CreateError

            if must_create:
                raise CreateError from None
            raise
        except DatabaseError:
            if not must_create:
                raise UpdateError from None
            raise
        return None

    def delete(self, session_key: str | None = None) -> None:
        with db.signing_in():
            super().delete(session_key)
