"""The pages of the site, each for whom it is made: what tests open that are about every page."""

from __future__ import annotations

from dataclasses import dataclass

from appointments.links import token_for
from availability.reservations import reserve
from clinic.accounts.models import User
from clinic.core import db
from tests.admin.test_pages import fill
from tests.admin.test_pages import pages as admin_pages
from tests.factories import Cast


@dataclass(frozen=True)
class Visitor:
    """Who opens these pages; `account` is None for somebody who is not signed in."""

    name: str
    account: User | None
    paths: tuple[str, ...]


OPEN = (
    "/", "/dentists/eva-weber", "/dentists/eva-weber?treatment=check-up", "/times?treatment=check-up", "/find-visit", "/chat",
    "/accounts/sign-in", "/accounts/sign-up", "/accounts/password/reset", "/api/docs", "/nothing-here",
)  # fmt: skip
ACCOUNT = ("/accounts/security", "/accounts/password", "/accounts/email", "/accounts/second-factor")
OWN = ("/visits", "/people", "/people/add", "/account/data", "/account/erase")
PRACTICE = (
    "/dentist/", "/dentist/calendar", "/dentist/calendar/book", "/dentist/visits", "/dentist/hours", "/dentist/dates",
    "/dentist/time-off", "/dentist/ill", "/dentist/profile",
)  # fmt: skip

FRONT_DESK = ("/desk/", "/desk/people?q=ana", "/desk/book", "/desk/absence")


def visitors(cast: Cast) -> list[Visitor]:
    """Everybody with their pages, in a clinic that has one row of everything; the pages of somebody's own visit, too."""
    fill(cast)
    visit = cast.booked(cast.as_ben, cast.at(14, days=1), contact=cast.guest("Ben Krause")).appointment
    held = reserve(cast.as_ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(15, days=1))
    link = f"/visit/{token_for(visit.pk)}"
    with db.signing_in():
        weber = User.objects.get(pk=cast.weber.user_id)
    desk = (f"/desk/visits/{visit.pk}", f"/desk/people/{visit.patient_id}")
    everywhere = ("", "search/?q=weber", "nothing-here/", "password_change/")
    office = tuple(f"/admin/{path}" for path in everywhere)
    # What nobody adds or deletes by hand answers 403: a page of ours as well.
    return [
        Visitor("anonymous", None, (*OPEN, link, f"{link}/move", f"{link}/cancel", "/dev/mails")),
        Visitor("patient", cast.ben, (*OPEN, *OWN, *ACCOUNT, f"/book/{held.id}", "/dentist/")),
        Visitor("dentist", weber, (*PRACTICE, *ACCOUNT, f"/dentist/visits/{visit.pk}")),
        Visitor("desk", cast.dana, (*ACCOUNT, "/", "/admin/", *FRONT_DESK, *desk)),
        Visitor("admin", cast.ada, (*ACCOUNT, *office, *(path for _, _, path in admin_pages()))),
    ]
