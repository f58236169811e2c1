"""A visit at the desk: its steps, moving it, and a dentist who is ill."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from appointments import moving
from appointments.models import Appointment
from availability.models import TimeOff
from clinic.core import db
from clinic.history.models import Action, Change
from dentists.models import Offer
from tests.factories import Cast
from tests.factories.time import clock_at
from tests.portals.test_dentist import signed_in
from tests.portals.test_desk import stored, visit_on


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    return signed_in(client, cast.dana.pk)


def test_check_in_complete_and_undo(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    statuses = []
    with clock_at(cast.at(9)):
        for step in ("check-in", "complete", "undo", "undo", "no-show"):
            desk.post(f"/desk/visits/{visit.pk}/{step}")
            statuses.append(stored(visit).status)
    assert statuses == ["checked_in", "completed", "checked_in", "confirmed", "no_show"]


@pytest.mark.parametrize("path", ["/desk/visits/{visit}", "/desk/?date={day}", "/dentist/visits/{visit}"])
def test_an_undo_pressed_twice_on_one_page_takes_back_one_step(cast: Cast, desk: Client, path: str) -> None:
    visit = visit_on(cast, 9)
    pressing = signed_in(Client(), cast.weber.user_id) if path.startswith("/dentist") else desk
    with clock_at(cast.at(9)):
        for step in ("check-in", "complete"):
            desk.post(f"/desk/visits/{visit.pk}/{step}")
        button = pressed(pressing.get(path.format(visit=visit.pk, day=cast.monday)).content.decode(), "was")
        area = path.split("/")[1]
        pages = [pressing.post(f"/{area}/visits/{visit.pk}/undo", button, follow=True) for _press in range(2)]
        told = [[(one.level_tag, str(one)) for one in page.context["messages"]] for page in pages]
    assert (button, stored(visit).status) == ({"was": "completed"}, "checked_in")
    assert told == [[("success", "Saved: Gus Guest, Checked in.")], [("info", "Gus Guest, Checked in.")]]


def test_an_undo_of_what_has_become_something_else_is_told(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    with clock_at(cast.at(9, 10)):
        for step in ("check-in", "complete"):
            desk.post(f"/desk/visits/{visit.pk}/{step}", follow=True)
        page = desk.post(f"/desk/visits/{visit.pk}/undo", {"was": "no_show"}, follow=True)
    assert [str(one) for one in page.context["messages"]] == ["This step does not fit the visit's status."]
    assert stored(visit).status == "completed"


def pressed(page: str, name: str) -> dict[str, str]:
    """What a button or a hidden field of this name sends, where all of the page send the same."""
    [value] = set(re.findall(rf'name="{name}" value="([^"]*)"', page))
    return {name: value}


def test_a_step_leads_back_to_the_day_at_the_visit(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    answer = desk.post(f"/desk/visits/{visit.pk}/check-in", {"back": cast.monday.isoformat()})
    assert answer["Location"] == f"/desk/?date={cast.monday}#visit-{visit.pk}"


def test_whoever_did_not_come_stands_below_the_day_with_the_way_back(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    with clock_at(cast.at(9, 10)):
        page = desk.post(f"/desk/visits/{visit.pk}/no-show", {"back": cast.monday.isoformat()}, follow=True)
    gone = [(piece.visit.pk, [step.name for step in piece.steps]) for piece in page.context["sheet"].gone]
    assert gone == [(visit.pk, ["undo"])]
    assert f'formaction="/desk/visits/{visit.pk}/undo"' in page.content.decode()


def test_a_step_says_of_whom_it_was(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    with clock_at(cast.at(9)):
        pages = [desk.post(f"/desk/visits/{visit.pk}/check-in", follow=True) for _desk in range(2)]
    told = [[(one.level_tag, str(one)) for one in page.context["messages"]] for page in pages]
    assert told == [[("success", "Saved: Gus Guest, Checked in.")], [("info", "Gus Guest, Checked in.")]]


def test_a_step_that_does_not_fit_is_told(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    page = desk.post(f"/desk/visits/{visit.pk}/complete", follow=True)
    assert [str(one) for one in page.context["messages"]] == ["This step does not fit the visit's status."]
    assert desk.post(f"/desk/visits/{visit.pk}/explode").status_code == 404


def test_what_the_patient_told_is_neither_shown_nor_read(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9, medical={"symptoms": "a dull ache"})
    page = desk.get(f"/desk/visits/{visit.pk}").content.decode()
    with db.as_owner():
        assert ("a dull ache" in page, Change.objects.filter(action=Action.READ).exists()) == (False, False)


def test_moving_to_another_time_and_dentist(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    wish = {"date": cast.monday, "time": "10:10", "dentist": str(cast.okafor.pk)}
    answer = desk.post(f"/desk/visits/{visit.pk}/move", wish)
    moved = stored(visit)
    assert answer["Location"] == f"/desk/?date={cast.monday}#visit-{visit.pk}"
    assert (moved.starts_at, moved.dentist_id, moved.booking_reference) == (
        cast.at(10, 10), cast.okafor.pk, visit.booking_reference,
    )  # fmt: skip


@pytest.mark.parametrize("wish", [{"time": "09:00", "to": "okafor"}, {"time": "10:10", "to": "weber"}])
def test_a_page_drawn_before_the_patient_moved_does_not_move_it_back(
    cast: Cast, desk: Client, wish: dict[str, str]
) -> None:
    visit = visit_on(cast, 9)
    page = desk.get(f"/desk/visits/{visit.pk}").content.decode()
    moving.reschedule(cast.as_admin, visit.pk, start=cast.at(14))
    sent = pressed(page, "sequence") | {"date": cast.monday, "time": wish["time"]}
    sent |= {"dentist": str({"okafor": cast.okafor, "weber": cast.weber}[wish["to"]].pk)}
    answer = desk.post(f"/desk/visits/{visit.pk}/move", sent, follow=True)
    told = [(one.level_tag, str(one)) for one in answer.context["messages"]]
    assert (answer.redirect_chain, told) == (
        [(f"/desk/visits/{visit.pk}", 302)], [("error", "This page has changed in the meantime.")],
    )  # fmt: skip
    assert (stored(visit).starts_at, stored(visit).dentist_id) == (cast.at(14), cast.weber.pk)
    sent |= pressed(answer.content.decode(), "sequence")
    assert desk.post(f"/desk/visits/{visit.pk}/move", sent)["Location"] == f"/desk/?date={cast.monday}#visit-{visit.pk}"


def test_moving_pressed_twice_on_one_page_is_moved(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    sent = pressed(desk.get(f"/desk/visits/{visit.pk}").content.decode(), "sequence")
    sent |= {"date": cast.monday, "time": "10:00", "dentist": str(cast.weber.pk)}
    answers = [desk.post(f"/desk/visits/{visit.pk}/move", sent)["Location"] for _press in range(2)]
    assert (answers[0] == answers[1], stored(visit).starts_at, stored(visit).sequence) == (True, cast.at(10), 1)


def test_moving_onto_another_visit_tells_the_nearest(cast: Cast, desk: Client) -> None:
    visit, _other = visit_on(cast, 9), visit_on(cast, 10, "Olga Other")
    wish = {"date": cast.monday, "time": "10:00", "dentist": str(cast.weber.pk)}
    page = desk.post(f"/desk/visits/{visit.pk}/move", wish)
    assert (page.status_code, page.context["move_form"].errors["time"]) == (
        422, ["Somebody else has just taken this time."],
    )  # fmt: skip
    assert (len(page.context["alternatives"]), stored(visit).starts_at) == (5, cast.at(9))


def test_only_colleagues_who_offer_it_and_are_free_can_have_it(cast: Cast, desk: Client) -> None:
    early, late = visit_on(cast, 9), visit_on(cast, 10, "Olga Other")
    filled = visit_on(cast, 14, "Fay Filling", treatment=cast.filling.pk)
    visit_on(cast, 10, "Busy Person", dentist=cast.okafor.pk)
    offered = [
        [one.name for one in desk.get(f"/desk/visits/{one.pk}").context["colleagues"]] for one in (early, late, filled)
    ]
    assert offered == [["Dr. Chidi Okafor"], [], []]


def test_cancelling_with_a_reason(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    desk.post(f"/desk/visits/{visit.pk}/cancel", {"reason": "Called: has a cold"})
    told = stored(visit)
    assert (told.status, told.cancellation_reason, told.cancelled_by) == ("cancelled", "Called: has a cold", "desk")


def absent(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"dentist": str(cast.weber.pk), "date": cast.monday, "until": cast.monday} | changes


def test_an_absence_shows_each_visit_with_a_colleague_who_is_free(cast: Cast, desk: Client) -> None:
    early, late = visit_on(cast, 9), visit_on(cast, 10, "Olga Other")
    visit_on(cast, 10, "Busy Person", dentist=cast.okafor.pk)
    page = desk.get("/desk/absence", absent(cast))
    assert [(hit.visit.pk, hit.chosen) for hit in page.context["hits"]] == [
        (early.pk, str(cast.okafor.pk)), (late.pk, ""),
    ]  # fmt: skip


def test_a_whole_column_is_handed_over_cancelled_and_closed_at_once(cast: Cast, desk: Client) -> None:
    early, late, third = visit_on(cast, 9), visit_on(cast, 10, "Olga Other"), visit_on(cast, 11, "Tia Third")
    visit_on(cast, 10, "Busy Person", dentist=cast.okafor.pk)
    sent = absent(cast, off="on", told="Dr. Weber is ill", reason="flu")
    sent |= {f"to-{early.pk}": str(cast.okafor.pk), f"to-{late.pk}": "cancel", f"to-{third.pk}": str(cast.okafor.pk)}
    page = desk.post("/desk/absence", sent, follow=True)
    assert page.redirect_chain == [(f"/desk/?date={cast.monday}", 302)]
    assert [(stored(one).dentist_id, stored(one).status, stored(one).starts_at) for one in (early, late, third)] == [
        (cast.okafor.pk, "confirmed", cast.at(9)),
        (cast.weber.pk, "cancelled", cast.at(10)),
        (cast.okafor.pk, "confirmed", cast.at(11)),
    ]
    with db.as_owner():
        assert list(TimeOff.objects.values_list("dentist", "starts_at", "ends_at", "reason")) == [
            (cast.weber.pk, cast.at(0), cast.at(0, days=1), "flu")
        ]
        assert Appointment.objects.get(pk=late.pk).cancellation_reason == "Dr. Weber is ill"
    assert [str(one) for one in page.context["messages"]] == [
        "2 visits are with colleagues now.", "1 visit is cancelled.",
    ]  # fmt: skip


def test_a_second_desk_that_does_the_same_absence_is_told_and_notes_it_once(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    sent = absent(cast, off="on") | {f"to-{visit.pk}": str(cast.okafor.pk)}
    told = [[str(one) for one in desk.post("/desk/absence", sent, follow=True).context["messages"]] for _desk in "ab"]
    assert told == [["1 visit is with a colleague now."], ["Somebody else has seen to 1 of these visits."]]
    with db.as_owner():
        assert TimeOff.objects.count() == 1


def test_how_somebody_is_reached_reads_as_it_is_dialled(cast: Cast, desk: Client) -> None:
    visit = visit_on(cast, 9)
    with db.as_owner():
        Appointment.objects.filter(pk=visit.pk).update(patient_phone="+493023125622")
    link = '<a href="tel:+493023125622">+49 30 23125622</a>'
    pages = [
        desk.get(path).content.decode()
        for path in (f"/desk/visits/{visit.pk}", f"/desk/absence?dentist=eva-weber&date={cast.monday}")
    ]
    assert [link in page for page in pages] == [True, True]


def test_one_that_cannot_be_handed_over_keeps_no_other(cast: Cast, desk: Client) -> None:
    early, filled = visit_on(cast, 9), visit_on(cast, 14, "Fay Filling", treatment=cast.filling.pk)
    sent = absent(cast) | {f"to-{early.pk}": str(cast.okafor.pk), f"to-{filled.pk}": str(cast.okafor.pk)}
    page = desk.post("/desk/absence", sent, follow=True)
    assert (stored(early).dentist_id, stored(filled).dentist_id) == (cast.okafor.pk, cast.weber.pk)
    assert [hit.visit.pk for hit in page.context["hits"]] == [filled.pk]
    assert "Fay Filling: This dentist does not offer this treatment." in [str(one) for one in page.context["messages"]]


def test_two_at_the_same_time_are_not_given_to_one_colleague(cast: Cast, desk: Client) -> None:
    """The visits of two days and a colleague with one free hour: each gets what is left."""
    with db.as_owner():
        Offer.objects.create(dentist=cast.okafor, treatment=cast.filling)
    first = visit_on(cast, 9)
    second = visit_on(cast, 9, "Olga Other", minute=45, treatment=cast.filling.pk)  # from 9:40 with its buffer
    visit_on(cast, 9, "Busy Person", dentist=cast.okafor.pk)
    page = desk.get("/desk/absence", absent(cast))
    assert {hit.visit.pk: hit.chosen for hit in page.context["hits"]} == {first.pk: "", second.pk: str(cast.okafor.pk)}


def test_a_whole_column_goes_to_the_next_free_times(cast: Cast, desk: Client) -> None:
    visits = [visit_on(cast, 9), visit_on(cast, 10, "Olga Other"), visit_on(cast, 11, "Fay", treatment=cast.filling.pk)]
    cast.booked(cast.nobody("busy"), cast.at(9, days=1), contact=cast.guest("Busy Person"))
    hits = desk.get("/desk/absence", absent(cast, all="later")).context["hits"]
    later = [cast.at(9, 30, days=1), cast.at(10, days=1), cast.at(10, 45, days=1)]
    assert [(hit.visit.pk, hit.later.start, hit.later.dentist_id) for hit in hits] == [
        (one.pk, start, cast.weber.pk) for one, start in zip(visits, later, strict=True)
    ]
    assert [hit.chosen for hit in hits] == [hit.later.key for hit in hits]
    sent = absent(cast, off="on") | {f"to-{hit.visit.pk}": hit.chosen for hit in hits}
    page = desk.post("/desk/absence", sent, follow=True)
    assert [stored(one).starts_at for one in visits] == later
    assert [str(one) for one in page.context["messages"]] == ["3 visits have a new time."]


def test_cancelling_is_proposed_for_all_on_request(cast: Cast, desk: Client) -> None:
    visit_on(cast, 9), visit_on(cast, 10, "Olga Other")
    hits = desk.get("/desk/absence", absent(cast, all="cancel")).context["hits"]
    assert [hit.chosen for hit in hits] == ["cancel", "cancel"]


@pytest.mark.parametrize("changes", [{"until": "2020-01-01"}, {"dentist": "nobody"}, {"date": "soon"}])
def test_an_absence_that_is_none_is_told(cast: Cast, desk: Client, changes: dict[str, str]) -> None:
    assert desk.post("/desk/absence", absent(cast, **changes)).status_code == 422
