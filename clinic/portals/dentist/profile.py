"""A dentist's own profile: what patients read of them, and what they offer, for how long and how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from clinic.accounts.requests import caller, page
from clinic.core import clock, db
from clinic.core.errors import ClinicError
from clinic.core.models import ClinicSettings
from clinic.portals.dentist.access import dentists_only, own_dentist
from clinic.portals.forms import TellingForm
from clinic.portals.staff.forms import line
from dentists import roster
from dentists.models import LANGUAGE_NAMES, Dentist, Offer, Specialization, Treatment
from dentists.queries import treatments_for
from dentists.roster import Offering

FIRST_YEAR = 1930  # nobody practises longer
# Offered at once; all others stand behind a fold.
USUAL_LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "pt", "ru", "tr", "uk", "ar", "zh-hans")


class ProfileForm(TellingForm):
    """`title`, `practising_since`, `bio`, `specializations`, `languages`, and three fields for each treatment: whether it is
    offered, and minutes and price where they differ from the clinic's."""

    title = line(gettext_lazy("Title"), 120, required=False)
    practising_since = forms.IntegerField(label=gettext_lazy("Practising since (year)"), required=False)
    bio = forms.CharField(
        label=gettext_lazy("About me"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    specializations = forms.MultipleChoiceField(
        label=gettext_lazy("Specializations"), choices=Specialization.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages spoken"), choices=list(LANGUAGE_NAMES.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, dentist: Dentist, treatments: Sequence[Treatment], **kwargs: Any) -> None:
        offers = {one.treatment_id: one for one in Offer.objects.filter(dentist=dentist)}
        said = {name: getattr(dentist, name) for name in roster.OWN_FIELDS}
        super().__init__(*args, **(kwargs | {"initial": said}))
        self.spoken = set(dentist.languages)
        self.treatments = treatments
        self.fields["practising_since"].validators += [
            MinValueValidator(FIRST_YEAR),
            MaxValueValidator(clock.today().year),
        ]
        for one in treatments:
            self._add_offer(one, offers.get(one.pk))

    def _add_offer(self, treatment: Treatment, offer: Offer | None) -> None:
        key = treatment.pk
        self.fields[f"offers-{key}"] = forms.BooleanField(
            label=treatment.name, required=False, initial=offer is not None
        )
        self.fields[f"minutes-{key}"] = forms.IntegerField(
            label=gettext_lazy("My minutes"), required=False, min_value=5, max_value=480,
            initial=offer and offer.duration_minutes,
            widget=forms.NumberInput(attrs={"placeholder": treatment.duration_minutes, "inputmode": "numeric"}),
        )  # fmt: skip
        self.fields[f"price-{key}"] = forms.DecimalField(
            label=gettext_lazy("My price"), required=False, min_value=0, max_digits=9, decimal_places=2,
            initial=offer and offer.price,
            widget=forms.NumberInput(attrs={"placeholder": treatment.price, "inputmode": "decimal"}),
        )  # fmt: skip

    def language_boxes(self) -> tuple[list[Any], list[Any]]:
        """The boxes of the languages that most speak or this dentist speaks, and all others."""
        boxes = sorted(self["languages"], key=lambda box: str(box.choice_label))
        near = [box for box in boxes if box.data["value"] in self.spoken or box.data["value"] in USUAL_LANGUAGES]
        return near, [box for box in boxes if box not in near]

    def offered(self) -> list[dict[str, Any]]:
        """By treatment, its three bound fields."""
        return [
            {"treatment": one, "offers": self[f"offers-{one.pk}"], "minutes": self[f"minutes-{one.pk}"],
             "price": self[f"price-{one.pk}"]}
            for one in self.treatments
        ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in roster.OWN_FIELDS}

    def offerings(self) -> list[Offering]:
        data = self.cleaned_data
        return [
            Offering(str(one.pk), data[f"minutes-{one.pk}"], data[f"price-{one.pk}"])
            for one in self.treatments
            if data[f"offers-{one.pk}"]
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@dentists_only
def profile(request: HttpRequest) -> HttpResponseBase:
    """Shows and saves it. Visits that are booked keep the price and the time that they were booked with."""
    actor, dentist_id = caller(request), own_dentist(request)
    with db.reading(actor):
        form = _form(request, dentist_id)
        if request.method != "POST" or not form.is_valid():
            return _show(request, form, dentist_id, status=200 if request.method != "POST" else 422)
    try:
        roster.change(actor, dentist_id, form.values(), offers=form.offerings())
    except ClinicError as error:
        form.tell(error)
        with db.reading(actor):
            return _show(request, form, dentist_id, status=error.status)
    messages.success(request, _("Your profile is saved. Patients see it now."))
    return redirect("dentist:profile")


def _form(request: HttpRequest, dentist_id: UUID) -> ProfileForm:
    dentist = Dentist.objects.get(pk=dentist_id)
    treatments = list(treatments_for(caller(request)).order_by("name", "id"))
    sent = request.POST if request.method == "POST" else None
    return ProfileForm(sent, dentist=dentist, treatments=treatments)


def _show(request: HttpRequest, form: ProfileForm, dentist_id: UUID, *, status: int = 200) -> HttpResponseBase:
    near, others = form.language_boxes()
    context = {
        "tab": "profile",
        "form": form,
        "dentist": Dentist.objects.get(pk=dentist_id),
        "currency": ClinicSettings.current().currency,
        "languages": near,
        "more_languages": others,
    }
    return page(request, "dentist/profile.html", context, status=status)
