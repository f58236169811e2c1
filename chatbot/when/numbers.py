"""Numbers in digits and in words, plain and ordinal."""

from typing import NamedTuple

from chatbot.when.tags import Kind, Line, Tag


class Count(NamedTuple):
    value: int
    end: int  # the place after it
    ordinal: bool = False
    digits: bool = False
    mark: str = ""


def read_number(line: Line, at: int) -> Count | None:
    """A number such as 15, "fifteen", "twenty five"; digits keep their mark ("." in "3.")."""
    symbol = line[at]
    if symbol.kind == Kind.NUMBER:
        return Count(symbol.numbers[0], at + 1, symbol.mark == "th", True, symbol.mark)
    if not symbol.has(Tag.NUMBER):
        return None
    value = symbol.number(Tag.NUMBER)
    if value in (20, 30, 40, 50):
        following = at + 1 + line.has(at + 1, Tag.DASH)
        unit = line[following]
        if unit.kind == Kind.WORD and unit.has(Tag.NUMBER) and 0 < unit.number(Tag.NUMBER) < 10:
            return Count(value + unit.number(Tag.NUMBER), following + 1)
    return Count(value, at + 1)


def read_ordinal(line: Line, at: int) -> Count | None:
    """An ordinal such as 3rd, "3." (its mark kept), "third", "twenty-first"."""
    symbol = line[at]
    if symbol.kind == Kind.NUMBER and symbol.mark in ("th", "."):
        return Count(symbol.numbers[0], at + 1, True, True, symbol.mark)
    if symbol.has(Tag.ORDINAL):
        return Count(symbol.number(Tag.ORDINAL), at + 1, True)
    if symbol.kind == Kind.WORD and symbol.has(Tag.NUMBER) and symbol.number(Tag.NUMBER) in (20, 30):
        following = at + 1 + line.has(at + 1, Tag.DASH)
        unit = line[following]
        if unit.has(Tag.ORDINAL) and unit.number(Tag.ORDINAL) < 10:
            return Count(symbol.number(Tag.NUMBER) + unit.number(Tag.ORDINAL), following + 1, True)
    return None


def read_amount(line: Line, at: int) -> Count | None:
    """A number or an article, as before a unit: "3", "a", "einer"."""
    number = read_number(line, at)
    if number is not None:
        return number if not number.ordinal and number.mark != "." else None
    return Count(1, at + 1) if line.has(at, Tag.ARTICLE) else None
