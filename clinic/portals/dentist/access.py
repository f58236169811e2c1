"""Who enters the dentist portal, and whose it is."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from clinic.accounts.requests import caller
from clinic.core.actor import Role
from clinic.core.errors import NotAllowed
from clinic.portals.staff.access import only

dentists_only = only(lambda actor: actor.role == Role.DENTIST and actor.dentist_id is not None)


def own_dentist(request: HttpRequest) -> UUID:
    """The dentist whose portal this is."""
    dentist_id = caller(request).dentist_id
    if dentist_id is None:
        raise NotAllowed()
    return dentist_id
