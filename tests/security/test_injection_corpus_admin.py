"""Every form of admin that can be saved: texts that mean more are refused with a word, or kept and shown as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape

from clinic.accounts.models import User
from clinic.core import db
from tests.admin.conftest import signed_in
from tests.admin.forms import Fields, errors_of, filled, with_row
from tests.admin.test_pages import fill
from tests.factories import Cast
from tests.security.injection_corpus import FORMULAS, LINES, MARKUP, SQL, UNSEEN, taken_for_markup

TEXTS = (*MARKUP, *FORMULAS, *UNSEEN, *LINES, *SQL)
EACH_KIND = (MARKUP[0], FORMULAS[0], UNSEEN[0], UNSEEN[1], LINES[0], SQL[0], "9" * 400)
SHAPES = ("CharField", "EmailField", "SlugField", "PhoneNumberField")
WITH_TEXTS = {
    "accounts_user add", "accounts_user change", "availability_closure add", "availability_closure change",
    "availability_timeoff add", "availability_timeoff change", "core_clinicsettings change", "dentists_dentist add",
    "dentists_dentist change", "dentists_treatment add", "dentists_treatment change", "patients_patient add",
    "patients_patient change",
}  # fmt: skip


@dataclass
class Form:
    """A page of admin with a form on it, what can be saved there, and the places where a text may be typed."""

    name: str  # the model's, as in addresses of admin
    pk: Any  # None where it adds
    form: Any  # as the page made it
    fields: Fields
    places: list[str]

    def __str__(self) -> str:
        return f"{self.name} {'add' if self.pk is None else 'change'}"

    def path(self, kind: str = "") -> str:
        kind = kind or ("add" if self.pk is None else "change")
        return reverse(f"admin:{self.name}_{kind}", args=[] if kind in ("add", "changelist") else [self.pk])

    def typed(self, text: str, places: list[str], more: Fields) -> Fields:
        return {**self.fields, **more, **{place: [text] for place in places}}

    def taking(self, text: str, more: Fields) -> list[str]:
        """The places at which the form has nothing against this text."""
        data = MultiValueDict(self.typed(text, self.places, more))
        bound = type(self.form)(data, instance=self.form.instance)
        return [place for place in self.places if place not in bound.errors]


def given(cast: Cast, name: str, number: int) -> Fields:
    """What an empty form needs besides texts; another number is another row."""
    day = cast.monday + timedelta(days=30 + number)
    needed: dict[str, dict[str, Any]] = {
        "accounts_user": {"email": f"new{number}@example.org", "name": "Nina New", "usable_password": "false"},
        "dentists_dentist": {"name": "Dr. Nina New", "email": f"nina{number}@example.org", "slug": f"nina-{number}"},
        "dentists_treatment": {"name": "New", "slug": f"new-{number}", "duration_minutes": 30, "price": 10},
        "availability_timeoff": {"dentist": cast.weber.pk, "starts_at_0": day, "starts_at_1": "08:00",
                                 "ends_at_0": day, "ends_at_1": "09:00"},
        "availability_closure": {"date": day},
        "patients_patient": {"name": "Nina New", "relation": "guest", "email": f"guest{number}@example.org"},
    }  # fmt: skip
    return {place: [str(value)] for place, value in needed.get(name, {}).items()}


def forms(cast: Cast, office: Client) -> list[Form]:
    """Every form that an admin may save and that has a place for a text, with a row of everything there is."""
    fill(cast)
    request = RequestFactory().get("/")
    request.user = cast.ada
    found = []
    for model, page in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        with db.as_owner():
            # A dentist's account cannot be renamed by itself, and one's own role not at all.
            row = cast.ana if model is User else model._default_manager.order_by("pk").first()
        if page.has_add_permission(request):
            found.append(_form(office, Form(name, None, None, {}, [])))
        if row is not None and page.has_change_permission(request):
            found.append(_form(office, Form(name, row.pk, None, {}, [])))
    assert {str(one) for one in found if one.places} == WITH_TEXTS
    return [one for one in found if one.places]


def _form(office: Client, one: Form) -> Form:
    page: Any = office.get(one.path())
    one.form, one.fields = page.context["adminform"].form, filled(page)
    one.places = [place for place, field in one.form.fields.items() if type(field).__name__ in SHAPES]
    if one.name == "dentists_dentist" and one.pk is not None:
        number = one.fields["time_off-TOTAL_FORMS"][0]
        day = "2031-03-03"
        with_row(one.fields, "time_off", starts_at_0=day, starts_at_1="08:00", ends_at_0=day, ends_at_1="09:00")
        one.places.append(f"time_off-{number}-reason")
    return one


@pytest.mark.thorough
def test_every_form_takes_or_refuses_every_text(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each place gets each text (of each kind one, where a row is added); what is taken is stored as it was typed."""
    office = signed_in(cast.ada)
    asked, wrong, saved = forms(cast, office), [], set()
    monkeypatch.setattr(TemplateResponse, "rendered_content", "")  # what pages show is the other test's
    office.raise_request_exception = False
    for one in asked:
        for number, text in enumerate(TEXTS if one.pk else EACH_KIND):
            more = given(cast, one.name, number) if one.pk is None else {}
            with db.as_owner():
                places = one.taking(text, more)
            answer: Any = office.post(one.path(), one.typed(text, places, more))
            if answer.status_code == 302:
                saved.update(f"{one} {place}" for place in places)
                wrong += [
                    f"{one} {place}: {kept!a}"
                    for place, kept in stored(one, places)
                    if kept not in (text.strip(), text.upper())
                ]
            elif answer.status_code != 200 or not told(answer):
                wrong.append(f"{one} {text[:30]!a} {places}: {answer.status_code}")
    assert wrong == []
    assert {"dentists_dentist change bio", "core_clinicsettings change name", "patients_patient add name"} <= saved


def stored(one: Form, places: list[str]) -> list[tuple[str, str]]:
    """What the row holds that was changed; a currency, which any three letters are, in capitals."""
    if one.pk is None:
        return []
    with db.as_owner():
        row = type(one.form.instance)._default_manager.get(pk=one.pk)
    return [(place, getattr(row, place)) for place in places if "-" not in place]


def told(answer: Any) -> list[str]:
    answer.context = answer.context_data
    return errors_of(answer)


class _Alpine(HTMLParser):
    """Attributes that Alpine runs, in which a text of ours stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag} {name}>" for name, value in attrs if name[0] in "x@:" and "__pwned" in (value or "")]


def believed(page: str) -> list[str]:
    alpine = _Alpine()
    alpine.feed(page)
    return alpine.found + taken_for_markup(page)


def shown(office: Client, one: Form, text: str) -> dict[str, str]:
    """The page of the form after the text was refused there, and what shows the row after it was saved."""
    with db.as_owner():
        places = one.taking(text, {})
    # Not where an account or a dentist is chosen: a browser sends nothing there but what was chosen.
    anywhere = [place for place, field in one.form.fields.items() if type(field).__name__ != "ModelChoiceField"]
    # A date and a time have two places each, and a word in them is none.
    parts = [place for place in one.fields if place.endswith(("_at_0", "_at_1"))]
    answers = {"refused": office.post(one.path(), one.typed(text, [*one.places, *anywhere, *parts], {}))}
    saved = office.post(one.path(), one.typed(text, places, {}))
    assert (answers["refused"].status_code, saved.status_code) == (200, 302), f"{one} {places}"
    kinds = ["changelist", "change", "history"] + (
        ["delete"] if one.name not in ("core_clinicsettings", "accounts_user") else []
    )
    answers |= {kind: office.get(one.path(kind), follow=True) for kind in kinds}
    assert {kind: a.status_code for kind, a in answers.items() if a.status_code != 200} == {}
    return {f"{one} {kind}": answer.content.decode() for kind, answer in answers.items()}


def test_what_was_typed_is_text_wherever_admin_shows_it(cast: Cast) -> None:
    office = signed_in(cast.ada)
    changes = [one for one in forms(cast, office) if one.pk is not None]
    pages: dict[str, str] = {}
    for number, one in enumerate(changes):
        pages |= shown(office, one, MARKUP[number % 3])
    pages["index"] = office.get(reverse("admin:index")).content.decode()
    assert {where: found for where, page in pages.items() if (found := believed(page))} == {}
    there = {where for where, page in pages.items() if any(escape(text) in page for text in MARKUP[:3])}
    assert {f"{one} {kind}" for one in changes for kind in ("refused", "change")} <= there


def test_a_form_that_believes_it_is_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    office = signed_in(cast.ada)
    (person,) = [one for one in forms(cast, office) if str(one) == "patients_patient change"]
    monkeypatch.setattr(engines["django"].engine, "autoescape", False)  # type: ignore[attr-defined]  # Django's own backend
    assert [believed(page) for page in shown(office, person, MARKUP[0]).values() if believed(page)] != []
