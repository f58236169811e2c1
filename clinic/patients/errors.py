"""What can go wrong when people are written down."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core import db
from clinic.core.errors import Conflict


class KnownGuest(Conflict):
    code, text = "known_guest", _("There is a guest with this name, email and date of birth already.")


class SecondSelf(Conflict):
    code, text = "second_self", _("This account has its holder already. Choose another relation.")


def register() -> None:
    """Tells the ground which error a violated constraint of this app stands for."""
    db.refuse_as("patient_guest_once", KnownGuest)
    db.refuse_as("patient_one_self_per_account", SecondSelf)
