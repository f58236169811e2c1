"""What can stand in the way of an erasure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core import db
from clinic.core.errors import Conflict, Impossible, NotSignedIn


class StaffAccount(Conflict):
    """The practice answers for its staff's accounts: an admin switches them off."""

    code, text = "staff_account", _("This account belongs to the practice's staff. An admin takes it away.")


class NotConfirmed(Impossible):
    """Whoever asks must type the account's own email and password once more."""

    code, text = "not_confirmed", _("This is not the email and password of this account. Nothing was erased.")


class VisitUnderWay(Conflict):
    code, text = "visit_under_way", _("A visit is going on right now. Please try again when it is over.")


class HasAccount(Conflict):
    """Somebody under an account is erased by the account's holder, or once the account is gone."""

    code, text = (
        "has_account",
        _("This person is under an account. Its holder erases it, or you delete the account first."),
    )


# What refers to an account or its people, checked when a transaction is committed. Django makes up the names.
OF_AN_ACCOUNT = (
    "patients_patient_account_id_16c21d1f_fk_accounts_user_id",
    "appointments_appoint_account_id_4c71576f_fk_accounts_",
    "appointments_appoint_patient_id_631d13da_fk_patients_",
)


def register() -> None:
    """Tells the ground which error the database's refusals to erase stand for."""
    db.refuse_as("privacy_visit_under_way", VisitUnderWay)
    db.refuse_as("privacy_person_has_account", HasAccount)
    for constraint in OF_AN_ACCOUNT:
        # Only an account that was erased while its owner's request was under way.
        db.refuse_as(constraint, NotSignedIn)
