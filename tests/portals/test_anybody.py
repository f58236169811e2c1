"""Any dentist: the first free times of a treatment, each with the dentist who has it."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.test import Client

from availability import anybody
from availability.catalogue import offers_of
from availability.models import Reservation, WorkingHours
from availability.queries import PartOfDay
from clinic.accounts.models import User
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS
from tests.factories import Cast


def slots(page: Any) -> dict[Any, str]:
    """By start, whose time it is."""
    return {slot["start"]: slot["dentist"].slug for part in page.context["slots_by_part"] for slot in part["slots"]}


def hours_of(cast: Cast, *spans: tuple[int, int, int]) -> None:
    """Dr. Okafor works on these weekdays from hour to hour, and at no other time."""
    with db.as_owner():
        WorkingHours.objects.filter(dentist=cast.okafor).delete()
        for day, since, until in spans:
            WorkingHours.objects.create(
                dentist=cast.okafor, day_of_week=day, start_time=time(since), end_time=time(until)
            )


def test_each_time_is_there_once_and_names_whoever_is_less_busy(cast: Cast, client: Client) -> None:
    cast.booked(cast.nobody(), cast.at(13), dentist="chidi-okafor")
    page = client.get(f"/times?treatment=check-up&day={cast.monday}")
    found = slots(page)
    assert found[cast.at(9)] == "eva-weber"
    assert found[cast.at(13)] == "eva-weber"
    cast.booked(cast.nobody("b"), cast.at(9), contact=cast.guest("Bea Two"))
    cast.booked(cast.nobody("c"), cast.at(10), contact=cast.guest("Cem Three"))
    found = slots(client.get(f"/times?treatment=check-up&day={cast.monday}"))
    assert (found[cast.at(9)], found[cast.at(11)], found[cast.at(13)]) == ("chidi-okafor", "chidi-okafor", "eva-weber")


def test_the_chosen_time_is_held_at_its_dentist(cast: Cast, client: Client) -> None:
    sent = {"treatment": str(cast.checkup.pk), "any": "1", "slot": f"{cast.okafor.pk} {cast.at(9).isoformat()}"}
    answer = client.post("/hold", sent)
    assert answer.status_code == 302
    with db.as_owner():
        held = Reservation.objects.get()
    assert (held.dentist_id, held.starts_at) == (cast.okafor.pk, cast.at(9))
    back = client.post(f"{answer['Location'].partition('?')[0]}/release", {"any": "1"})
    assert back["Location"] == f"/times?treatment=check-up&day={cast.monday}#times"


def test_when_it_is_gone_the_nearest_are_of_anybody(cast: Cast, client: Client) -> None:
    hours_of(cast, (0, 9, 12))
    cast.booked(cast.nobody("faster"), cast.at(9))
    sent = {"treatment": str(cast.checkup.pk), "any": "1", "slot": f"{cast.weber.pk} {cast.at(9).isoformat()}"}
    refused = client.post("/hold", sent)
    assert refused.status_code == 409
    assert refused.context["alternatives"][0] == {
        "start": cast.at(9), "url": f"/times?treatment=check-up&day={cast.monday}#times",
    }  # fmt: skip


def test_a_part_of_the_day_is_all_that_is_shown(cast: Cast, client: Client) -> None:
    hours_of(cast, (2, 17, 19))
    page = client.get("/times?treatment=check-up&part=evening")
    assert page.context["first"].offered.dentist.slug == "chidi-okafor"
    assert page.context["first"].start.weekday() == 2
    assert {start.time() for start in slots(page)} == {time(17 + n // 4, n % 4 * 15) for n in range(7)}
    assert [one["is_selected"] for one in page.context["parts"]] == [False, False, False, True]


def test_the_week_shows_the_first_time_of_each_day(cast: Cast, client: Client) -> None:
    with db.as_owner():
        WorkingHours.objects.filter(dentist=cast.weber).delete()
    hours_of(cast, (0, 14, 15), (2, 9, 12))
    cast.booked(cast.nobody(), cast.at(9, days=2), dentist="chidi-okafor")
    page = client.get(f"/times?treatment=check-up&day={cast.monday}")
    assert [(day["first"], day["is_closed"]) for day in page.context["days"]] == [
        (cast.at(14), False), (None, True), (cast.at(9, 30, days=2), False), *[(None, True)] * 4,
    ]  # fmt: skip


def test_a_day_without_free_time_leads_to_the_next_one(cast: Cast, client: Client) -> None:
    page = client.get(f"/times?treatment=check-up&day={cast.at(9, days=5).date()}")
    assert slots(page) == {}
    assert page.context["next_free"] == cast.at(9, days=7)


def test_openings_of_a_week_are_what_each_day_has(cast: Cast) -> None:
    """The first of a day is the first of that day's own starts, in every part of it."""
    cast.booked(cast.nobody(), cast.at(9))
    with db.reading(ANONYMOUS):
        offers = offers_of(cast.checkup, actor=ANONYMOUS)
        for part in (None, *PartOfDay):
            week = anybody.week_of_openings(ANONYMOUS, offers, cast.monday, 7, part=part)
            for day, opening in week.items():
                starts = anybody.starts_on(ANONYMOUS, offers, day, part=part)
                assert (opening and opening.start) == (starts[0].start if starts else None)
            assert len(week) == 5


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 200), ("?treatment=check-up", 200), ("?treatment=nothing", 404), ("?treatment=check-up&day=soon", 400),
     ("?treatment=check-up&part=night", 200), ("?treatment=check-up&for=x", 200)],
)  # fmt: skip
def test_what_can_be_asked_for(cast: Cast, client: Client, query: str, status: int) -> None:
    assert client.get(f"/times{query}").status_code == status


def test_nothing_is_offered_in_the_past(cast: Cast, client: Client) -> None:
    page = client.get(f"/times?treatment=check-up&day={clock.today()}")
    assert all(start > clock.now() for start in slots(page))


def test_whom_it_is_for_stays_in_the_address(cast: Cast, client: Client) -> None:
    with db.signing_in():
        client.force_login(User.objects.get(pk=cast.ana.pk))
    page = client.get(f"/times?treatment=check-up&day={cast.monday}&for={cast.ana_herself.pk}")
    assert page.context["days"][0]["url"].endswith(f"&for={cast.ana_herself.pk}#times")
    assert f'name="for" value="{cast.ana_herself.pk}"' in page.content.decode()
    strangers = client.get(f"/times?treatment=check-up&for={cast.ben_himself.pk}")
    assert strangers.context["person"] is None
