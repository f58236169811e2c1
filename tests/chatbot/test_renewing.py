"""Offers that follow what is free: what is taken is replaced near by, what is all gone is looked for anew, once."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from appointments.models import Appointment
from availability import schedule
from availability.models import Closure, WorkingHours
from availability.reservations import release, reserve
from availability.schedule import WeeklyInterval
from chatbot.conversations import Told, begin, latest, renew, say, show
from chatbot.models import Conversation
from clinic.core import clock, db
from clinic.core.actor import Actor
from clinic.core.errors import NotFound
from tests.api.calling import Caller
from tests.factories import Cast, make_user

WISH = "check-up on {day} with Dr. Weber, nothing hurts"


@pytest.fixture
def nobody(cast: Cast) -> Actor:
    return cast.nobody("somebody who chats")


def offered(cast: Cast, actor: Actor, wish: str = WISH) -> Told:
    """A conversation in which times of that Monday are on show."""
    told = begin(actor, "en")
    say(actor, told.id, text=wish.format(day=f"{cast.monday:%-d %B %Y}"))
    told = show(actor, told.id)
    assert told.step == "slot", told
    return told


def slots(told: Told) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told.messages[-1]["slots"]
    return found


def start(slot: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(slot["start"])


def take(cast: Cast, slot: dict[str, Any]) -> None:
    cast.booked(cast.as_ben, start(slot), dentist=UUID(slot["dentist_id"]), contact=cast.guest("Ben Krause"))


def close(cast: Cast) -> None:
    with db.as_owner():
        Closure.objects.create(date=cast.monday, name="Water damage")


def events(told: Told) -> int:
    with db.as_owner():
        query = "SELECT count(*) FROM realtime_events WHERE %s = ANY (channels)"
        return int(db.value(query, [f"conversation.{told.id}"]))


def test_what_somebody_takes_stays_greyed_and_the_nearest_like_it_comes_beside_it(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    before = slots(told)
    take(cast, before[1])
    now = slots(renewed := renew(nobody, told.id))
    assert len(renewed.messages) == len(told.messages), "nothing is said: it is the same offer"
    assert [slot["id"] for slot in now[: len(before)]] == [slot["id"] for slot in before], "what stays does not move"
    assert [slot["available"] for slot in now] == [number != 1 for number in range(len(before) + 1)]
    new = now[-1]
    assert new["dentist_id"] == str(cast.weber.pk)
    assert start(new).date() == cast.monday
    free = [cast.at(hour, minute) for hour in range(9, 17) for minute in (0, 15, 30, 45)]
    lost, others = start(before[1]), [start(slot) for slot in before]
    near = [one for one in free if one not in others and abs(one - lost) >= timedelta(minutes=30)]
    assert abs(start(new) - lost) == min(abs(one - lost) for one in near)
    assert say(nobody, told.id, choice=new["id"]).step == "name", "it can be had"


def test_twice_is_once(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    take(cast, slots(told)[0])
    first = renew(nobody, told.id)
    assert renew(nobody, told.id) == first
    assert events(told) == 2, "the beginning and the offer: a page hears of what is free by itself"


def test_what_is_free_again_can_be_had_again(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    first = slots(told)[0]
    held = reserve(cast.as_ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=start(first))
    assert next(slot["available"] for slot in slots(renew(nobody, told.id))) is False
    release(cast.as_ben, held.id)
    again = slots(renew(nobody, told.id))
    assert all(slot["available"] for slot in again)
    assert say(nobody, told.id, text="the first one").step == "name"
    with db.as_owner():
        assert start(first) == db.value("SELECT starts_at FROM availability_reservation")


def test_ones_own_hold_is_no_loss(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    say(nobody, told.id, choice=slots(told)[0]["id"])
    say(nobody, told.id, choice="other_time")
    assert renew(nobody, told.id) == show(nobody, told.id)


def test_a_dentist_who_changes_hours_changes_the_offers(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    hours = [WeeklyInterval(0, time(13), time(15), "everyone")]
    schedule.set_weekly_hours(cast.as_dentist(cast.weber), cast.weber.pk, hours)
    free = [slot for slot in slots(renew(nobody, told.id)) if slot["available"]]
    assert len(free) == len(slots(told))
    assert all(time(13) <= clock.local(start(slot)).time() <= time(14, 30) for slot in free)


def test_when_nothing_like_them_is_left_the_bot_says_what_is(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    close(cast)
    renewed = renew(nobody, told.id)
    assert [one["role"] for one in renewed.messages] == ["bot", "user", "bot", "bot"]
    assert "Nothing is free then" in renewed.messages[-1]["text"]
    assert [slot["available"] for slot in renewed.messages[-2]["slots"]] == [False] * len(slots(told))
    assert {start(slot).date() == cast.monday for slot in slots(renewed)} == {False}
    assert all(slot["available"] for slot in slots(renewed))
    assert renew(nobody, told.id) == renewed
    assert events(told) == 3, "other pages of whoever began it hear of the message"
    assert say(nobody, told.id, choice=slots(renewed)[0]["id"]).step == "name"


def test_when_nothing_is_free_at_all_the_bot_says_whom_to_call(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    with db.as_owner():
        WorkingHours.objects.all().delete()
    renewed = renew(nobody, told.id)
    assert (renewed.step, slots(renewed)) == ("nothing_free", [])
    assert renew(nobody, told.id) == renewed


def test_an_exact_time_that_is_free_again_is_offered_and_held_for_nobody(cast: Cast, nobody: Actor) -> None:
    held = reserve(cast.as_ben, dentist=cast.weber.pk, treatment=cast.checkup.pk, start=cast.at(10))
    told = offered(cast, nobody, "check-up on {day} at 10:00 with Dr. Weber, nothing hurts")
    assert cast.at(10) not in [start(slot) for slot in slots(told)]
    release(cast.as_ben, held.id)
    take(cast, slots(told)[-1])
    renewed = renew(nobody, told.id)
    assert (renewed.step, start(slots(renewed)[-1])) == ("slot", cast.at(10))
    with db.as_owner():
        assert db.value("SELECT count(*) FROM availability_reservation") == 0


def test_nobody_else_renews_it(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    take(cast, slots(told)[0])
    for other in (cast.as_ana, cast.as_admin, cast.nobody("another browser")):
        with pytest.raises(NotFound):
            renew(other, told.id)
    assert len(slots(show(nobody, told.id))) == len(slots(told))


def test_bots_renew_over_rest(cast: Cast) -> None:
    begun = Caller().post("chatbot/conversations", {"language": "en"}).json
    path, shown = f"chatbot/conversations/{begun['id']}", {"Conversation_Token": begun["token"]}
    wish = WISH.format(day=f"{cast.monday:%-d %B %Y}")
    offer = Caller().post(f"{path}/messages", {"text": wish}, **shown).json["messages"][-1]["slots"]
    take(cast, offer[0])
    answer = Caller().post(f"{path}/offers", **shown)
    assert answer.status == 200, answer
    assert [slot["available"] for slot in answer.json["messages"][-1]["slots"]] == [False] + [True] * len(offer)
    assert Caller().get(path, **shown).json == answer.json
    assert Caller().post(f"{path}/offers").told == (404, "not_found", [])


def test_the_latest_conversation_is_gone_on_with_for_a_day(cast: Cast, nobody: Actor) -> None:
    assert latest(nobody) is None
    first, second = begin(nobody), begin(nobody)
    assert latest(nobody) == second.id
    say(nobody, first.id, text="hello")
    assert latest(nobody) == first.id
    assert (latest(cast.as_ana), latest(cast.nobody(""))) == (None, None)
    with db.as_owner():
        Conversation.objects.update(updated_at=clock.now() - timedelta(hours=24, minutes=1))
    assert latest(nobody) is None


def test_a_bot_goes_on_with_nobodys(cast: Cast) -> None:
    with db.as_owner():
        bea = make_user("Bea Bot", "bot")
    begin(cast.as_(bea))
    assert latest(cast.as_(bea)) is None


def test_hours_kept_for_urgent_people_stay_offered_after_a_question_in_between(cast: Cast, nobody: Actor) -> None:
    kept = [WeeklyInterval(day, time(0), time(23, 45), "urgent") for day in range(7)]
    for dentist in (cast.weber, cast.okafor):
        schedule.set_weekly_hours(cast.as_dentist(dentist), dentist.pk, kept)
    told = begin(nobody, "en")
    for text in ("terrible toothache, painkillers don't help", "no", "none", "no"):
        say(nobody, told.id, text=text)
    if show(nobody, told.id).step == "treatment":
        say(nobody, told.id, text="check-up")
    for question in ("", "what does it cost?"):
        if question:
            say(nobody, told.id, text=question)
        shown = show(nobody, told.id)
        assert (shown.step, {slot["available"] for slot in slots(shown)}) == ("slot", {True})
    taken = slots(shown)[-1]
    reserve(cast.as_desk, dentist=UUID(taken["dentist_id"]), treatment=cast.checkup.pk, start=start(taken), urgent=True)
    now = slots(renew(nobody, told.id))
    assert [slot["available"] for slot in now[-2:]] == [False, True]


def test_an_urgent_time_that_was_said_yes_to_is_booked_though_a_page_holds_another(cast: Cast, nobody: Actor) -> None:
    kept = [WeeklyInterval(day, time(0), time(23, 45), "urgent") for day in range(7)]
    schedule.set_weekly_hours(cast.as_dentist(cast.weber), cast.weber.pk, kept)
    told = begin(nobody, "en")
    for text in ("terrible toothache, painkillers don't help", "no", "none", "no"):
        say(nobody, told.id, text=text)
    if show(nobody, told.id).step == "treatment":
        say(nobody, told.id, text="check-up")
    picked = next(slot for slot in slots(show(nobody, told.id)) if slot["dentist_id"] == str(cast.weber.pk))
    say(nobody, told.id, choice=picked["id"])
    assert say(nobody, told.id, text="Mia Sample, mia@example.org, 030 7654321").step == "confirm"
    reserve(nobody, dentist=cast.okafor.pk, treatment=cast.checkup.pk, start=cast.at(10))
    assert say(nobody, told.id, text="yes").step == "booked"
    with db.as_owner():
        assert Appointment.objects.get().starts_at == start(picked)


def test_offers_that_are_put_in_place_make_a_conversation_no_younger(cast: Cast, nobody: Actor) -> None:
    told = offered(cast, nobody)
    with db.as_owner():
        Conversation.objects.update(updated_at=cast.at(9) - timedelta(days=60))
        [before] = Conversation.objects.values_list("updated_at", flat=True)
    take(cast, slots(told)[0])
    assert len(slots(renew(nobody, told.id))) > len(slots(told))
    with db.as_owner():
        assert Conversation.objects.get().updated_at == before
