"""What an address remembers between choosing a time and booking it: the time itself, so that it can be held again when the
hold is gone, whether any dentist was meant, and for whom of the family it is. Nothing in it says who that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from clinic.accounts.requests import caller
from clinic.core.errors import NotFound
from clinic.patients.models import Patient
from clinic.patients.people import person_of


def instant_of(text: str) -> datetime | None:
    """The instant that a form sent, None for what is none or has no offset."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not 1970 <= found.year <= 2200:
        return None
    return found


@dataclass(frozen=True, slots=True)
class Trail:
    """A chosen time. `dentist` and `treatment` are ids or slugs as they were sent."""

    dentist: str
    treatment: str
    start: datetime
    is_anybody: bool = False  # the page with all dentists led here
    person: str = ""

    @classmethod
    def of(cls, sent: QueryDict) -> Trail | None:
        """The time that a form or an address names, None when it names none. A button says dentist and start in one."""
        at, _, start = sent.get("slot", "").partition(" ")
        found = instant_of(start or sent.get("start", ""))
        dentist, treatment = at or sent.get("dentist", ""), sent.get("treatment", "")
        if found is None or not dentist or not treatment:
            return None
        return cls(dentist, treatment, found, bool(sent.get("any")), sent.get("for", ""))

    @property
    def fields(self) -> dict[str, str]:
        """As hidden fields and parameters say it."""
        more = ({"any": "1"} if self.is_anybody else {}) | ({"for": self.person} if self.person else {})
        return {"dentist": self.dentist, "treatment": self.treatment, "start": self.start.isoformat()} | more

    def book_url(self, reservation_id: UUID) -> str:
        return f"{reverse('patient:book', args=[reservation_id])}?{urlencode(self.fields)}"


def person_of_address(request: HttpRequest) -> Patient | None:
    """Whom of the caller's people a booking is for, as its address says; None for nobody in particular, and for anybody
    who is not under this account."""
    try:
        return person_of(caller(request), UUID(request.GET.get("for", "")))
    except (ValueError, NotFound):
        return None
