"""The people of the demo clinic: account holders, their children, and guests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from clinic.demo import names
from clinic.demo.chance import new_id
from clinic.demo.sign_ins import LENA, MARKUS
from clinic.patients.models import Relation

# Numbers that the Federal Network Agency keeps for films and books: nobody is called by mistake.
_LANDLINE, _MOBILE = "+493023125", "+49171392"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes; `account` holds them, None for guests."""

    id: UUID
    account: UUID | None
    relation: Relation
    name: str
    email: str
    phone: str
    born: date

    def age_on(self, day: date) -> int:
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


def phone(chance: Random) -> str:
    if chance.random() < 0.3:
        return f"{_LANDLINE}{chance.randint(0, 999):03}"
    return f"{_MOBILE}{chance.randint(0, 99):04}"


def families(count: int, today: date, chance: Random) -> Iterator[Person]:
    """So many people, ordered by account: the two who sign in come first, every other newcomer is a guest.

    A child comes right after the account's holder.
    """
    made = 0
    for family in _households(today, chance):
        for person in family:
            if made == count:
                return
            made += 1
            yield person


def _households(today: date, chance: Random) -> Iterator[list[Person]]:
    lena = _holder(LENA.name, LENA.email, _born(today, chance, 34, 38), chance)
    yield [lena, _child("Mila Hoffmann", lena, today, chance), _child("Jonas Hoffmann", lena, today, chance)]
    yield [_holder(MARKUS.name, MARKUS.email, _born(today, chance, 48, 56), chance)]
    number = 0
    while True:
        number += 1
        last = chance.choice(names.LAST)
        name = f"{chance.choice(names.FIRST)} {last}"
        email = f"{names.plain(name).replace('-', '.')}.{number}@example.org"
        born = _born(today, chance, 18, 84)
        if number % 3:
            yield [Person(new_id(chance), None, Relation.GUEST, name, email, phone(chance), born)]
            continue
        holder = _holder(name, email, born, chance)
        with_child = holder.age_on(today) in range(24, 56) and chance.random() < 0.6
        yield [holder, *([_child(f"{chance.choice(names.FIRST)} {last}", holder, today, chance)] if with_child else [])]


def _holder(name: str, email: str, born: date, chance: Random) -> Person:
    return Person(new_id(chance), new_id(chance), Relation.SELF, name, email, phone(chance), born)


def _child(name: str, parent: Person, today: date, chance: Random) -> Person:
    born = _born(today, chance, 3, 14)
    return Person(new_id(chance), parent.account, Relation.CHILD, name, parent.email, parent.phone, born)


def _born(today: date, chance: Random, youngest: int, oldest: int) -> date:
    return today - timedelta(days=chance.randint(youngest * 366, oldest * 365))
