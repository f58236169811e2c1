"""Finding a person by whatever a caller says: name, date of birth, phone number, email or booking reference."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import reduce
from operator import and_, or_

from django.db.models import CharField, Func, OuterRef, Q, QuerySet, Subquery

from appointments.models import Appointment, Status
from appointments.references import normalized
from clinic.core.texts import is_storable
from clinic.patients.models import Patient

MOST = 12
_LETTERS = [chr(code) for code in range(0xC0, 0x250) if chr(code).islower()]
# Letters that are another one with a mark: what stands under the mark.
_MARKED = {
    one: unicodedata.normalize("NFD", one)[0] for one in _LETTERS if unicodedata.normalize("NFD", one)[0] < "\x7f"
}
_MARKED |= {"ø": "o", "ł": "l", "đ": "d", "ı": "i"}
_TABLE = str.maketrans("".join(_MARKED), "".join(_MARKED.values()))
# The same sound written in two ways: Müller is also Mueller. Both sides are brought to the shorter one.
_TWICE = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ae", "a"), ("oe", "o"), ("ue", "u"))
_PHONE = re.compile(r"\+?[\d\s()/.\-]{4,}")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPOKEN = re.compile(r"(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{4})|(\d{2})(\d{2})((?:19|20)\d{2})")


class Folded(Func):
    """A name as `folded` writes it."""

    function = "translate"
    template = (
        "replace(" * len(_TWICE)
        + f"translate(lower(%(expressions)s), '{''.join(_MARKED)}', '{''.join(_MARKED.values())}')"
        + "".join(f", '{one}', '{other}')" for one, other in _TWICE)
    )
    output_field = CharField()


def folded(text: str) -> str:
    """A name without capitals, marks and ways of writing: "Müller" and "Mueller" are both "muller"."""
    text = unicodedata.normalize("NFC", text).lower().translate(_TABLE)
    return reduce(lambda found, pair: found.replace(*pair), _TWICE, text)


def found_by(text: str, *, now: datetime) -> QuerySet[Patient]:
    """The people whom this may mean, by name, each with `next_visit` (an instant after `now`, or None); at most `MOST`.

    A name by the beginnings of its words in any order; a date of birth with the day first, or the year; a phone number in
    any spelling, from four digits on; a booking reference with its "DC-" or without. No people for less than two signs.
    """
    text = " ".join(text.split())[:80]
    people = Patient.objects.filter(erased_at=None).annotate(folded=Folded("name"))
    coming = Appointment.objects.filter(
        patient=OuterRef("pk"), status__in=(Status.PENDING, Status.CONFIRMED), starts_at__gte=now
    ).order_by("starts_at")
    wanted = _wanted(text) if len(text) >= 2 and is_storable(text) else None
    if wanted is None:
        return people.none()
    return (
        people.filter(wanted)
        .annotate(next_visit=Subquery(coming.values("starts_at")[:1]))
        .order_by("name", "id")[:MOST]
    )


def _wanted(text: str) -> Q | None:
    if (reference := normalized(text)) is not None:
        return _booked(reference)
    if "@" in text:
        return Q(email__istartswith=text)
    told = _told(text)
    # Whoever reads a reference aloud leaves its first letters out; six signs may be a name or a number as well.
    bare = normalized(f"DC-{text}")
    return told | _booked(bare) if told is not None and bare else told


def _told(text: str) -> Q | None:
    """What it means as a date of birth, a phone number or a name."""
    ways = [Q(birth_date=born) for born in _born(text)]
    # In "+49 (0)30" the nought is for those who call from within the country; it is not stored.
    if _PHONE.fullmatch(text) and len(digits := re.sub(r"\D", "", text.replace("(0)", ""))) >= 4:
        ways.append(Q(phone__contains=re.sub(r"^0{1,2}", "", digits)))
    if ways:
        return reduce(or_, ways)
    words = [word for word in re.split(r"[\s,]+", folded(text)) if word]
    return reduce(and_, map(_begins, words)) if words else None


def _booked(reference: str) -> Q:
    return Q(pk__in=Appointment.objects.filter(booking_reference=reference).values("patient"))


def _begins(word: str) -> Q:
    """Some word of the name begins so."""
    return Q(folded__startswith=word) | Q(folded__contains=f" {word}") | Q(folded__contains=f"-{word}")


def _born(text: str) -> list[date]:
    if found := _ISO.fullmatch(text):
        readings = [(int(found[1]), int(found[2]), int(found[3]))]
    elif found := _SPOKEN.fullmatch(text):
        first, second, year = (int(one) for one in found.groups() if one)
        # The day comes first; where it cannot be, the month does.
        readings = [(year, second, first), (year, first, second)]
    else:
        return []
    dates = []
    for reading in readings:
        try:
            dates.append(date(*reading))
        except ValueError:
            continue
    return dates[:1]
