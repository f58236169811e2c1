"""Which characters of the message were about the time, and what is left of it without them."""

import re
from collections.abc import Sequence

from chatbot.when.items import Piece
from chatbot.when.model import When
from chatbot.when.tags import Line, Tag

_BETWEEN = (
    Tag.OR, Tag.AND, Tag.COMMA, Tag.DASH, Tag.BUT, Tag.NOT, Tag.NO, Tag.EXCEPT, Tag.FILLER, Tag.ON, Tag.IN, Tag.THE,
    Tag.AT, Tag.FOR, Tag.OF, Tag.ANY, Tag.EVERY, Tag.ARTICLE, Tag.RULED_OUT,
)  # fmt: skip
_BEFORE = (Tag.NOT, Tag.EXCEPT, Tag.ON, Tag.IN, Tag.THE, Tag.AT, Tag.FOR, Tag.AROUND, Tag.ANY, Tag.EVERY)

_LOOSE_SIGNS = re.compile(r"\s*,\s*(?:,\s*)+")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE_SIGN = re.compile(r"\s+([,.;!?])")


def spans_of(pieces: Sequence[Piece], line: Line) -> tuple[tuple[int, int], ...]:
    """The characters of the pieces, with the words that only join them or lead them in."""
    spans: list[tuple[int, int]] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        start, end = _with_lead(piece.start, line), piece.end
        if spans and (start <= spans[-1][1] or _only_joins(line, spans[-1][1], start)):
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def _with_lead(start: int, line: Line) -> int:
    at = next((place for place, symbol in enumerate(line.symbols) if symbol.start >= start), len(line))
    while at > 0 and line.has(at - 1, *_BEFORE) and not line.has(at - 1, Tag.PRONOUN):
        at -= 1
    return min(start, line[at].start) if at < len(line) else start


def _only_joins(line: Line, start: int, end: int) -> bool:
    return all(symbol.has(*_BETWEEN) for symbol in line.symbols if start <= symbol.start < end)


def text_of(text: str, spans: Sequence[tuple[int, int]]) -> str:
    return " … ".join(text[start:end] for start, end in spans)


def remainder(text: str, when: When | None) -> str:
    """The message without the words about the time, so that names and wishes can be read from the rest."""
    rest, at = "", 0
    for start, end in when.spans if when else ():
        rest += text[at:start] + " "
        at = end
    rest = _LOOSE_SIGNS.sub(", ", rest + text[at:])
    return _SPACE_BEFORE_SIGN.sub(r"\1", _SPACES.sub(" ", rest)).strip(" ,;")
