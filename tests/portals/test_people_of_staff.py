"""Staff have people under their own account like everybody, and no more rights over those of others for it."""

from __future__ import annotations

import pytest
from django.test import Client

from clinic.accounts.models import User
from clinic.core import db
from clinic.core.errors import NotFound
from clinic.patients.models import Patient
from clinic.patients.people import Details, add_person, remove_person
from tests.factories import Cast


@pytest.mark.parametrize("role", ["desk", "dentist", "admin"])
def test_staff_take_their_own_people_off_their_account(cast: Cast, client: Client, role: str) -> None:
    with db.signing_in():
        user = User.objects.get(
            pk={"desk": cast.dana.pk, "dentist": cast.weber.user_id, "admin": cast.as_admin.user_id}[role]
        )
        client.force_login(user)
    child = add_person(cast.as_(user), Details(name="Lou Small"))
    answer = client.post(f"/people/{child.pk}/remove", follow=True)
    assert (answer.status_code, answer.redirect_chain) == (200, [("/people", 302)])
    with db.as_owner():
        assert not Patient.objects.filter(pk=child.pk).exists()


def test_the_desk_deletes_nobody_elses_people(cast: Cast) -> None:
    child = add_person(cast.as_ana, Details(name="Lou Ruiz"))
    with pytest.raises(NotFound):
        remove_person(cast.as_desk, child.pk)
    with db.transaction(cast.as_desk):
        assert db.rows("DELETE FROM patients_patient RETURNING id") == []
    with db.as_owner():
        assert Patient.objects.filter(pk=child.pk).exists()
