"""Forms of the front desk. Dates and times are the clinic's wall clock."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments.contact import Contact
from clinic.patients.models import Patient
from clinic.portals.forms import TellingForm
from clinic.portals.staff import forms as staff
from clinic.portals.staff.forms import birth_date_field, date_field, line, outside_rules_field, time_field


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class ContactForm(TellingForm):
    """How a person is called and reached."""

    told_as = {"patient_name": "name", "patient_phone": "phone", "patient_email": "email"}
    name = line(_("Name"), 120)
    phone = line(_("Phone"), 40, "tel", required=False)
    email = line(_("Email"), 254, "email", required=False)
    birth_date = birth_date_field()

    @classmethod
    def of(cls, person: Patient) -> ContactForm:
        return cls(
            initial={
                "name": person.name, "phone": person.phone, "email": person.email, "birth_date": person.birth_date,
            }
        )  # fmt: skip

    def contact(self) -> Contact:
        data = self.cleaned_data
        return Contact(name=data["name"], email=data["email"], phone=data["phone"], birth_date=data["birth_date"])


class BookForm(TellingForm):
    """Who comes, to whom, for what, when. `person_id` is somebody known; else the name is that of somebody new."""

    told_as = {
        "patient_name": "name", "patient_phone": "phone", "patient_email": "email", "start": "time",
        "appointment_time": "time", "dentist_id": "dentist", "patient_id": "name",
    }  # fmt: skip
    person_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    once = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    name = line(_("Person"), 120, error_messages={"required": _("Who comes? Give a name.")})
    phone = line(_("Phone"), 40, "tel", required=False)
    email = line(_("Email"), 254, "email", required=False)
    birth_date = birth_date_field()
    treatment = forms.ChoiceField(label=_("Treatment"))
    dentist = forms.ChoiceField(label=_("Dentist"))
    date = date_field(_("Day"))
    time = time_field(_("Time"))
    outside_rules = outside_rules_field(_("Also outside the hours"))

    def __init__(
        self, *args: Any, treatments: list[tuple[str, Any]], dentists: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "treatment", treatments)
        _offer(self, "dentist", dentists)
        for name in ("phone", "email"):  # one of the two
            self.fields[name].is_alternative = True  # type: ignore[attr-defined]  # read by _field.html

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("person_id") and not data.get("phone") and not data.get("email") and "phone" not in self.errors:
            self.add_error("phone", _("Give a phone number or an email, so that we can reach them."))
        return data


class MoveForm(staff.MoveForm):
    """Another day, time or dentist."""

    told_as = staff.MoveForm.told_as | {"dentist_id": "dentist", "treatment": "dentist"}
    dentist = forms.ChoiceField(label=_("Dentist"))

    def __init__(self, *args: Any, dentists: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "dentist", dentists)


class AbsenceForm(staff.AbsenceForm):
    """Who is away from when to when; both days included."""

    dentist = forms.ChoiceField(label=_("Dentist"))
    field_order = ("dentist",)

    def __init__(self, *args: Any, dentists: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "dentist", dentists)
