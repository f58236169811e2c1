"""Lists that are taken along as CSV: what a spreadsheet is given, by whom, and that nobody typed a formula into it."""

from __future__ import annotations

import csv
import unicodedata
from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from appointments import transitions
from appointments.models import Appointment
from clinic.core import admin_export, clock, db, spreadsheets
from tests.admin.conftest import signed_in
from tests.factories import Cast
from tests.security.injection_corpus import FORMULAS, LINES, MARKUP, SQL, UNSEEN

EXPORT = reverse("admin:appointments_appointment_export")
LIST = reverse("admin:appointments_appointment_changelist")
MORE_FORMULAS = (
    "=HYPERLINK(\"http://evil.example\",\"Zed\")", "=cmd|' /C calc'!A0", "  =1+1", "\u00a0=1+1", "\u200b=1+1", "\t=1+1",
    "\r=1+1", "\n=1+1", "'=1+1", '"=1+1"', "＋1", "－1", "﹦1+1", "Zed;=1+1", "Zed,=1+1", "Zed\t=1+1", "Zed\n=1+1",
    'Zed";=1+1;"', 'Zed",=1+1,"', "Zed\u2028=1+1", "Zed;  @SUM(A1)",
)  # fmt: skip
TEXTS = [
    text
    for text in (*FORMULAS, *MORE_FORMULAS, *MARKUP, *UNSEEN, *LINES, *SQL)
    if "\0" not in text and len(text) <= 120
]


def table(answer: Any) -> list[dict[str, str]]:
    """The file as a program reads it."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def run(cells: list[str]) -> list[str]:
    """The cells that a spreadsheet would take for a formula, however it is forgiving about what stands before."""
    unseen = ("Cc", "Cf", "Zs", "Zl", "Zp")
    bare = [
        "".join(char for char in unicodedata.normalize("NFKC", cell) if unicodedata.category(char) not in unseen)
        for cell in cells
    ]
    return [cell for cell, seen in zip(cells, bare, strict=True) if seen.lstrip('"').startswith(("=", "+", "-", "@"))]


def formulas(file: bytes) -> list[str]:
    """What in a file would be calculated, whatever the reader's spreadsheet takes for a separator."""
    text = file.decode("utf-8-sig")
    found = []
    for separator in ",;\t|":
        found += run([cell for row in csv.reader(StringIO(text, newline=""), delimiter=separator) for cell in row])
    # One that knows no quotes at all.
    return found + run([cell for line in text.splitlines() for cell in line.replace(";", ",").split(",")])


@pytest.fixture
def visits(cast: Cast) -> list[Appointment]:
    return [
        cast.booked(
            cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz"), medical={"symptoms": "canary"}
        ).appointment,
        cast.booked(cast.nobody(), cast.at(10, days=1), dentist=cast.okafor.pk).appointment,
    ]


def test_what_stands_under_the_filters_is_in_the_file(cast: Cast, office: Client, visits: list[Appointment]) -> None:
    rows = table(office.post(EXPORT))
    assert [(row["Reference"], row["Date"], row["Starts"], row["Ends"]) for row in rows] == [
        (visits[0].booking_reference, f"{cast.monday}", "09:00", "09:30"),
        (visits[1].booking_reference, f"{clock.local(cast.at(10, days=1)).date()}", "10:00", "10:30"),
    ]
    assert (rows[0]["Patient's name"], rows[0]["Status"], rows[0]["Amount"]) == ("Ana Ruiz", "Confirmed", "60.00")
    assert [row["Dentist"] for row in table(office.post(f"{EXPORT}?dentist__id__exact={cast.okafor.pk}"))] == [
        "Dr. Chidi Okafor"
    ]
    assert [row["Patient's name"] for row in table(office.post(f"{EXPORT}?q=gus"))] == ["Gus Guest"]
    assert table(office.post(f"{EXPORT}?status__exact=cancelled")) == []
    assert office.post(f"{EXPORT}?nonsense=1")["Location"] == LIST


def test_what_is_ticked_is_in_the_file(office: Client, visits: list[Appointment]) -> None:
    chosen = {"action": "export", "_selected_action": [str(visits[1].pk)]}
    assert [row["Reference"] for row in table(office.post(LIST, chosen))] == [visits[1].booking_reference]


def test_nothing_medical_leaves_and_a_reason_somebody_typed_stays(
    cast: Cast, office: Client, visits: list[Appointment]
) -> None:
    transitions.cancel(cast.as_ana, visits[0].pk, reason="canary")
    with db.as_owner():
        Appointment.objects.update(triage_band="urgent")
    file = office.post(EXPORT).getvalue().decode()
    assert [word for word in ("canary", "urgent", "Within 24 hours") if word in file] == []


def test_the_file_is_named_for_the_day_and_kept_by_nobody(office: Client, visits: list[Appointment]) -> None:
    answer = office.post(EXPORT)
    assert answer["Content-Disposition"] == f'attachment; filename="appointments-{clock.today()}.csv"'
    assert set(answer["Cache-Control"].split(", ")) >= {"private", "no-store"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue().startswith(b'\xef\xbb\xbf"Reference","Date"')


def test_who_took_it_along_stands_in_the_log(cast: Cast, office: Client, visits: list[Appointment]) -> None:
    assert office.get(EXPORT).status_code == 405
    office.post(EXPORT)
    with db.as_owner():
        (entry,) = LogEntry.objects.all()
        assert (entry.user_id, entry.content_type.model, entry.object_repr) == (
            cast.ada.pk, "appointment", "CSV file, 2 rows",
        )  # fmt: skip


def test_nobody_but_an_admin_gets_it(cast: Cast, visits: list[Appointment]) -> None:
    for browser in (Client(), signed_in(cast.ana), signed_in(cast.dana)):
        answer = browser.post(EXPORT)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse("admin:login"))


def test_a_longer_list_comes_in_batches_each_row_once(
    cast: Cast, office: Client, visits: list[Appointment], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two visits of different dentists begin in the same minute, across the edge of a batch.
    more = [
        cast.booked(cast.nobody("b"), cast.at(10, days=1), contact=cast.guest("Bob Guest")),
        cast.booked(cast.nobody("c"), cast.at(11, days=1)),
    ]
    everybody = sorted([*visits, *(one.appointment for one in more)], key=lambda visit: (visit.starts_at, visit.pk))
    for size in (1, 2, 3, 4, 5):
        monkeypatch.setattr(admin_export, "BATCH", size)
        assert [row["Reference"] for row in table(office.post(EXPORT))] == [one.booking_reference for one in everybody]


def test_more_than_a_file_takes_is_refused_in_words(
    office: Client, visits: list[Appointment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_export, "MOST", 1)
    answer: Any = office.post(f"{EXPORT}?q=example", follow=True)
    assert answer.redirect_chain == []  # one row or none fits
    answer = office.post(f"{EXPORT}?when=coming", follow=True)
    assert answer.redirect_chain == [(f"{LIST}?when=coming", 302)]
    assert [str(one) for one in answer.context["messages"]] == [
        "A file has at most 1 rows: narrow the list by its filters."
    ]


def test_the_history_can_be_taken_along_too(cast: Cast, office: Client, visits: list[Appointment]) -> None:
    transitions.cancel(cast.as_desk, visits[0].pk)
    rows = table(office.post(f"{reverse('admin:history_change_export')}?q={visits[0].pk}"))
    assert [(row["Who"], row["Action"], row["What"], row["Row"]) for row in rows if row["What"] == "appointment"] == [
        ("Ana Ruiz", "Created", "appointment", f"{visits[0].pk}"),
        ("Dana Desk", "Changed", "appointment", f"{visits[0].pk}"),
    ]
    assert "status" in rows[-1]["Fields"].split(", ")


def test_what_somebody_typed_is_no_formula_in_any_spreadsheet(office: Client, visits: list[Appointment]) -> None:
    for text in TEXTS:
        named(text)
        file: Any = office.post(EXPORT)
        assert formulas(file.getvalue()) == [], text


def test_a_file_that_believes_it_is_noticed(
    office: Client, visits: list[Appointment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(spreadsheets, "as_text", str)
    noticed = []
    for text in (*FORMULAS, *MORE_FORMULAS):
        named(text)
        file: Any = office.post(EXPORT)
        noticed += [text] if formulas(file.getvalue()) else []
    assert set(noticed) == {*FORMULAS, *MORE_FORMULAS} - {"'=1+1"}


def test_what_is_no_formula_stays_as_it_was_typed() -> None:
    plain = ["Ana-Lena O'Neill", "Müller, Anna", "1 + 1", "a@b.example", "Zahn; Wurzel", "2031-03-19", ""]
    assert [spreadsheets.as_text(one) for one in plain] == plain
    assert spreadsheets.as_text("+49 30 123") == "'+49 30 123"


def named(text: str) -> None:
    """A visit that is stored under this name, however it came there; no verb would take it."""
    with db.as_owner():
        # Without the phone number, which begins with a plus.
        Appointment.objects.update(patient_name=text, treatment_name=text, dentist_name=text, patient_phone="")
