"""How much a message costs to read, counted in looks at its words: twice as long is twice as much, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatbot.when import understand
from chatbot.when.tags import Kind, Line, Symbol, Tag
from tests.chatbot.dialogue_world import NOW

BERLIN = ZoneInfo("Europe/Berlin")


class Looked(dict[Tag, Any]):
    """Tags that count how often somebody looks at them."""

    looks = 0

    def keys(self) -> Any:
        Looked.looks += 1
        return super().keys()


@pytest.fixture(autouse=True)
def _nobody_has_looked() -> None:
    Looked.looks = 0


def symbols(length: int) -> Iterator[Symbol]:
    return (Symbol(Kind.WORD, "the", Looked({Tag.THE: 1}), at, at + 1) for at in range(length))


@pytest.mark.parametrize("length", [100, 1000])
def test_skipping_from_every_place_looks_at_each_word_a_few_times(length: int) -> None:
    line = Line(symbols(length))
    assert {line.skip(at, Tag.THE, Tag.ON) for at in range(length)} == {length}
    assert Looked.looks <= 3 * length


def test_skipping_stops_where_it_should() -> None:
    words = [Tag.THE, Tag.ON, Tag.MONTH, Tag.THE, Tag.OF]
    line = Line(Symbol(Kind.WORD, "", {tag: 1}, 0, 0) for tag in words)
    assert [line.skip(at, Tag.THE, Tag.ON) for at in range(6)] == [2, 2, 2, 4, 4, 5]
    assert [line.skip(at, Tag.STOP, Tag.OF) for at in (4, 5, 9)] == [5, 5, 9]


def looks(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    Looked.looks, begin = 0, Line.__init__

    def counting(line: Line, found: Iterable[Symbol]) -> None:
        begin(line, (replace(symbol, tags=Looked(symbol.tags)) for symbol in found))

    with monkeypatch.context() as patch:
        patch.setattr(Line, "__init__", counting)
        understand(text, now=NOW, zone=BERLIN, language="en")
    return Looked.looks


@pytest.mark.parametrize("word", ["the", "on the", "of the", "at", "about", "in the", "for the", "next", "and the"])
def test_a_message_of_fillers_costs_by_its_length(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short, long = (looks(f"{word} " * many, monkeypatch) for many in (50, 200))
    assert long <= 5 * short
