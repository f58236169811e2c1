"""Single rows, made as the owner of the tables. Only what a test is about needs to be named."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from availability.models import WorkingHours
from clinic.accounts.models import User
from clinic.patients.models import Patient, Relation
from dentists.models import Dentist, Offer, Treatment

PASSWORD = "correct horse battery"


def make_user(name: str, role: str, **fields: Any) -> User:
    email = fields.pop("email", f"{name.split()[0].lower()}@example.org")
    return User.objects.create_user(email, PASSWORD, name=name, role=role, **fields)


def make_person(user: User, **fields: Any) -> Patient:
    values = {"name": user.name, "email": user.email, "phone": "+4930123456", "relation": Relation.SELF} | fields
    return Patient.objects.create(account=user, **values)


def make_treatment(name: str = "Check-up", **fields: Any) -> Treatment:
    values = {"slug": name.lower().replace(" ", "-"), "name": name, "duration_minutes": 30, "price": Decimal("60.00")}
    return Treatment.objects.create(**(values | fields))


def make_dentist(
    name: str, *treatments: Treatment, hours: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(17))),
    days: tuple[int, ...] = (0, 1, 2, 3, 4), **fields: Any,
) -> Dentist:  # fmt: skip
    """A dentist who works Monday to Friday, 9 to 12 and 13 to 17, unless told otherwise; the login has `PASSWORD`."""
    slug = name.lower().replace("dr. ", "").replace(" ", "-")
    values = {"slug": slug, "email": f"{slug}@clinic.example"} | fields
    dentist = Dentist.objects.create(name=name, **values)
    dentist.refresh_from_db()
    user = User.objects.get(pk=dentist.user_id)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    for treatment in treatments:
        Offer.objects.create(dentist=dentist, treatment=treatment)
    WorkingHours.objects.bulk_create(
        WorkingHours(dentist=dentist, day_of_week=day, start_time=start, end_time=end)
        for day in days
        for start, end in hours
    )
    return dentist
