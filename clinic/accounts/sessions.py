"""Sessions in the database, under the one identity that may resolve them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import DatabaseError, IntegrityError

from clinic.core import clock, db

SEEN_EVERY = timedelta(minutes=5)


class SessionStore(DatabaseSessions):
    @classmethod
    def get_model_class(cls) -> Any:
        from clinic.accounts.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.last_seen_at = clock.now()
        return row

    def load(self) -> dict[str, Any]:
        inside = db.acting() is not None  # of a page's read-only transaction, perhaps
        with db.signing_in():
            row: Any = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs leave it out
            if row is None:
                return {}
            now = clock.now()
            if not inside and (row.last_seen_at is None or row.last_seen_at < now - SEEN_EVERY):
                type(row).objects.filter(pk=row.pk).update(last_seen_at=now)
        data: dict[str, Any] = self.decode(row.session_data)
        return data

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
