"""The roles that words play in the grammar, whatever the language."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto


class Tag(StrEnum):
    # days
    WEEKDAY = auto()  # 0 Monday … 6 Sunday
    WEEKDAYS = auto()  # "weekend", "weekday"
    MONTH = auto()
    SEASON = auto()
    HOLIDAY = auto()
    RELATIVE = auto()  # days from today
    DAY_AFTER = auto()  # days from the day named before
    PAST_DAY = auto()  # yesterday; 0 where it may also be ahead: tells of the complaint, else asks for what is over
    PLURAL = auto()  # "mondays", "mornings": again and again
    WEAK = auto()  # a time word only among time words: "sun", "may"; 2 means even more so
    # hours
    PART = auto()
    CLOCK_WORD = auto()  # "o'clock", "Uhr"
    MERIDIEM = auto()
    HALF = auto()
    QUARTER = auto()
    THREE_QUARTERS = auto()
    PAST = auto()
    MINUTES_TO = auto()
    AROUND = auto()
    AROUND_AFTER = auto()  # "or so"
    ONWARDS = auto()  # "or later"
    AT_LATEST = auto()  # "or earlier"
    # numbers and units
    NUMBER = auto()
    VAGUE = auto()  # "a few"
    ORDINAL = auto()
    ARTICLE = auto()
    UNIT = auto()
    # which one
    NEXT = auto()
    THIS = auto()
    COMING = auto()
    AFTER_NEXT = auto()
    LAST = auto()
    EVERY = auto()
    ANY = auto()
    ANYTIME = auto()
    ASAP = auto()
    EARLY = auto()
    LATE = auto()
    START = auto()
    MID = auto()
    END = auto()
    # prepositions and connectives
    AT = auto()
    ON = auto()
    IN = auto()
    OF = auto()
    THE = auto()
    FOR = auto()
    WITHIN = auto()
    AFTER = auto()
    BEFORE = auto()
    FROM = auto()
    UNTIL = auto()
    TO = auto()
    DASH = auto()
    BETWEEN = auto()
    AND = auto()
    OR = auto()
    COMMA = auto()
    STOP = auto()
    NOT = auto()
    NO = auto()  # "no, Friday" corrects, "no Fridays" excludes
    EXCEPT = auto()
    BUT = auto()
    RULED_OUT = auto()  # "… doesn't work", said after the day
    PROPOSING = auto()  # "how about 8?"
    FILLER = auto()  # does not part two time words
    FROM_NOW = auto()
    CLOSING = auto()  # may follow a number without being what it counts
    WEEK_NUMBER = auto()
    # corrections
    LATER = auto()  # 1 later, -1 earlier
    SAME = auto()
    OTHER = auto()
    TIME_OF_DAY = auto()  # the word "time"
    # words that give numbers and days another role
    SINCE = auto()
    AGO = auto()
    AGO_BEFORE = auto()  # German "vor"
    NOISE = auto()
    SPLIT = auto()  # several words written as one
    INTENT = auto()
    MOVE = auto()
    PRONOUN = auto()
    AUXILIARY = auto()  # what follows the verb "may"
    COMPLAINT = auto()
    COMPLAINT_NOUN = auto()
    TITLE = auto()
    NAME_CUE = auto()
    COUNTED = auto()  # what is counted: "2 teeth"
    LABEL = auto()  # what is numbered: "tooth 12"
    PAIN = auto()
    BORN = auto()


class Kind(StrEnum):
    WORD = auto()
    NUMBER = auto()
    CLOCK = auto()  # numbers = (hour, minute)
    DOTTED = auto()  # "9.30", "3.12": an hour or a date
    DATE = auto()  # numbers = (first, second) or (first, second, year), mark = separator
    ISO = auto()  # numbers = (year, month, day)
    MONTH_YEAR = auto()
    SIGN = auto()
    OTHER = auto()  # an address, a phone number, a price: never a time


Value = int | str
Tags = dict[Tag, Value]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A word, phrase, number or sign of the message, with the characters it stands on."""

    kind: Kind
    word: str
    tags: Tags
    start: int
    end: int
    numbers: tuple[int, ...] = ()
    mark: str = ""
    capital: bool = False

    def has(self, *tags: Tag) -> bool:
        return not self.tags.keys().isdisjoint(tags)

    def number(self, tag: Tag) -> int:
        value = self.tags[tag]
        return value if isinstance(value, int) else 0

    def name(self, tag: Tag) -> str:
        return str(self.tags.get(tag, ""))


_NOTHING = Symbol(Kind.OTHER, "", {Tag.STOP: 1}, 0, 0)


class Line:
    """The symbols of a message; beyond either end stands a full stop, so that looking ahead is safe."""

    __slots__ = ("_beyond", "symbols")

    def __init__(self, symbols: Iterable[Symbol]) -> None:
        self.symbols = tuple(symbols)
        self._beyond: dict[tuple[Tag, ...], list[int]] = {}

    def __len__(self) -> int:
        return len(self.symbols)

    def __getitem__(self, at: int) -> Symbol:
        return self.symbols[at] if 0 <= at < len(self.symbols) else _NOTHING

    def has(self, at: int, *tags: Tag) -> bool:
        symbol = self.symbols[at] if 0 <= at < len(self.symbols) else _NOTHING
        return not symbol.tags.keys().isdisjoint(tags)

    def skip(self, at: int, *tags: Tag) -> int:
        """The first place from `at` on that has none of the tags."""
        if not 0 <= at < len(self.symbols) or not self.has(at, *tags):
            return at
        # Rules ask from every place on: in a row of filler words each would walk to its end.
        beyond = self._beyond.get(tags)
        if beyond is None:
            beyond = self._beyond[tags] = self._places_beyond(tags)
        return beyond[at]

    def _places_beyond(self, tags: tuple[Tag, ...]) -> list[int]:
        """For each place the first one from there on that has none of the tags."""
        beyond = list(range(len(self.symbols)))
        for at in range(len(beyond) - 1, -1, -1):
            if self.has(at, *tags):
                beyond[at] = beyond[at + 1] if at + 1 < len(beyond) else at + 1
        return beyond
