"""What holds whatever is said, pressed and answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatbot.dialogue import (
    AlreadyBooked,
    BadDetail,
    BookVisit,
    CancelVisit,
    CutoffPassed,
    FindSlots,
    Held,
    HoldExpired,
    HoldSlot,
    ListVisits,
    LookUpVisit,
    Message,
    MoveVisit,
    NoSuchVisit,
    Refused,
    Released,
    ReleaseHold,
    Reply,
    Request,
    Result,
    SignInNeeded,
    Slot,
    SlotsFound,
    SlotTaken,
    State,
    TooManyHolds,
    Turn,
    Unavailable,
    Visit,
    VisitBooked,
    VisitCancelled,
    VisitMoved,
    VisitsFound,
    begin,
    dump,
    greet,
    load,
    resume,
)
from chatbot.dialogue.engine import MOST_ROUNDS
from tests.chatbot.dialogue_world import NOW, Practice

PLAYED = Practice()
SLOTS = [
    slot
    for treatment in ("t-clean", "t-check", "t-pain")
    for slot in PLAYED.slots(treatment)[:: len(PLAYED.slots(treatment)) // 9]
]
OVER = Slot("over", "t-clean", "d-weber", "Dr. Jonas Weber", NOW - timedelta(days=1), NOW)
VISITS = tuple(Practice().visit(slot, f"DC-AAAAA{2 + at}", can_change=at != 2) for at, slot in enumerate(SLOTS[:4]))
YES_IN_WORDS = ("yes", "ja", "Yes, book it", "yes please", "ja, bitte buchen", "OK")

SAID = (
    *YES_IN_WORDS, "no", "nein", "cleaning tomorrow at 10 with Weber", "check-up friday", "toothache", "I can't breathe",
    "my face is swollen", "not Weber, Okafor", "no, Friday rather", "later", "more", "the first one", "2", "Ana Ruiz",
    "ana@example.org", "030 1234567", "24 May 1985", "back", "start over", "never mind", "cancel my appointment",
    "move my appointment to monday", "DC-AAAAA2", "my visits", "opening hours?", "what does it cost", "you misunderstood me",
    "talk to a person", "wisdom tooth removal", "implant", "Zahnreinigung morgen", "zurück", "anyone", "any time", "yes but no",
    "don't book it", "not yes", "next friday at 7", "30 February", "for my son", "I'm Eva Lang, eva@example.org, 030 7654321",
    "severe pain, painkillers don't help", "", " ", "{0} {name} %s", "asap", "in english", "auf deutsch bitte",
)  # fmt: skip
DETAILS = (
    "yes",
    "cleaning tomorrow at 10 with Weber",
    "I'm Eva Lang, eva@example.org, 030 7654321",
    "DC-AAAAA2",
    "monday at 9",
)
PRESSED = (
    "back", "restart", "human", "more", "any_time", "refresh", "sign:hygiene", "sign:toothache", "sign:nothing", "other",
    "answer:airway:no", "answer:airway:yes", "answer:x:y", "answer:airway", "well:no", "well:yes", "treatment:t-check",
    "treatment:none", "dentist:d-weber", "dentist:any", "dentist:?", "day:0", "day:²", "visits", "book", "visit:v-DC-AAAAA2",
    "move", "cancel", "keep", "reference", "other_time", "other_person", "abort", "misunderstood", "language:de", "yes:3", "yes:",
    "yes", "slot:", "slot:over", "slot:made-up", ":", "hours", "prices",
)  # fmt: skip


class Press:
    """Presses the button at this place of whatever reply is on show; its slots come first."""

    def __init__(self, place: int) -> None:
        self.place = place

    def __repr__(self) -> str:
        return f"Press({self.place})"

    def on(self, reply: Reply) -> Message:
        ids = [*(slot.id for slot in reply.slots), *(choice.id for choice in reply.choices)]
        return Message(choice=ids[self.place % len(ids)])


@dataclass(frozen=True)
class Oddity:
    """An answer other than the usual one: mostly of a kind that the request can get, sometimes of any."""

    place: int
    slots: tuple[Slot, ...]
    visits: tuple[Visit, ...]
    seconds: int

    def answer(self, request: Request) -> Result:
        others = (SlotTaken(self.slots), HoldExpired(self.slots), AlreadyBooked(), Refused("odd", "No."), Unavailable())
        visit = self.visits[0] if self.visits else VISITS[0]
        fitting: dict[type, tuple[Result, ...]] = {
            FindSlots: (SlotsFound(self.slots), SlotsFound(self.slots), SlotsFound(()), Unavailable()),
            HoldSlot: (Held("odd", NOW + timedelta(seconds=self.seconds)), TooManyHolds(), *others),
            ReleaseHold: (Released(), Unavailable()),
            BookVisit: (
                VisitBooked(visit, pending=True),
                *(BadDetail(field) for field in ("name", "email", "phone", "birth_date", "shoe_size")),
                Refused("too_young"),
                *others,
            ),
            ListVisits: (VisitsFound(self.visits), SignInNeeded(), Unavailable()),
            LookUpVisit: (VisitsFound(self.visits), NoSuchVisit(), Refused("throttled")),
            MoveVisit: (VisitMoved(visit), CutoffPassed(), *others),
            CancelVisit: (VisitCancelled(), CutoffPassed(), Refused("odd")),
        }
        kinds = fitting[type(request)]
        every = tuple(result for listed in fitting.values() for result in listed)
        return every[self.place % len(every)] if self.place % 7 == 0 else kinds[self.place % len(kinds)]


oddities = st.builds(
    Oddity,
    st.integers(0, 1000),
    st.lists(st.sampled_from([*SLOTS, OVER]), max_size=5).map(tuple),
    st.lists(st.sampled_from(VISITS), max_size=3).map(tuple),
    st.integers(-600, 600),
)
messages = st.one_of(
    st.sampled_from(SAID).map(lambda text: Message(text=text)),
    st.sampled_from(DETAILS).map(lambda text: Message(text=text)),
    st.integers(0, 20).map(Press),
    st.just(Press(0)),
    st.sampled_from(PRESSED).map(lambda choice: Message(choice=choice)),
    st.text(max_size=60).map(lambda text: Message(text=text)),
)
turns = st.lists(st.tuples(messages, st.lists(st.none() | oddities, max_size=2), st.integers(0, 400)), max_size=12)
ME = "I'm Eva Lang, eva@example.org, 030 7654321"
openings = st.sampled_from(
    [
        (),
        ("cleaning",),
        ("cleaning tomorrow with Weber", "the second"),
        (f"check-up tomorrow at 10 with Okafor. {ME}",),
        ("toothache", "no", "none", "no", "bearable"),
        (f"severe toothache, painkillers don't help. {ME}", "no", "none", "no"),
        ("cancel my appointment", "DC-AAAAA2", "ana@example.org"),
        ("move my appointment to friday at 9", "DC-AAAAA2 ana@example.org"),
        (f"cleaning tomorrow at 10 with Weber. {ME}", "yes"),
        ("Zahnreinigung nächste Woche bei Okafor", "die erste"),
    ]
)


class Watch:
    """Plays a conversation and looks at every turn."""

    def __init__(self) -> None:
        self.practice = Practice()
        for number, slot in enumerate(SLOTS[:2]):
            visit = self.practice.visit(slot, f"DC-AAAAA{2 + number}")
            self.practice.emails[visit.reference] = "ana@example.org"
        opened = greet(self.practice.world, self.practice.now)
        self.issued: set[str] = set()
        self.shown = self.reply_of(opened)
        self.state = opened.state

    def reply_of(self, turn: Turn) -> Reply:
        assert turn.reply is not None
        return turn.reply

    def play(self, message: Message | Press, answers: Sequence[Oddity | None], seconds: int) -> None:
        self.practice.now += timedelta(seconds=seconds)
        sent = message.on(self.shown) if isinstance(message, Press) else message
        before = self.state
        turn = begin(self.stored(before), sent, self.practice.world, self.practice.now)
        if isinstance(turn.request, BookVisit | MoveVisit | CancelVisit):
            self.check_yes(turn.request, sent, before)
        queue = list(answers)
        for _ in range(MOST_ROUNDS):
            assert (turn.reply is None) != (turn.request is None)
            if turn.request is None:
                break
            self.check_request(turn.request)
            oddity = queue.pop(0) if queue else None
            given = self.practice(turn.request) if oddity is None else oddity.answer(turn.request)
            self.note_issued(given)
            turn = resume(self.stored(turn.state), given, self.practice.world, self.practice.now)
            assert not isinstance(turn.request, BookVisit | MoveVisit | CancelVisit), "written without a yes"
        self.shown = self.reply_of(turn)
        self.state = self.stored(turn.state)
        self.check_reply(self.shown)

    def stored(self, state: State) -> State:
        again = load(json.loads(json.dumps(dump(state))))
        assert again == state
        return again

    def note_issued(self, result: Result) -> None:
        slots = getattr(result, "slots", ()) or getattr(result, "alternatives", ())
        self.issued |= {slot.token for slot in slots}

    def check_yes(self, request: Request, sent: Message, before: State) -> None:
        """Only a yes to the read-back that was the last thing said."""
        wanted = {"BookVisit": "confirm", "MoveVisit": "confirm_move", "CancelVisit": "confirm_cancel"}
        assert self.shown.step == wanted[type(request).__name__]
        buttons = {choice.id: choice.label for choice in self.shown.choices if choice.id.startswith("yes:")}
        assert len(buttons) == 1
        assert sent.choice in buttons or sent.text in YES_IN_WORDS
        if isinstance(request, BookVisit):
            assert request.slot.token == before.facts.slot
            for told in (request.person.name, request.person.email, request.person.phone, request.slot.dentist_name):
                assert told in self.shown.text

    def check_request(self, request: Request) -> None:
        if isinstance(request, HoldSlot | BookVisit | MoveVisit):
            assert request.slot.token in self.issued

    def check_reply(self, reply: Reply) -> None:
        assert reply.text.strip()
        assert reply.choices
        assert {"human"} <= {choice.id for choice in reply.choices}
        assert {slot.token for slot in reply.slots} <= self.issued
        assert all(slot.start > self.practice.now for slot in reply.slots)
        if (
            reply.urgency is not None
            and reply.urgency.band.startswith("emergency")
            and reply.step not in ("visits", "visit")
        ):
            assert not reply.slots
        if reply.urgency is not None and reply.urgency.band == "urgent" and self.state.facts.task == "book":
            assert all(slot.start <= self.practice.now + timedelta(hours=24) for slot in reply.slots)


@settings(max_examples=80, deadline=None)
@given(openings, turns)
@example(
    (f"cleaning tomorrow at 10 with Weber. {ME}",),
    [
        (Message(text="OK"), [Oddity(3, tuple(SLOTS), (), 0)], 0),
        (Press(0), [], 0),
        (Message(text="ja"), [], 400),
    ],
)
def test_any_conversation_keeps_its_promises(
    opening: tuple[str, ...], conversation: list[tuple[Message | Press, list[Oddity | None], int]]
) -> None:
    watch = Watch()
    for text in opening:
        watch.play(Message(text=text), [], 1)
    for message, answers, seconds in conversation:
        watch.play(message, answers, seconds)


def test_the_watch_sees_a_whole_booking() -> None:
    """The checks above are not idle: this conversation books, moves and cancels under them."""
    watch = Watch()
    for text in (
        "cleaning tomorrow at 10 with Weber", "I'm Eva Lang, eva@example.org, 030 7654321", "yes", "move it to friday at 9",
        "yes", "cancel it", "yes",
    ):  # fmt: skip
        watch.play(Message(text=text), [], 1)
    kinds = [type(request) for request in watch.practice.asked]
    assert [kinds.count(kind) for kind in (BookVisit, MoveVisit, CancelVisit)] == [1, 1, 1]
