"""What an API view that says nothing allows: nothing."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission


class Declared(BasePermission):
    """Refuses a view that does not say who may use it, so that forgetting it is seen at once."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return False
