"""What is stored of a conversation, who may listen to it, and how it ends."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import F

from appointments.models import Appointment
from appointments.moving import reschedule
from appointments.transitions import cancel
from chatbot.conversations import begin, forget_old, own, say, show
from chatbot.dialogue import Unavailable
from chatbot.errors import StillAnswering
from chatbot.models import Conversation
from chatbot.tools import Tools
from chatbot.turns import claim, let_go
from clinic.accounts.requests import actor_for
from clinic.core import clock, db
from clinic.core.errors import Malformed, NotFound
from clinic.privacy.erasing import erase_account
from clinic.privacy.exporting import export
from clinic.realtime import channels
from tests.factories import Cast, make_user
from tests.factories.people import PASSWORD

WORDS = ("quillanote", "canaryname", "55501987", "toothache", "schmerz")


def rows() -> list[str]:
    with db.as_owner():
        return [row for (row,) in db.rows("SELECT row::text FROM chatbot_conversation row")]


def events(conversation: UUID) -> list[tuple[str, dict[str, Any]]]:
    with db.as_owner():
        found = db.rows(
            "SELECT kind, body::text FROM realtime_events WHERE %s = ANY (channels) ORDER BY id",
            [f"conversation.{conversation}"],
        )
    return [(kind, json.loads(body)) for kind, body in found]


def test_no_word_of_it_can_be_read_in_the_database(cast: Cast) -> None:
    told = begin(cast.as_ana)
    say(cast.as_ana, told.id, text="I have a toothache, I am Quillanote Canaryname, 030 55501987")
    [row] = rows()
    assert [word for word in WORDS if word in row.casefold()] == []
    assert "toothache" in json.dumps(show(cast.as_ana, told.id).messages)


def test_nobody_else_reads_it_admins_included(cast: Cast) -> None:
    told = begin(cast.as_ana)
    for other in (cast.as_ben, cast.as_admin, cast.as_desk, cast.as_dentist(cast.weber), cast.nobody()):
        with pytest.raises(NotFound):
            show(other, told.id)
        with pytest.raises(NotFound):
            say(other, told.id, text="hello")
    assert len(show(cast.as_ana, told.id).messages) == 1


def test_without_a_key_of_ones_own_nothing_is_begun(cast: Cast) -> None:
    with pytest.raises(Malformed):
        begin(cast.nobody(""))
    assert rows() == []


def test_a_conversation_begun_before_signing_in_goes_on_in_the_same_browser(cast: Cast) -> None:
    told = begin(cast.nobody("this browser"))
    ana = cast.as_ana.with_secret("this browser")
    assert say(ana, told.id, text="hello").messages[0]["text"] == "hello"


def test_each_answer_is_an_event_without_a_word(cast: Cast) -> None:
    told = begin(cast.as_ana)
    say(cast.as_ana, told.id, text="I have a toothache")
    body = {"id": str(told.id)}
    assert events(told.id) == [
        ("conversation.message", body | {"messages": 1}),
        ("conversation.message", body | {"messages": 3}),
    ]


def test_who_began_it_may_listen(cast: Cast) -> None:
    told, anonymous = begin(cast.as_ana), begin(cast.nobody("a secret"))
    channel, detail = channels.find(f"conversation:{told.id}")
    assert channel.authorize(cast.as_ana, detail, "") == f"conversation.{told.id}"
    assert channel.authorize(cast.nobody(""), str(anonymous.id), "a secret") == f"conversation.{anonymous.id}"
    for actor, wanted, token in (
        (cast.as_ben, detail, ""), (cast.as_admin, detail, ""), (cast.nobody(""), detail, ""),
        (cast.nobody(""), str(anonymous.id), "another"), (cast.as_ana, str(uuid4()), ""),
    ):  # fmt: skip
        with pytest.raises(channels.Refused, match="forbidden"):
            channel.authorize(actor, wanted, token)


def test_what_failed_leaves_the_conversation_as_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told = begin(cast.as_ana)

    def breaks(self: Tools, request: object) -> Unavailable:
        raise RuntimeError("out of order")

    with monkeypatch.context() as broken:
        broken.setattr(Tools, "__call__", breaks)
        with pytest.raises(RuntimeError):
            say(cast.as_ana, told.id, text="check-up next week, nothing hurts")
    assert len(show(cast.as_ana, told.id).messages) == 1
    assert say(cast.as_ana, told.id, text="check-up next week, nothing hurts").step == "slot"


def test_a_second_message_waits_for_the_first_but_not_for_ever(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatbot.turns._PATIENCE", 0.1)
    told = begin(cast.as_ana)
    turn, _record = claim(cast.as_ana, told.id)
    with pytest.raises(StillAnswering):
        say(cast.as_ana, told.id, text="hello")
    let_go(cast.as_ana, told.id, turn)
    assert say(cast.as_ana, told.id, text="hello").messages[0]["text"] == "hello"


def test_a_turn_whose_process_died_is_taken_over(cast: Cast) -> None:
    told = begin(cast.as_ana)
    claim(cast.as_ana, told.id)
    with db.as_owner():
        Conversation.objects.update(claimed_at=F("claimed_at") - timedelta(seconds=31))
    assert say(cast.as_ana, told.id, text="hello").messages[0]["text"] == "hello"


def test_a_yes_whose_answer_was_lost_books_once(cast: Cast) -> None:
    ana = cast.as_ana
    told = begin(ana, "en")
    offered = say(ana, told.id, text="check-up next week, nothing hurts")
    read_back = say(ana, told.id, choice=offered.messages[-1]["slots"][0]["id"])
    assert read_back.step == "confirm"
    with db.as_owner():
        [before] = Conversation.objects.values("state", "messages", "said")
    yes = next(one["id"] for one in read_back.messages[-1]["choices"] if one["id"].startswith("yes:"))
    first = say(ana, told.id, choice=yes)
    with db.as_owner():  # as if the process had died before it stored what it had done
        Conversation.objects.update(**before)
    again = say(ana, told.id, choice=yes)
    assert (again.step, again.visit) == ("booked", first.visit)
    with db.as_owner():
        assert Appointment.objects.count() == 1
        Conversation.objects.update(**before)
    cancel(ana, UUID(first.visit))
    anew = say(ana, told.id, choice=yes)
    assert (anew.step, anew.visit == first.visit) == ("booked", False), "a cancelled visit is not said to be booked"
    with db.as_owner():
        assert Appointment.objects.get(pk=anew.visit).status == "confirmed"


def test_what_is_old_is_forgotten_and_what_goes_on_is_not(cast: Cast, settings: Any) -> None:
    settings.CONVERSATIONS_KEPT_DAYS = 30
    old, young = begin(cast.as_ana), begin(cast.as_ana)
    with db.as_owner():
        for one, days in ((old, 31), (young, 29)):
            Conversation.objects.filter(pk=one.id).update(updated_at=F("updated_at") - timedelta(days=days))
    assert (forget_old(), forget_old()) == (1, 0)
    with pytest.raises(NotFound):
        show(cast.as_ana, old.id)
    say(cast.as_ana, young.id, text="hello")
    with db.as_owner():
        Conversation.objects.update(created_at=F("created_at") - timedelta(days=90))
    assert forget_old() == 0


def test_it_goes_with_the_account_and_what_others_said_stays(cast: Cast) -> None:
    with db.as_owner():
        quilla = make_user("Quilla Gone", "patient", email_verified_at=clock.now())
    actor = actor_for(quilla, secret="her browser")
    begin(actor)
    begin(cast.nobody("her browser"))
    others = {begin(cast.as_ana).id, begin(cast.nobody("another browser")).id}
    erase_account(actor, email=quilla.email, password=PASSWORD)
    with db.as_owner():
        assert set(Conversation.objects.values_list("pk", flat=True)) == others


def test_it_can_be_taken_along_and_read(cast: Cast) -> None:
    told = begin(cast.as_ana, "en")
    begin(cast.as_ben)
    say(cast.as_ana, told.id, text="I have a toothache")
    with db.reading(cast.as_ana):
        [one] = export(cast.as_ana)["conversations"]
        assert own(cast.as_ana) == [one]
    assert (one["id"], [message["role"] for message in one["messages"]]) == (str(told.id), ["bot", "user", "bot"])
    assert one["messages"][1]["text"] == "I have a toothache"


def test_visits_are_shown_as_they_are_by_now(cast: Cast) -> None:
    first, second = (cast.booked(cast.as_ana, cast.at(hour)).appointment for hour in (10, 14))
    told = begin(cast.as_ana, "en")

    def buttons(text: str) -> list[str]:
        choices = say(cast.as_ana, told.id, text=text).messages[-1]["choices"]
        return [one["label"].split(" · ")[0] for one in choices if one["id"].startswith("visit:")]

    day = f"{cast.monday:Mon %-d %b}"
    assert buttons("show my visits") == [f"{day}, 10:00", f"{day}, 14:00"]
    cancel(cast.as_ana, first.pk)
    third = cast.booked(cast.as_ana, cast.at(9)).appointment
    reschedule(cast.as_admin, second.pk, start=cast.at(15))
    assert buttons("cancel my appointment") == [f"{day}, 09:00", f"{day}, 15:00"]
    said = say(cast.as_ana, told.id, choice=f"visit:{third.pk}").messages[-1]
    assert (said["step"], "at 09:00" in said["text"]) == ("confirm_cancel", True)
    reschedule(cast.as_admin, third.pk, start=cast.at(11))
    said = say(cast.as_ana, told.id, text="yes").messages[-1]
    assert (said["step"], "has changed" in said["text"], "at 11:00" in said["text"]) == ("confirm_cancel", True, True)
    assert say(cast.as_ana, told.id, text="yes").step == "done"
    with db.as_owner():
        assert Appointment.objects.get(pk=third.pk).status == "cancelled"
