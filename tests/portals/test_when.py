"""Days and times as pages of many visits write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from appointments.models import Appointment, BookingSource, Status
from clinic.core.choices import label_of
from clinic.portals.when import When, when

SUMMER = datetime(2027, 7, 5, 12, 30, tzinfo=UTC)  # 14:30 in Berlin


def test_a_time_reads_in_the_language_of_the_page_also_when_another_page_asked_before() -> None:
    with override("en"):
        english = when(SUMMER)
    with override("de"):
        german = when(SUMMER)
    iso = "2027-07-05T14:30:00+02:00"
    assert english == When(iso, "2:30 PM", "Monday", "Mon", "July 5", "July 5, 2027", "07/05/2027")
    assert german == When(iso, "14:30", "Montag", "Mo", "5. Juli", "5. Juli 2027", "05.07.2027")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("hour", [0, 1, 11, 22, 23])
def test_it_says_what_the_filters_of_templates_say(language: str, hour: int) -> None:
    instant = datetime(2027, 10, 30, hour, 5, tzinfo=UTC)  # of the night in which the clock goes back, too
    text = (
        '{{ at|date:"c" }}|{{ at|time:"TIME_FORMAT" }}|{{ at|date:"l" }}|{{ at|date:"D" }}|{{ at|date:"MONTH_DAY_FORMAT" }}'
        '|{{ at|date:"DATE_FORMAT" }}|{{ at|date:"SHORT_DATE_FORMAT" }}'
    )
    with override(language), timezone.override("Europe/Berlin"):
        found = when(instant)
        said = engines["django"].from_string(text).render({"at": instant})
    parts = (found.iso, found.time, found.weekday, found.short_weekday, found.month_day, found.date, found.short_date)
    assert said == "|".join(parts)


def test_the_two_hours_of_the_night_in_which_the_clock_goes_back_are_told_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = [when(datetime(2027, 10, 31, 2, 30, tzinfo=berlin, fold=fold)).iso for fold in (0, 1)]
    assert found == ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]


def test_a_visit_says_what_it_is_called_and_is_marked_in_the_language_of_the_page() -> None:
    visit = Appointment(starts_at=SUMMER, status=Status.CHECKED_IN, booking_source=BookingSource.STAFF)
    page = engines["django"].from_string("{% said visit name %}|{% status visit %}|{% source visit %}")
    for language, sentence, source in (
        ("en", "Ana &lt;3, Monday, July 5, 2:30 PM: Checked in", "Practice"),
        ("de", "Ana &lt;3, Montag, 5. Juli, 14:30: Eingetroffen", "Praxis"),
    ):
        with override(language):
            said, status, origin = page.render({"visit": visit, "name": "Ana <3"}).split("|")
        assert said == sentence
        assert status.count(sentence.rpartition(": ")[2]) == 1
        assert origin.count(source) == 1


def test_every_stored_choice_has_its_name_and_what_is_none_is_told_as_it_stands() -> None:
    with override("de"):
        assert [(value, label_of(Status, value)) for value in Status.values] == [(v, str(n)) for v, n in Status.choices]
        assert label_of(Status, "unheard-of") == "unheard-of"
    assert (
        Appointment(starts_at=datetime.combine(date(2027, 7, 5), SUMMER.timetz())).get_status_display() == "Confirmed"
    )


def test_the_address_of_a_visit_is_the_one_that_django_gives() -> None:
    page = engines["django"].from_string("{% address 'desk:visit' pk %} {% address 'desk:step' pk 'check-in' %}")
    for pk in (uuid4(), uuid4()):
        assert page.render({"pk": pk}).split() == [
            reverse("desk:visit", args=[pk]),
            reverse("desk:step", args=[pk, "check-in"]),
        ]
