"""Whom one can sign in as in the demo clinic. These passwords open nothing else: there is no demo in production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.accounts.models import User
from clinic.demo import staff

PASSWORD = "demo-clinic"  # noqa: S105 - meant to be read by everybody who starts the demo


@dataclass(frozen=True, slots=True)
class SignIn:
    role: str
    email: str
    name: str


ADMIN = SignIn("admin", f"admin@{staff.DOMAIN}", "Petra Albrecht")
DESK = SignIn("desk", f"desk@{staff.DOMAIN}", "Tim Sommer")
LENA = SignIn("patient", "lena.hoffmann@example.org", "Lena Hoffmann")
MARKUS = SignIn("patient", "markus.schneider@example.org", "Markus Schneider")
DENTISTS = tuple(SignIn("dentist", profile.email, profile.name) for profile in staff.KNOWN[:2])
SIGN_INS = (ADMIN, DESK, *DENTISTS, LENA, MARKUS)
_SHOWN_AS = {"desk": "front desk"}


def lines() -> Iterator[str]:
    """One line for each sign-in that this database has: role, email, password. Call it as the owner."""
    active = User.objects.filter(email__in=[one.email for one in SIGN_INS], is_active=True)
    there = set(active.values_list("email", flat=True))
    for one in SIGN_INS:
        if one.email in there:
            yield f"{_SHOWN_AS.get(one.role, one.role):<12}{one.email:<32}{PASSWORD}"
