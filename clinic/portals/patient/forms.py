"""The booking form: which fields there are and how they look. What is right or wrong is decided by the verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appointments import contact as contacts
from appointments.booking import Request
from appointments.contact import Contact
from appointments.errors import BadContact
from appointments.models import MEDICAL_FIELDS
from clinic.core.actor import Actor
from clinic.patients.models import Patient
from clinic.portals.forms import TellingForm


def _text(label: Any, *, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=4000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
    )


NEW = "new"
MEDICAL_BACKGROUND = ("medical_conditions", "medications", "allergies", "medical_history")


class BookingForm(TellingForm):
    """The details of a visit. An account holder chooses one of `people`, or names somebody new."""

    patient_name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give the name of whoever comes.")},
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}),
    )
    patient_email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("Your confirmation goes here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Please give an email address such as name@example.org.")},
    )
    patient_phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        help_text=_("Only if we need to reach you about this visit."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Please give a phone number with its area code.")},
    )
    chief_complaint = forms.CharField(
        label=_("What brings you to us?"),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    symptoms = _text(_("Symptoms"), help_text=_("Where does it hurt, since when, how much?"))
    medical_history = _text(_("Earlier treatments and operations"))
    medications = _text(_("Medicines you take"), rows=2)
    allergies = _text(_("Allergies"), rows=2)
    medical_conditions = _text(
        _("Conditions we should know of"), rows=2, help_text=_("Such as a heart condition, diabetes or pregnancy.")
    )
    notes = _text(_("Anything else?"), rows=2)
    payment_method = forms.ChoiceField(
        label=_("How would you like to pay?"),
        choices=[("cash", _("Pay at the clinic"))],
        initial="cash",
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label=_("I agree that the practice stores what I enter here in order to treat me."),
        error_messages={"required": _("We need your consent to store what you told us.")},
    )
    # The slot itself, so that a booking can still be tried when the hold is gone.
    dentist = forms.CharField(widget=forms.HiddenInput, required=False, max_length=140)
    treatment = forms.CharField(widget=forms.HiddenInput, required=False, max_length=140)
    start = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, people: Sequence[Patient] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        if not people:
            return
        choices = [(key, person.name) for key, person in self.people.items()]
        self.fields["person"] = forms.ChoiceField(
            label=_("Who is it for?"),
            choices=[*choices, (NEW, _("Somebody new"))],
            initial=choices[0][0],
            widget=forms.RadioSelect,
        )
        self.fields["patient_name"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = self.people.get(data.get("person", ""))
        if chosen is not None:
            data["patient_name"] = chosen.name
            data["birth_date"] = data.get("birth_date") or chosen.birth_date
        elif self.people and not data.get("patient_name") and "patient_name" not in self.errors:
            self.add_error("patient_name", _("Please give the name of whoever comes."))
        return data

    @property
    def tells_medical(self) -> bool:
        """Whether the medical background has something in it, or something wrong."""
        return any(self[name].value() or self[name].errors for name in MEDICAL_BACKGROUND)

    def tell_contact(self, actor: Actor) -> None:
        """Says what else is wrong with the contact when the form is refused already: once, not one after the other."""
        typed = self.data
        born = self.cleaned_data.get("birth_date")
        contact = Contact(
            name=self.cleaned_data.get("patient_name") or typed.get("patient_name", ""),
            email=typed.get("patient_email", ""),
            phone=typed.get("patient_phone", ""),
            birth_date=born,
        )
        try:
            contacts.checked(actor, contact)
        except BadContact as bad:
            for name, texts in bad.fields.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, [str(text) for text in texts])

    def request(self, *, start: Any, reservation_id: Any) -> Request:
        """What this form asks to book."""
        data = self.cleaned_data
        contact = Contact(
            name=data["patient_name"],
            email=data["patient_email"],
            phone=data["patient_phone"],
            birth_date=data["birth_date"],
            patient_id=chosen.pk if (chosen := self.people.get(data.get("person", ""))) else None,
        )
        return Request(
            contact=contact,
            dentist=data["dentist"] or None,
            treatment=data["treatment"] or None,
            start=start,
            reservation_id=reservation_id,
            medical={name: data[name] for name in MEDICAL_FIELDS if name in data},
            payment_method=data["payment_method"],
            consent=data["consent"],
        )
