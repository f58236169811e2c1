"""From text to symbols: words and phrases looked up, numbers and written dates told apart."""

import re
from collections.abc import Collection, Iterator

from chatbot.when.lexicon import Lexicon, fold
from chatbot.when.tags import Kind, Symbol, Tag, Tags

GUESSED = "~"  # the mark of a word that is taken for the misspelling of another
LONGEST_TEXT = 2_000  # characters that are looked at; nobody names a time later than that

_TOKEN = re.compile(
    r"""
    (?P<address> [\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4} | https?://\S+ | www\.\S+ )
  | (?P<reference> \b[A-Z]{2,4}-[0-9A-Z]{4,10}\b )
  | (?P<money> [€$£]\s?[0-9]{1,6}(?:[.,][0-9]{1,3})* | [0-9]{1,6}(?:[.,][0-9]{1,3})?\s?[€$£%] )
  | (?P<iso> [0-9]{4}(?:-[0-9]{1,2}-|/[0-9]{1,2}/)[0-9]{1,2}(?![0-9/-])T? )
  | (?P<date> [0-9]{1,2}(?:/|-|\.[ ]?)[0-9]{1,2}(?:(?:/|-|\.[ ]?)[0-9]{4}|[/.-][0-9]{2})
             (?![0-9:]|[./-][0-9]|[ ]?(?i:uhr|h)\b) )
  | (?P<dots> [0-9]{1,2}\.[ ]?[0-9]{1,2}\.(?!\d) )
  | (?P<clock> [0-9]{1,2}(?::|\s?[hH])[0-9]{2}(?::[0-9]{2})?(?![0-9])(?:\s?[hH]\b)? )
  | (?P<hour> [0-9]{1,2}\s?[hH](?![\w]) )
  | (?P<phone> \+[0-9][0-9\s()/-]{6,20}[0-9] | \(?0[0-9]{1,5}\)?[\s/-]?[0-9]{3,}(?:[\s/-][0-9]{2,})*
             | [0-9]{2}(?:[ ][0-9]{2}){4} | \(?[0-9]{3}\)?[\s.-][0-9]{3}[\s.-][0-9]{4} | [0-9]{3}[\s-][0-9]{4}
             | [0-9]{5,} | [0-9]+,[0-9](?![0-9]) )
  | (?P<slash> [0-9]{1,2}/[0-9]{1,2}(?![0-9/]) )
  | (?P<monthyear> [0-9]{1,2}/[0-9]{4}(?![0-9/]) )
  | (?P<dotted> [0-9]{1,2}\.[0-9]{1,2}(?![0-9]) )
  | (?P<ordinal> [0-9]{1,2}(?i:st|nd|rd|th|ten|ter|te)\b )
  | (?P<ordinaldot> [0-9]{1,2}\.(?![0-9]) )
  | (?P<ish> [0-9]{1,2}(?=-?ish\b) )
  | (?P<number> [0-9]{1,4} )
  | (?P<meridiem> \b[AaPp]\.[ ]?[Mm]\b\.? )
  | (?P<word> (?:[^\W\d_][\u0300-\u036f]*)+(?:['’](?:[^\W\d_][\u0300-\u036f]*)+)* )
  | (?P<sign> [,.;!?\n/&@–—-] )
    """,
    re.VERBOSE,
)  # fmt: skip

_SIGNS: dict[str, Tags] = {
    ",": {Tag.COMMA: 1},
    "/": {Tag.OR: 1},
    "&": {Tag.AND: 1},
    "@": {Tag.AT: 1},
    "-": {Tag.DASH: 1},
    "–": {Tag.DASH: 1},
    "—": {Tag.DASH: 1},
}
_ABBREVIATED = {Tag.WEEKDAY: 5, Tag.MONTH: 4, Tag.TITLE: 4, Tag.AROUND: 6, Tag.LABEL: 2, Tag.BORN: 3, Tag.OR: 3}
"""Kinds of words that are abbreviated with a full stop, and the letters of the longest: "approx."."""
_SHORT_BUT_WHOLE = frozenset({"may", "june", "july", "mai", "juni", "juli", "juno", "about", "or"})


def symbols_of(text: str, lexicon: Lexicon, other_words: Collection[str] = ()) -> list[Symbol]:
    """The symbols of a message. Words that another language knows (`other_words`) are no misspellings."""
    tokens = list(_TOKEN.finditer(text[:LONGEST_TEXT]))
    words = [_spelling(token, lexicon, other_words) for token in tokens]
    symbols: list[Symbol] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.lastgroup == "word":
            length, tags = lexicon.match(words, at) or (1, {})
            last = tokens[at + length - 1]
            word = " ".join(words[at : at + length])
            symbols.extend(_words(word, tags, token.start(), last.end(), token.group(), lexicon))
            at += length
        else:
            symbols.extend(_sign(token, symbols) if token.lastgroup == "sign" else _figure(token))
            at += 1
    return symbols


def _spelling(token: re.Match[str], lexicon: Lexicon, other_words: Collection[str]) -> str:
    """The word as the lexicon spells it; what is no word can be part of no phrase."""
    if token.lastgroup != "word":
        return "\0"
    word = fold(token.group())
    if word in lexicon.known or word in other_words:
        return word
    if word.endswith("'s") and word[:-2] in lexicon.known:
        return word[:-2]
    return lexicon.correct(word) or word


def _words(word: str, tags: Tags, start: int, end: int, typed: str, lexicon: Lexicon) -> Iterator[Symbol]:
    if Tag.SPLIT not in tags:
        guessed = " " not in word and word not in fold(typed)
        yield Symbol(Kind.WORD, word, tags, start, end, mark=GUESSED if guessed else "", capital=typed[0].isupper())
        return
    for part in str(tags[Tag.SPLIT]).split():
        found = lexicon.match([fold(part)], 0)
        yield Symbol(Kind.WORD, part, found[1] if found else {}, start, end)


def _sign(token: re.Match[str], before: list[Symbol]) -> list[Symbol]:
    sign = token.group()
    last = before[-1] if before else None
    if sign == "." and last is not None and last.end == token.start() and _may_be_abbreviated(last):
        before[-1] = Symbol(last.kind, last.word, last.tags, last.start, token.end(), mark=".", capital=last.capital)
        return []
    return [Symbol(Kind.SIGN, sign, _SIGNS.get(sign, {Tag.STOP: 1}), token.start(), token.end())]


def _may_be_abbreviated(symbol: Symbol) -> bool:
    longest = max((_ABBREVIATED.get(tag, 0) for tag in symbol.tags), default=0)
    return symbol.kind == Kind.WORD and len(symbol.word) <= longest and symbol.word not in _SHORT_BUT_WHOLE


def _figure(token: re.Match[str]) -> list[Symbol]:
    shape, typed = token.lastgroup or "", token.group()
    numbers = tuple(int(digits) for digits in re.findall("[0-9]{1,4}", typed))
    kind, mark, tags = Kind.OTHER, "", Tags()
    if shape == "iso":
        kind = Kind.ISO
    elif shape in ("date", "dots", "slash"):
        kind, mark = Kind.DATE, next(char for char in typed if char in "./-")
        mark = ".." if shape == "dots" else mark
    elif shape in ("clock", "hour"):
        kind, numbers = Kind.CLOCK, (*numbers, 0)[:2]
        mark = "h" if shape == "hour" else "0" if typed[0] == "0" else ""
    elif shape == "monthyear":
        kind = Kind.MONTH_YEAR
    elif shape == "dotted":
        kind, mark = Kind.DOTTED, typed.partition(".")[2]
    elif shape in ("ordinal", "ordinaldot", "ish", "number"):
        kind, tags = Kind.NUMBER, {Tag.NUMBER: numbers[0]}
        mark = {"ordinal": "th", "ordinaldot": ".", "ish": "ish"}.get(shape, "")
        if shape == "number" and typed[0] == "0" and len(typed) > 1:
            mark = "0"
    elif shape == "meridiem":
        kind, tags = Kind.WORD, {Tag.MERIDIEM: f"{typed[0].lower()}m"}
    return [Symbol(kind, typed, tags, token.start(), token.end(), numbers, mark)]
