"""The chatbot in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appointments.models import Appointment
from clinic.core import db
from tests.factories import Cast


def talk(monkeypatch: pytest.MonkeyPatch, *typed: str, **options: str) -> str:
    lines: Iterator[str] = iter(typed)

    def read(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", read)
    shown = StringIO()
    call_command("chat", stdout=shown, **options)
    return shown.getvalue()


def test_a_visit_is_booked_by_typing_and_by_numbers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = talk(monkeypatch, "check-up next week, nothing hurts", "1", "yes", email=cast.ana.email)
    with db.as_owner():
        visit = Appointment.objects.get()
    assert (visit.account_id, visit.booking_source) == (cast.ana.pk, "chatbot")
    assert visit.booking_reference in shown


def test_an_empty_line_ends_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    german = talk(monkeypatch, "", "hallo", language="de")
    assert "  1  " in german
    assert german.count("  1  ") == 1


def test_nobody_talks_as_an_account_that_is_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="No active account"):
        talk(monkeypatch, email="nobody@example.org")
