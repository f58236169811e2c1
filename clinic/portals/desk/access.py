"""Who enters the front desk's portal: the front desk and admins."""

from __future__ import annotations

from clinic.core.actor import Role
from clinic.portals.staff.access import only

desk_only = only(lambda actor: actor.role in (Role.DESK, Role.ADMIN))
