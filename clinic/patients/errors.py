"""What can go wrong when people are written down."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core import db
from clinic.core.errors import Conflict, Malformed


class BadPerson(Malformed):
    code = "malformed"


class KnownGuest(Conflict):
    code, text = "known_guest", _("There is a guest with this name, email and date of birth already.")


class SecondSelf(Conflict):
    code, text = "second_self", _("This account has its holder already. Choose another relation.")


class HasVisits(Conflict):
    code, text = "has_visits", _("This person has visits here, so we keep them on your account.")


class AlreadyListed(Conflict):
    code, text = "already_listed", _("This person is on your account already.")


class TooManyPeople(Conflict):
    code, text = "too_many_people", _("That is more people than one account may hold. Please call us.")


def register() -> None:
    """Tells the ground which error a violated constraint of this app stands for."""
    db.refuse_as("patient_guest_once", KnownGuest)
    db.refuse_as("patient_one_self_per_account", SecondSelf)
