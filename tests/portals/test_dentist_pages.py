"""What the dentist portal shows of a day, of a visit that was judged, and of oneself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from appointments.models import Appointment
from availability.models import TimeOff
from clinic.core import db
from dentists.models import Dentist, Offer, Treatment
from tests.factories import Cast
from tests.factories.time import clock_at
from tests.portals.test_dentist import signed_in, visit_on, week


@pytest.fixture
def weber(cast: Cast, client: Client) -> Client:
    """Dr. Weber, signed in."""
    return signed_in(client, cast.weber.user_id)


def line(weber: Client) -> list[str]:
    """The day as it is read: the names, with the line of now where it stands."""
    context = weber.get("/dentist/").context
    found = []
    for number, row in enumerate(context["rows"]):
        found += ["now"] if context["now_after"] == number else []
        found.append(
            row["visit"].patient_name if row["past"] is None else f"{row['visit'].patient_name} {row['past']}/10"
        )
    return found + (["now"] if context["now_after"] == len(context["rows"]) else [])


def test_the_line_of_now_goes_through_the_day(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9, "Ada")
    visit_on(cast, 10, "Bea")
    seen = []
    for hour, minute in ((8, 0), (9, 0), (9, 16), (9, 29), (9, 30), (10, 30)):
        with clock_at(cast.at(hour, minute)):
            seen.append(line(weber))
    assert seen == [
        ["now", "Ada", "Bea"],
        ["Ada 0/10", "Bea"],
        ["Ada 5/10", "Bea"],
        ["Ada 9/10", "Bea"],
        ["Ada", "now", "Bea"],
        ["Ada", "Bea", "now"],
    ]


def test_the_line_of_now_goes_on_by_itself(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9)
    with clock_at(cast.at(9, 10)):
        assert weber.get("/dentist/").context["refresh_at"] == cast.at(9, 13)  # a tenth of the visit
    with clock_at(cast.at(8)):
        assert weber.get("/dentist/").context["refresh_at"] == cast.at(9)


def test_another_day_has_no_line_and_an_empty_one_says_so(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9)
    with clock_at(cast.at(9, days=-1)):
        assert weber.get(f"/dentist/?day={cast.monday}").context["now_after"] is None
        assert "Nobody is booked today" in weber.get("/dentist/").content.decode()


def test_what_the_chatbot_judged_stands_on_the_visit(cast: Cast, weber: Client) -> None:
    told = {"symptoms": "throbbing since yesterday", "triage_reason": "Pain that keeps awake"}
    visit = visit_on(cast, 9, source="chatbot", triage_band="soon", medical=told)
    page = weber.get(f"/dentist/visits/{visit.pk}")
    text = page.content.decode()
    assert (page.context["triage"], page.context["intake"]) == (told, [])
    shown = ("Within 7 days", "Pain that keeps awake", "throbbing since yesterday", "Chatbot")
    assert [one for one in shown if one not in text] == []


def test_symptoms_without_a_triage_are_what_the_patient_told(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9, medical={"symptoms": "a dull ache"})
    page = weber.get(f"/dentist/visits/{visit.pk}")
    assert [text for _label, text in page.context["intake"]] == ["a dull ache"]
    assert "Triage" not in page.content.decode()


def test_the_list_is_narrowed_by_source(cast: Cast, weber: Client) -> None:
    visit_on(cast, 9, "Cara Chat", source="chatbot")
    visit_on(cast, 10)
    page = weber.get("/dentist/visits?source=chatbot")
    assert [one.patient_name for one in page.context["page_obj"]] == ["Cara Chat"]


def profile(weber: Client, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the profile, with these changes; empty ones are left out, as unticked boxes are."""
    form = weber.get("/dentist/profile").context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent |= {name: "on" if value is True else value for name, value in sent.items()}
    return {name: value for name, value in (sent | changes).items() if value not in (None, False, "")}


def test_a_dentist_says_who_they_are_and_what_they_offer(cast: Cast, weber: Client) -> None:
    visit = visit_on(cast, 9)
    check, filling = cast.checkup.pk, cast.filling.pk
    sent = profile(
        weber, title="Head of the practice", bio="Explains everything.", practising_since="2004",
        languages=["de", "uk"], specializations=["endodontics"],
        **{f"minutes-{check}": "40", f"price-{check}": "75.50", f"offers-{filling}": ""},
    )  # fmt: skip
    assert weber.post("/dentist/profile", sent)["Location"] == "/dentist/profile"
    with db.as_owner():
        stored = Dentist.objects.get(pk=cast.weber.pk)
        offers = list(Offer.objects.filter(dentist=stored).values_list("treatment", "duration_minutes", "price"))
        booked = Appointment.objects.get(pk=visit.pk)
    assert (stored.title, stored.bio, stored.practising_since, stored.languages, stored.specializations) == (
        "Head of the practice", "Explains everything.", 2004, ["de", "uk"], ["endodontics"],
    )  # fmt: skip
    assert offers == [(check, 40, Decimal("75.50"))]
    assert (booked.ends_at - booked.starts_at, booked.payment_amount) == (timedelta(minutes=30), Decimal(60))
    near, others = weber.get("/dentist/profile").context["form"].language_boxes()
    assert {"de", "uk"} <= {box.data["value"] for box in near}
    assert {"de", "uk"} & {box.data["value"] for box in others} == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("practising_since", "1802"),
        ("languages", ["klingon"]),
        ("minutes-{}", "4"),
        ("price-{}", "-1"),
        ("title", "x" * 121),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(cast: Cast, weber: Client, name: str, value: Any) -> None:
    name = name.format(cast.checkup.pk)
    page = weber.post("/dentist/profile", profile(weber, **{name: value}))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])


def test_an_offer_of_what_is_switched_off_waits_until_it_is_on_again(cast: Cast, weber: Client) -> None:
    with db.as_owner():
        Offer.objects.filter(dentist=cast.weber, treatment=cast.filling).update(
            duration_minutes=75, price=Decimal("99")
        )
        Treatment.objects.filter(pk=cast.filling.pk).update(is_active=False)
    unticked = profile(weber, title="Head of the practice", **{f"offers-{cast.checkup.pk}": ""})
    assert weber.post("/dentist/profile", unticked)["Location"] == "/dentist/profile"
    with db.as_owner():
        left = Offer.objects.filter(dentist=cast.weber).values_list("treatment", "duration_minutes", "price")
        assert list(left) == [(cast.filling.pk, 75, Decimal("99"))]


def test_nobody_elses_profile_is_changed(cast: Cast) -> None:
    okafor = signed_in(Client(), cast.okafor.user_id)
    okafor.post("/dentist/profile", profile(okafor, title="Mine", id=cast.weber.pk, dentist=cast.weber.pk))
    with db.as_owner():
        titles = dict(Dentist.objects.values_list("pk", "title"))
    assert (titles[cast.okafor.pk], titles[cast.weber.pk]) == ("Mine", cast.weber.title)


def test_the_editor_shows_what_is_said_and_folds_what_can_be_added(cast: Cast, weber: Client) -> None:
    days = weber.get("/dentist/hours").context["days"]
    assert [(len(day["rows"]), len(day["spare"])) for day in days] == [(2, 1)] * 5 + [(0, 3)] * 2
    sent = week(weber.get("/dentist/hours").context["form"]) | {"day6-1-end": "12:00"}
    wrong = weber.post("/dentist/hours", sent).context["days"][6]
    assert [row["start"].errors for row in wrong["rows"]] == [["Give both times, or neither."]]


def test_time_off_that_was_sent_twice_is_taken_back_as_a_whole(cast: Cast, weber: Client) -> None:
    for _click in range(2):
        weber.post("/dentist/time-off", {"first_day": cast.monday, "last_day": cast.monday})
    page = weber.post("/dentist/time-off/undo", follow=True)
    assert [str(one) for one in page.context["messages"]][-1:] == ["This time can be booked again."]
    with db.as_owner():
        assert list(TimeOff.objects.all()) == []
