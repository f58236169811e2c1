"""A form with a field of every kind, empty or filled in wrongly."""

from __future__ import annotations

from django import forms


class SampleForm(forms.Form):
    name = forms.CharField(label="Full name", error_messages={"required": "Please give the name of whoever comes."})
    email = forms.EmailField(
        label="Email",
        help_text="Your confirmation goes here.",
        error_messages={"invalid": "Please give an email address such as name@example.org."},
    )
    born = forms.DateField(label="Date of birth", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(label="At", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    what = forms.ChoiceField(label="What do you need?", choices=[("", "Any treatment"), ("check-up", "Check-up")])
    notes = forms.CharField(
        label="Anything else?", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    payment_method = forms.ChoiceField(
        label="How would you like to pay?",
        choices=[("cash", "Pay at the clinic"), ("stripe", "Pay online")],
        initial="cash",
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label="I agree that the practice stores what I enter here in order to treat me.",
        error_messages={"required": "We need your consent to store what you told us."},
    )


def empty() -> SampleForm:
    return SampleForm()


def filled() -> SampleForm:
    typed = {"name": "Mia Sample", "email": "mia@example.org", "born": "1991-05-04", "at": "09:30", "what": "check-up"}
    return SampleForm(typed | {"notes": "I am a little afraid of drills.", "payment_method": "stripe", "consent": "on"})


def refused() -> SampleForm:
    form = SampleForm({"email": "mia@", "born": "1991-05-04"})
    form.full_clean()
    return form
