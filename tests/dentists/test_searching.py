"""Dentists found by what people type."""

from __future__ import annotations

import pytest

from dentists.models import Dentist
from dentists.searching import Card, folded, matching

MUELLER = Dentist(name="Dr. Jürgen Müller")
WEBER = Dentist(name="Dr. Eva Weber")
OKAFOR = Dentist(name="Dr. Chidi Okafor")
GARCIA = Dentist(name="Dra. Inés García")
CARDS = [
    Card(MUELLER, [MUELLER.name, "Orthodontist", "German, English", "Braces and aligners"], "Rows, and paints boats."),
    Card(
        WEBER, [WEBER.name, "Dentist", "German, French", "Root canal treatment", "Check-up"], "Likes anxious patients."
    ),
    Card(OKAFOR, [OKAFOR.name, "Dentist", "English", "Check-up"]),
    Card(GARCIA, [GARCIA.name, "Oral surgeon", "Spanish", "Wisdom tooth removal"]),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("weber", [WEBER]),
        ("eva web", [WEBER]),
        ("WEBER Eva", [WEBER]),
        ("muller", [MUELLER]),
        ("mueller", [MUELLER]),
        ("Müller", [MUELLER]),
        ("garcia", [GARCIA]),
        ("ines", [GARCIA]),
        ("weebr", [WEBER]),  # letters changed places
        ("ortodontist", [MUELLER]),  # a letter left out
        ("ortho", [MUELLER]),
        ("ortod", [MUELLER]),  # a beginning with a slip
        ("oakfor", [OKAFOR]),
        ("check-up english", [OKAFOR]),
        ("chekc-up", [WEBER, OKAFOR]),
        ("wisdom", [GARCIA]),
        ("root canel", [WEBER]),
        ("anxious", [WEBER]),
        ("", [MUELLER, WEBER, OKAFOR, GARCIA]),
        ("nobody", []),
        ("weber spanish", []),
        ("xyz", []),
        ("anxoius", []),  # in a text about somebody, only what is typed rightly
        ("🦷", [MUELLER, WEBER, OKAFOR, GARCIA]),
    ],
)
def test_who_is_found(typed: str, found: list[Dentist]) -> None:
    assert [one.name for one in matching(CARDS, typed)] == [one.name for one in found]


def test_whoever_fits_exactly_keeps_away_whoever_nearly_does() -> None:
    leber = Dentist(name="Dr. Ada Leber")
    cards = [*CARDS, Card(leber, [leber.name])]
    assert matching(cards, "weber") == [WEBER]
    assert matching(cards, "lebre") == [leber]


@pytest.mark.parametrize(
    ("text", "plain"), [("Müller", "muller"), ("Groß", "gross"), ("Łukasz Søren", "lukasz soren"), ("ＡＢ", "ab")]
)
def test_what_is_the_same_to_a_reader_is_the_same(text: str, plain: str) -> None:
    assert folded(text) == plain
