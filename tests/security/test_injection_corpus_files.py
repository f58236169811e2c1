"""The files that people take along: what they typed is in them as typed, and never in their names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from appointments import links
from clinic.accounts.models import User
from clinic.core import db
from tests.admin.conftest import signed_in
from tests.api.calling import sign_in
from tests.factories import Cast
from tests.security.injection_corpus import FORMULAS, LINES, MARKUP, SQL, UNSEEN

KEPT = [text for text in (*MARKUP, *FORMULAS, *UNSEEN, *LINES, *SQL) if "\0" not in text and len(text) <= 120]


@pytest.mark.parametrize("text", [MARKUP[0], FORMULAS[0], LINES[0], UNSEEN[1]])
def test_no_file_is_named_by_what_somebody_typed(cast: Cast, text: str) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    with db.as_owner():
        User.objects.filter(pk=cast.ana.pk).update(name=text)
        db.rows(
            "UPDATE appointments_appointment SET patient_name = %s, dentist_name = %s, treatment_name = %s RETURNING id",
            [text] * 3,
        )
    ana, named = signed_in(cast.ana), f'attachment; filename="{visit.booking_reference}.ics"'
    for browser, path, disposition, kind in (
        (ana, "/account/data.json", 'attachment; filename="my-data.json"', "application/json"),
        (ana, f"/visits/{visit.pk}/calendar.ics", named, "text/calendar; charset=utf-8"),
        (Client(), f"/visit/{links.token_for(visit.pk)}/calendar.ics", named, "text/calendar; charset=utf-8"),
    ):
        answer: Any = browser.get(path)
        assert (answer.status_code, answer["Content-Disposition"], answer["Content-Type"]) == (200, disposition, kind)
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_export_has_every_text_as_it_was_typed(cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    browser, program = signed_in(cast.ana), sign_in(cast.ana)
    for text in KEPT:
        with db.as_owner():
            User.objects.filter(pk=cast.ana.pk).update(name=text)
            db.rows("UPDATE appointments_appointment SET patient_name = %s RETURNING id", [text])
        file: Any = browser.get("/account/data.json")
        for found in (json.loads(file.content.decode()), program.get("profiles/me/export").json):
            assert found["account"]["name"] == text
            assert [(one["id"], one["patient_name"]) for one in found["visits"]] == [(str(visit.pk), text)]
