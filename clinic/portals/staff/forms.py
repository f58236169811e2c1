"""Forms of the practice's portals. Dates and times are the clinic's wall clock; what is right is decided by the verbs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from clinic.core import clock
from clinic.portals.forms import TellingForm

OFF = {"autocomplete": "off"}  # a browser must not offer the next caller what the last one said


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    years = [MinValueValidator(date(1970, 1, 1)), MaxValueValidator(date(2200, 12, 31))]
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, validators=years, widget=widget, **kwargs)


class _FullMinute(forms.TimeField):
    """A time of day. Some browsers send seconds, and nobody begins in the middle of a minute: they are cut."""

    def to_python(self, value: Any) -> time | None:
        wall = super().to_python(value)
        return wall and wall.replace(second=0, microsecond=0)


def time_field(label: Any, **kwargs: Any) -> forms.TimeField:
    return _FullMinute(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **kwargs)


def birth_date_field() -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **OFF})
    return forms.DateField(label=_("Date of birth"), required=False, widget=widget)


def line(label: Any, length: int, kind: str = "text", **kwargs: Any) -> forms.CharField:
    """One line of text that browsers neither complete nor remember."""
    widget = forms.TextInput(attrs={"type": kind, **OFF})
    return forms.CharField(label=label, max_length=length, widget=widget, **kwargs)


def outside_rules_field(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=_("Never over a time that is taken."))


class MoveForm(TellingForm):
    """Another day and time. `sequence` is the visit's as the page was drawn, so that no old page moves it back."""

    told_as = {"start": "time", "appointment_time": "time", "appointment_date": "date"}
    date = date_field(_("New day"))
    time = time_field(_("New time"))
    outside_rules = outside_rules_field(_("Also outside the hours"))
    sequence = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class CancelForm(TellingForm):
    reason = line(_("Reason"), 200, required=False, help_text=_("The patient reads it."))


class AbsenceForm(TellingForm):
    """From which day to which somebody is away; both included."""

    told_as = {"starts_at": "date", "ends_at": "until"}
    date = date_field(_("From"))
    until = date_field(_("To"), required=False)
    reason = line(_("Reason"), 200, required=False, help_text=_("Only the practice sees it."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first = data.get("date")
        if first is not None:
            data["until"] = data.get("until") or first
            if data["until"] < first:
                self.add_error("until", _("The end must come after the start."))
        return data

    def span(self) -> tuple[datetime, datetime]:
        """The instants between which nobody can be seen."""
        last = self.cleaned_data["until"] + timedelta(days=1)
        return clock.at(self.cleaned_data["date"], time(0)), clock.at(last, time(0))

    def query(self) -> str:
        """What an address says of the same absence."""
        return urlencode({name: str(self.cleaned_data[name]) for name in self.fields if name != "reason"})
