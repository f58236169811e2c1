"""Who may use an API view at all. Which rows exist for them is the database's business, what they may do the verbs'."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.permissions import BasePermission

from clinic.core.actor import STAFF, Role
from clinic.core.callers import actor_of


class Declared(BasePermission):
    """What an API view that says nothing allows: nothing, so that forgetting it is seen at once."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return False


class Anyone(BasePermission):
    """With an account or without."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return True


class _Roles(BasePermission):
    roles: ClassVar[frozenset[Role]]

    def has_permission(self, request: Any, view: Any) -> bool:
        return actor_of(request).role in self.roles


class SignedIn(_Roles):
    roles = frozenset({Role.PATIENT, Role.BOT}) | STAFF


class Staff(_Roles):
    """Dentists, the front desk, admins."""

    roles = STAFF


class Desk(_Roles):
    """The front desk and admins."""

    roles = frozenset({Role.DESK, Role.ADMIN})


class Admin(_Roles):
    roles = frozenset({Role.ADMIN})


class AnyoneReads(BasePermission):
    """Reading for everybody; mixed with another one by `|` it opens the reading methods."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.method in ("GET", "HEAD")
