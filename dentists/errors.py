"""What can go wrong when dentists are written down."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core import db
from clinic.core.errors import Conflict


class DentistKnown(Conflict):
    code, text = "dentist_known", _("Another dentist has this email.")


class AddressTaken(Conflict):
    code, text = "address_taken", _("Another dentist's page has this address.")


class AccountNotFree(Conflict):
    code, text = "account_not_free", _("This email belongs to an account that cannot become a dentist's.")


def register() -> None:
    """Tells the ground which error a violated constraint of this app stands for."""
    db.refuse_as("dentist_email", DentistKnown)
    db.refuse_as("dentist_slug", AddressTaken)
    db.refuse_as("dentist_account_free", AccountNotFree)
