"""Forms of the front desk. Dates and times are the clinic's wall clock; what is right or wrong is decided by the verbs."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from appointments.contact import Contact
from clinic.patients.models import Patient
from clinic.portals.forms import TellingForm

_OFF = {"autocomplete": "off"}  # a browser must not offer the next caller what the last one said


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    years = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2200, 12, 31))]
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, validators=years, widget=widget, **kwargs)


def time_field(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **kwargs)


def _born(**kwargs: Any) -> forms.DateField:
    attrs = {"type": "date", **_OFF}
    widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
    return forms.DateField(label=_("Date of birth"), required=False, widget=widget, **kwargs)


def _line(label: Any, length: int, kind: str = "text", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.TextInput(attrs={"type": kind, **_OFF}), **kwargs
    )


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


class ContactForm(TellingForm):
    """How a person is called and reached."""

    told_as = {"patient_name": "name", "patient_phone": "phone", "patient_email": "email"}
    name = _line(_("Name"), 120)
    phone = _line(_("Phone"), 40, "tel", required=False)
    email = _line(_("Email"), 254, "email", required=False)
    birth_date = _born()

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
    name = _line(_("Person"), 120, error_messages={"required": _("Who comes? Give a name.")})
    phone = _line(_("Phone"), 40, "tel", required=False)
    email = _line(_("Email"), 254, "email", required=False)
    birth_date = _born()
    treatment = forms.ChoiceField(label=_("Treatment"))
    dentist = forms.ChoiceField(label=_("Dentist"))
    date = day_field(_("Day"))
    time = time_field(_("Time"))
    outside_rules = forms.BooleanField(
        label=_("Also outside the hours"), required=False, help_text=_("Never over a time that is taken.")
    )

    def __init__(
        self, *args: Any, treatments: list[tuple[str, Any]], dentists: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "treatment", treatments)
        _offer(self, "dentist", dentists)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("person_id") and not data.get("phone") and not data.get("email") and "phone" not in self.errors:
            self.add_error("phone", _("Give a phone number or an email, so that we can reach them."))
        return data


class MoveForm(TellingForm):
    """Another day, time or dentist."""

    told_as = {"start": "time", "appointment_time": "time", "appointment_date": "date", "dentist_id": "dentist",
               "treatment": "dentist"}  # fmt: skip
    date = day_field(_("Day"))
    time = time_field(_("Time"))
    dentist = forms.ChoiceField(label=_("Dentist"))
    outside_rules = forms.BooleanField(
        label=_("Also outside the hours"), required=False, help_text=_("Never over a time that is taken.")
    )

    def __init__(self, *args: Any, dentists: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "dentist", dentists)


class CancelForm(TellingForm):
    reason = _line(_("Reason"), 200, required=False, help_text=_("The patient reads it."))


class AbsenceForm(TellingForm):
    """Who is away from when to when; both days included."""

    told_as = {"starts_at": "date", "ends_at": "until"}
    dentist = forms.ChoiceField(label=_("Dentist"))
    date = day_field(_("From"))
    until = day_field(_("To"), required=False)
    reason = _line(_("Reason"), 200, required=False, help_text=_("Only the practice sees it."))

    def __init__(self, *args: Any, dentists: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "dentist", dentists)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first = data.get("date")
        if first is not None:
            data["until"] = data.get("until") or first
            if data["until"] < first:
                self.add_error("until", _("The end must come after the start."))
        return data
