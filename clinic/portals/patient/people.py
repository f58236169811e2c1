"""The people under one's account."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.accounts.requests import caller, page
from clinic.core import db
from clinic.core.errors import ClinicError, NotSignedIn
from clinic.patients.models import Patient, Relation
from clinic.patients.people import Details, add_person, change_person, people_of, person_of, remove_person
from clinic.portals.forms import TellingForm


class PersonForm(TellingForm):
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=120)
    birth_date = forms.DateField(
        label=gettext_lazy("Date of birth"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    relation = forms.ChoiceField(
        label=gettext_lazy("Who is it?"), choices=[one for one in Relation.choices if one[0] != Relation.GUEST]
    )

    def details(self) -> Details:
        data = self.cleaned_data
        return Details(name=data["name"], birth_date=data["birth_date"], relation=data["relation"])


@require_safe
def people(request: HttpRequest) -> HttpResponseBase:
    if caller(request).user_id is None:
        raise NotSignedIn()
    return page(request, "patient/people.html", {"people": people_of(caller(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponseBase:
    if caller(request).user_id is None:
        raise NotSignedIn()
    form, status = PersonForm(request.POST or None, initial={"relation": Relation.CHILD}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person = add_person(caller(request), form.details())
            except ClinicError as error:
                form.tell(error)
                status = error.status
            else:
                messages.success(request, _("%(name)s is on your account now.") % {"name": person.name})
                return redirect("patient:people")
    return page(request, "patient/person.html", {"form": form, "person": None}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, person_id: UUID) -> HttpResponseBase:
    if caller(request).user_id is None:
        raise NotSignedIn()
    with db.reading(caller(request)):
        person = person_of(caller(request), person_id)
    form, status = PersonForm(request.POST or None, initial=_initial(person)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_person(caller(request), person_id, form.details())
            except ClinicError as error:
                if error.status == 404:
                    raise
                form.tell(error)
                status = error.status
            else:
                messages.success(request, _("Saved."))
                return redirect("patient:people")
    return page(request, "patient/person.html", {"form": form, "person": person}, status=status)


def _initial(person: Patient) -> dict[str, object]:
    return {"name": person.name, "birth_date": person.birth_date, "relation": person.relation}


@require_POST
def remove(request: HttpRequest, person_id: UUID) -> HttpResponseBase:
    if caller(request).user_id is None:
        raise NotSignedIn()
    try:
        remove_person(caller(request), person_id)
    except ClinicError as error:
        if error.status != 409:
            raise
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Removed."))
    return redirect("patient:people")
