"""Erasing people: one's own account with everybody under it, or a guest who asked the practice to."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from appointments import transitions
from appointments.models import Appointment, Status
from clinic.accounts import mailed_codes
from clinic.accounts.errors import WrongCode
from clinic.accounts.models import User
from clinic.accounts.sign_in import PasswordBackend
from clinic.core import clock, db
from clinic.core.actor import Actor, Role
from clinic.core.errors import NotAllowed, NotFound, NotSignedIn
from clinic.patients.claiming import claim_guests
from clinic.patients.models import Patient
from clinic.privacy.errors import NotConfirmed, StaffAccount

# Stands on the visits that an erasure cancelled; the database keeps this reason and no other that somebody gave.
REASON = "person_erased"


def erase_account(actor: Actor, *, email: str, password: str) -> None:
    """Erases the caller's account, the people under it and the guests of its verified address, in one transaction.

    Visits to come are cancelled first, whatever the cut-off; what stays of visits is in docs/privacy.md. An account that
    is gone already is what was wanted. Raises `NotSignedIn`, `StaffAccount`, `NotConfirmed` for another email or
    password, and `VisitUnderWay`.
    """
    if not _is_there(actor):
        return
    shown = PasswordBackend().authenticate(None, username=email, password=password)
    if shown is None or shown.pk != actor.user_id:
        raise NotConfirmed()
    _erase(actor)


def erase_account_by_code(actor: Actor, *, key: UUID, code: str) -> None:
    """`erase_account`, confirmed by a code that was mailed to the account (`mailed_codes.ask` gave the key). Raises
    `WrongCode` instead of `NotConfirmed`. The code is used up, also where a visit that is under way keeps the account."""
    if not _is_there(actor):
        return
    try:
        shown = mailed_codes.accept(key, code)
    except WrongCode as error:
        raise error.about("code") from None
    if shown.pk != actor.user_id:
        raise NotConfirmed()
    _erase(actor)


def _is_there(actor: Actor) -> bool:
    """Whether there still is an account to erase. Raises `NotSignedIn`, `StaffAccount`."""
    if actor.user_id is None:
        raise NotSignedIn()
    if actor.role != Role.PATIENT:
        raise StaffAccount()
    with db.reading(actor):
        return User.objects.filter(pk=actor.user_id).exists()


def _erase(actor: Actor) -> None:
    assert actor.user_id is not None  # noqa: S101 - `_is_there` has said so
    with db.enclosing(actor):
        # In the order of a booking: the account, then its people, then their visits. A booking that is under way comes first.
        db.value("SELECT availability_lock_person(%s)", [actor.user_id])
        with db.signing_in():
            claim_guests(actor.user_id)
        list(Patient.objects.select_for_update().filter(account_id=actor.user_id).order_by("pk"))
        _cancel_to_come(actor, Q(account_id=actor.user_id))
        db.value("SELECT privacy_erase_account()")


def erase_guest(actor: Actor, person_id: UUID) -> None:
    """Erases somebody without an account, by an admin; visits to come are cancelled first. Harmless when repeated.

    Raises `NotAllowed`, `NotFound`, `HasAccount` for somebody under an account, and `VisitUnderWay`.
    """
    if actor.role != Role.ADMIN:
        raise NotAllowed()
    with db.enclosing(actor):
        person = Patient.objects.select_for_update().filter(pk=person_id).first()
        if person is None:
            raise NotFound()
        if person.erased_at is not None:
            return
        if person.account_id is None:
            _cancel_to_come(actor, Q(patient_id=person_id))
        db.value("SELECT privacy_erase_guest(%s)", [person_id])


def to_come(actor: Actor) -> list[Appointment]:
    """The visits that erasing the caller's account would cancel, soonest first; call it while reading."""
    return list(_to_come(Q(account_id=actor.user_id))) if actor.user_id else []


def _to_come(whose: Q) -> list[Appointment]:
    planned = Appointment.objects.filter(
        whose, status__in=(Status.PENDING, Status.CONFIRMED), starts_at__gt=clock.now()
    )
    return list(planned.order_by("starts_at", "id"))


def _cancel_to_come(actor: Actor, whose: Q) -> None:
    for visit in _to_come(whose):
        transitions.cancel(actor, visit.pk, reason=REASON, for_good=True)
