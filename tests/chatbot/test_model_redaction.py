"""What leaves for a language model: canaries that are told in many ways, and none of them in what it receives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from chatbot.dialogue import Caller
from chatbot.model.redaction import about_health, cleaned
from chatbot.model.words import PLAIN
from tests.chatbot.dialogue_script import DETAILS
from tests.chatbot.dialogue_world import CLINIC, Practice
from tests.chatbot.model_fake import FakeModel, phrased, understood
from tests.chatbot.model_talk import Helped

pytestmark = pytest.mark.xdist_group("model")  # its libraries are loaded once

TODAY = date(2026, 11, 18)


def left(text: str, *personal: str, health: bool = False, language: str = "en") -> str:
    return cleaned(text, CLINIC, personal, today=TODAY, health=health, language=language).text


NAMES = ("Quillon", "Zoë", "Anneliese", "O'Brien-Smythe", "Nguyễn", "Xu", "Björnstad")
AROUND = (
    "{} here, can you squeeze me in", "hmm, it is for {} and me", "this is {0} {0}, let me think", "tell {} to wait",
    "i am {} and i work late", "with my wife {}, if possible", "ich bin {}, passt das irgendwann", "für {} bitte",
)  # fmt: skip


@pytest.mark.parametrize(("around", "name"), list(product(AROUND, NAMES)))
def test_names_stay(around: str, name: str) -> None:
    for written in (name, name.lower(), name.upper()):
        said = around.format(written)
        for language in ("en", "de"):
            assert name.casefold() not in left(said, language=language).casefold()


@pytest.mark.parametrize(
    ("said", "canary"),
    [
        ("mail me at quillon@example.org or so", "quillon"),
        ("quillon at example dot org is mine", "quillon"),
        ("call 0170 123 45 67 when you can", "123"),
        ("+49 (30) 555-0199 is my number", "0199"),
        ("about DC-7KQ2M9, let me ponder", "7KQ"),
        ("about dc 7kq 2m9, let me ponder", "7kq"),
        ("i was born 24.5.1985, does it matter", "1985"),
        ("born on 1985-05-24", "05-24"),
        ("i am from 1985 you know", "1985"),
        ("insured as A123456789", "123456789"),
        ("see https://quillon.example/x?y=1", "quillon"),
        ("look at quillon.de for it", "quillon"),
        ("i live at 12 Sycamore Drive in Penzance", "Sycamore"),
        ("i live at 12 sycamore drive in penzance", "penzance"),
        ("my doctor says hydroxychloroquine is fine", "hydroxy"),
        ("i have hiv and hepatitis", "hepatitis"),
        ("my pin is 4711", "4711"),
    ],
)
def test_contacts_numbers_and_rare_words_stay(said: str, canary: str) -> None:
    assert canary not in left(said)
    assert canary in said


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("call me on 030, 555, 0100", "call me on [number]"),
        ("030_555_0100 or 030:555:0100", "[number] or [number]"),
        ("0170 then 555 then 0100", "[number] then [number] then [number]"),
        ("²³⁴⁵⁶ or 0️⃣1️⃣7️⃣0️⃣5️⃣", "[number] or [number]"),
        ("on oh one seven oh, five five five", "on [number]"),
        ("null eins sieben null fünf fünf fünf", "[number]"),
        ("born 1.2.85", "born [number]"),
        ("5/6/90 or 3 4 71", "[number] or [number]"),
        (
            "born on the fifth of may nineteen eighty five",
            "born on the [number] of [number] [number] [number] [number]",
        ),
        ("geboren am 24. Mai 85", "geboren am [number] . [number] [number]"),
        ("klein(at)gmx.de", "[email]"),
        ("long at web.de", "[email]"),
        ("lang bei web punkt de", "[email]"),
        ("winter dot may at gmail", "[email]"),
        ("DC/7KQ/2M9", "[reference]"),
        ("hier ist frau lang", "hier ist frau [name]"),
        ("herr gut möchte morgen", "herr [name] möchte morgen"),
        ("mrs long and mr may", "mrs [name] and mr [name]"),
        ("winter here", "[name] here"),
        ("sommer ist mein name", "[name] ist mein name"),
        ("for my daughter hope on monday", "for my daughter [name] on monday"),
    ],
)
def test_odd_writing_hides_nobody(said: str, wanted: str) -> None:
    assert left(said, language="de" if "ist" in said or "möchte" in said else "en") == wanted


def test_hours_and_days_beside_each_other_leave() -> None:
    for said in (
        "between 10:30-11:30",
        "3.12. 10:30",
        "on 1.2.27 at 9",
        "at 9, 10",
        "at 930 or 1430",
        "my wife will come",
    ):
        assert left(said).replace(" ,", ",") == said


def test_what_is_known_of_the_person_stays_though_it_is_a_word() -> None:
    assert (
        left("Hope and Will May can come in May", "Hope May", "Will") == "[name] and [name] [name] can come in [name]"
    )
    assert left("it is for Hope, in May or on Monday") == "it is for [name], in May or on Monday"
    assert left("es ist für Klein, am Abend gern", language="de") == "es ist für [name], am [name] gern"


def test_dentists_are_numbers() -> None:
    assert left("with Dr Okafor but not weber, tomorrow") == "with [D2] but not [D1] , tomorrow"


def test_hours_days_and_the_clinics_own_words_leave() -> None:
    for said in (
        "at 10:30 or 3pm on the 3rd, not 14.30",
        "on 24.11.2026 or in 2027",
        "a root canal treatment or braces",
        "Professional cleaning at half past 5",
    ):
        assert left(said).replace(" ,", ",") == said


def test_a_slip_of_the_finger_leaves_as_the_word_that_was_meant() -> None:
    assert left("tommorow afternon, prefferably") == "tomorrow afternoon, preferably"


def test_markup_and_signs_stay() -> None:
    assert left("<b>please</b> 😀 {{7*7}} \u202etomorrow `x`") == "[word] please /[word] [number] tomorrow [word]"


def test_words_about_health_are_not_among_the_plain_ones() -> None:
    assert sorted(PLAIN & {"pain", "bleeding", "swollen", "abscess", "schmerzen", "blut", "geschwollen", "eiter"}) == []
    assert about_health() >= {"bleeding", "swollen", "geschwollen"}
    assert (left("swollen gums"), left("swollen gums", health=True)) == ("[word] [word]", "swollen gums")


@pytest.mark.parametrize("health", [False, True])
def test_nothing_of_the_person_is_received(fake: FakeModel, health: bool) -> None:
    """A whole conversation of somebody with an account, with a model that is asked as often as it can be."""
    caller = Caller(True, "Zyxomma Quillon", "zyx@example.org", "+493012345678", date(1985, 5, 24))
    practice = Practice(world=replace(CLINIC, caller=caller))
    fake.says(understood(topics=["hours"]), phrased("{0}"))
    chat = Helped(fake.settings(health=health, phrases=True), practice)
    chat.say(
        "Zyxomma hmm, let me ponder", "I'd fancy a descale for zyxomma, zyx@example.org, 030 12345678, quillon family"
    )
    chat.say("cleaning next week, nothing hurts", "hmm the middle one, says Quillon")
    chat.pick()
    chat.say("go ahead and make it so for Quillon, DC-7KQ2M9")
    heard = "".join(fake.heard).casefold()
    assert len(fake.heard) >= 4
    assert [one for one in ("zyx", "quillon", "12345678", "7kq2m9", "1985", "weber", "okafor") if one in heard] == []
    assert DETAILS[1] not in heard
