"""The booking form: which fields there are and how they look. What is right or wrong is decided by the verb."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from appointments import contact as contacts
from appointments.booking import Request
from appointments.contact import Contact
from appointments.errors import BadContact
from appointments.medical import BACKGROUND
from appointments.models import MEDICAL_FIELDS
from availability.models import Reservation
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
# The two steps, each with its fields: who is coming, then what for.
STEPS = {
    "who": ("person", "patient_name", "birth_date", "patient_email", "patient_phone"),
    "visit": ("chief_complaint", "symptoms", "notes", *BACKGROUND, "payment_method", "consent"),
}


class BookingForm(TellingForm):
    """The details of a visit, in two steps: one is shown, what the other holds is carried along in hidden fields. An account
    holder chooses one of `people`, or names somebody new."""

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
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Please give an email address such as name@example.org.")
        ),
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
    # Whose medical background was filled in, so that nobody gets somebody else's.
    remembered_for = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = self.people.get(data.get("person", ""))
        if chosen is not None:
            data["patient_name"] = chosen.name
            data["birth_date"] = chosen.birth_date or data.get("birth_date")
        if chosen is not None or "person" in self.errors:
            # A name is asked of somebody new alone.
            self.errors.pop("patient_name", None)
        return data

    @property
    def tells_medical(self) -> bool:
        """Whether the medical background has something in it, or something wrong."""
        return any(self[name].value() or self[name].errors for name in BACKGROUND)

    @property
    def person(self) -> Patient | None:
        """Who is chosen of the people under the account."""
        return self.people.get(str(self["person"].value() or "")) if self.people else None

    @property
    def coming(self) -> str:
        """The name of whoever comes."""
        return self.person.name if self.person else str(self["patient_name"].value() or "")

    @property
    def is_remembered(self) -> bool:
        """Whether the background was filled in from the last visit."""
        return bool(self["remembered_for"].value()) and any(self[name].value() for name in BACKGROUND)

    def step_of_errors(self) -> str:
        """The step in which something is wrong; the last one when nothing is."""
        return "who" if any(name in self.errors for name in STEPS["who"]) else "visit"

    def only(self, step: str) -> None:
        """Forgets what is wrong in the other step."""
        for name in [name for name in self.errors if name not in (*STEPS[step], NON_FIELD_ERRORS)]:
            del self.errors[name]

    def carried(self, step: str) -> Collection[forms.BoundField]:
        """The fields of the other step that hold something, to be carried along while this one is shown."""
        others = [self[name] for fields in STEPS.values() for name in fields if name in self.fields]
        return [one for one in others if one.name not in STEPS[step] and one.value() not in (None, "")]

    def remember(self, background: Mapping[str, str]) -> None:
        """Fills in the background of whoever is chosen, when it was not filled in for them before."""
        whose = str(self.person.pk) if self.person else ""
        if whose == self.data.get("remembered_for", ""):
            return
        told = {name: background.get(name, "") for name in BACKGROUND}
        self.data = dict(self.data.items()) | told | {"remembered_for": whose}

    def follow(self, held: Reservation) -> None:
        """Asks for what the hold is of, as the page shows it: another tab may have moved it."""
        what = {"dentist": held.dentist_id, "treatment": held.treatment_id, "start": held.starts_at.isoformat()}
        self.data = dict(self.data.items()) | {name: str(value) for name, value in what.items()}

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
            # Without knowing who is meant, the name is not what is wrong.
            known = {*self.errors} | ({"patient_name"} if "person" in self.errors else set())
            for name, texts in bad.fields.items():
                if name in self.fields and name not in known:
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
