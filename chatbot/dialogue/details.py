"""Who somebody says they are: name, email, phone, birth date, booking reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chatbot.dialogue import keywords
from chatbot.dialogue.matching import Word, everyday_words
from chatbot.triage.words import fold
from chatbot.when.english import ENGLISH
from chatbot.when.german import GERMAN

_EMAIL = re.compile(r"[^\s@,;:<>()\"']+@[^\s@,;:<>()\"']+\.[^\W\d_]{2,}")
_EMAIL_TRY = re.compile(r"\S*@\S*")
_PHONE = re.compile(r"(?<![\w.])(\+?[\d(][\d\s()/.-]{5,22}\d)(?![\w])")
_PHONE_LEAD = re.compile(
    r"\b(phone|mobile|cell|number is|call me|tel|telefon\w*|handy\w*|mobil\w*|nummer|erreichbar|whatsapp)\b", re.I
)
_REFERENCE = re.compile(r"\bDC[\s.–_-]*([2-9A-HJKMNP-Z]{3}[\s.–_-]?[2-9A-HJKMNP-Z]{3,5})\b", re.I)
_BORN_LEAD = re.compile(r"\b(born|birth\s?(day|date)|date of birth|dob|geboren|geb|geburtstag|geburtsdatum)\b", re.I)
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})\b")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?([^\W\d_]{3,9})\.?,?\s+(\d{4})\b")
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GERMAN_MONTHS = {"maerz": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}
_NAME_LEAD = re.compile(
    r"\b(my (?:full )?name is|my name's|name\s*:|name is|name to|name should be|name|this is|"
    r"mein name ist|mein name lautet|namen (?:in|auf|zu)|ich hei(?:ß|ss)e|"
    r"(?:my|the) (?:son|daughter|child|kid|wife|husband|mother|father)(?:'s name is| is called)|"
    r"(?:he|she|er|sie) (?:is called|hei(?:ß|ss)t)|"
    r"mein(?:e)? (?:sohn|tochter|kind|frau|mann|mutter|vater) hei(?:ß|ss)t|"
    r"for my (?:son|daughter|child|wife|husband|mother|father|mum|mom|dad)|"
    r"für mein(?:e|en)? (?:sohn|tochter|kind|frau|mann|mutter|vater)|i am|i'm|im|ich bin)\s+",
    re.I,
)
_OF_SPEAKER = re.compile(r"(my (full )?name|mein name|ich|i am|i'm|im)\b", re.I)
_LOOSE_LEADS = frozenset({"i am", "i'm", "im", "ich bin", "this is", "name is", "name"})
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_NAME_BEFORE = re.compile(r"(?:^|[.,;:!?(]\s*)((?:[^\W\d_a-zäöü][\w'’-]*\s+){1,3}[^\W\d_a-zäöü][\w'’-]*)[\s,;:(–-]*$")
_OF_TIME = ENGLISH.of_time | GERMAN.of_time
_DIGITS = (7, 15)  # of a phone number (E.164)
_LONGEST_NAME = 80
_MOST_WORDS = 5
_OLDEST = 120  # years
_FARTHEST = 2  # years that somebody may plan ahead
_FULL_YEAR = 4  # digits


@dataclass(frozen=True, slots=True)
class Details:
    """What was found, and the text without it. `bad_email` when something like an address was typed that is none;
    `of_speaker` when the name is that of whoever writes ("I'm Ana Ruiz"), which may be another than who comes."""

    rest: str
    name: str = ""
    email: str = ""
    phone: str = ""
    birth_date: date | None = None
    reference: str = ""
    bad_email: bool = False
    of_speaker: bool = False

    @property
    def any(self) -> bool:
        return bool(self.name or self.email or self.phone or self.birth_date or self.reference)


def details_in(text: str, *, step: str, today: date, day_first: bool) -> Details:
    """Reads a (tidied) message; `step` is what was asked for, which makes bare answers count."""
    rest, email, bad = _email(text)
    rest, reference = _cut(rest, _REFERENCE)
    reference = "DC-" + re.sub(r"[\s.–_-]", "", reference.upper().removeprefix("DC")) if reference else ""
    born = None
    if step == "birth_date" or _BORN_LEAD.search(rest) or _is_long_ago(rest, today):
        rest, born = _birth_date(rest, today, day_first)
    rest, phone = _phone(rest, asked=step == "phone")
    lead = rest
    rest, name = name_in(rest)
    of_speaker = bool(name) and _is_of_speaker(lead)
    if email and not name:
        rest, name = _name_before_email(text, rest)
    return Details(rest, name, email, phone, born, reference, bad, of_speaker)


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.search(text)
    return (text[: found.start()] + " " + text[found.end() :], found.group()) if found else (text, "")


def _email(text: str) -> tuple[str, str, bool]:
    rest, found = _cut(text, _EMAIL)
    if found:
        return rest, found.strip(".").lower(), False
    rest, tried = _cut(text, _EMAIL_TRY)
    return rest, "", bool(tried)


def _phone(text: str, *, asked: bool) -> tuple[str, str]:
    for found in _PHONE.finditer(text):
        number = found.group(1)
        digits = re.sub(r"\D", "", number)
        if not _DIGITS[0] <= len(digits) <= _DIGITS[1] or _NUMERIC.fullmatch(number.strip()) or _ISO.search(number):
            continue
        if asked or _PHONE_LEAD.search(text) or (number.lstrip("(")[:1] in ("+", "0") and len(digits) >= 9):
            kept = ("+" if number.startswith("+") else "") + digits
            return text[: found.start()] + " " + text[found.end() :], kept
    return text, ""


def _is_long_ago(text: str, today: date) -> bool:
    """Whether a date is in the text that can be no visit to come: 24.5.1985, or 24.5.85."""
    found = _NUMERIC.search(text)
    if found is None:
        return False
    year = int(found[4]) if len(found[4]) == _FULL_YEAR else today.year // 100 * 100 + int(found[4])
    return year < today.year - 1 or (len(found[4]) < _FULL_YEAR and year > today.year + _FARTHEST)


def _birth_date(text: str, today: date, day_first: bool) -> tuple[str, date | None]:
    for pattern in (_ISO, _NUMERIC, _DAY_MONTH, _MONTH_DAY):
        for found in pattern.finditer(text):
            born = _date_of(pattern, found, today, day_first)
            if born is not None:
                return text[: found.start()] + " " + text[found.end() :], born
    return text, None


def _date_of(pattern: re.Pattern[str], found: re.Match[str], today: date, day_first: bool) -> date | None:
    groups = found.groups()
    if pattern is _ISO:
        year, month, day = (int(g) for g in groups)
    elif pattern is _NUMERIC:
        first, second, year = int(groups[0]), int(groups[2]), int(groups[3])
        day, month = (first, second) if day_first or groups[1] == "." or first > 12 else (second, first)
        if len(groups[3]) == 2:
            year += today.year // 100 * 100
            year -= 100 if year > today.year else 0
    else:
        word, number = (groups[1], groups[0]) if pattern is _DAY_MONTH else (groups[0], groups[1])
        day, month, year = int(number), _month(word), int(groups[2])
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    return born if today.year - _OLDEST <= born.year and born <= today else None


def _month(word: str) -> int:
    folded = fold(word)
    if folded in _GERMAN_MONTHS:
        return _GERMAN_MONTHS[folded]
    return _MONTHS.index(folded[:3]) + 1 if folded[:3] in _MONTHS else 0


def name_in(text: str) -> tuple[str, str]:
    """A name that is announced ("I'm Ana Ruiz", "mein Name ist …"), and the text without it."""
    for found, words in _announced(text):
        name = text[words[0].start : words[-1].end]
        return text[: found.start()] + " " + text[words[-1].end :], written_as_name(name)
    return text, ""


def _announced(text: str) -> Iterator[tuple[re.Match[str], list[Word]]]:
    for found in _NAME_LEAD.finditer(text):
        lead = " ".join(fold(w) for w in found.group(1).split())
        loose = lead in _LOOSE_LEADS or lead.startswith(("for ", "fuer "))
        words = _name_words(text, found.end(), capitals=loose)
        if len(words) >= (2 if loose else 1) and not (loose and _is_no_name(words)):
            yield found, words


def _is_of_speaker(text: str) -> bool:
    """Whether the name that `name_in` finds is announced in the first person."""
    found = next(_announced(text), None)
    return found is not None and bool(_OF_SPEAKER.match(found[0].group(1)))


def _name_before_email(text: str, rest: str) -> tuple[str, str]:
    """ "Ana Ruiz, ana@example.org": a first and a last name of their own, right before the address."""
    address = _EMAIL.search(text)
    found = _NAME_BEFORE.search(text[: address.start()]) if address else None
    if found is None:
        return rest, ""
    name = found[1]
    folded = {fold(word) for word in name.split()}
    if folded & (everyday_words() | keywords.NOT_NAMES | keywords.TITLES):
        return rest, ""
    return rest.replace(name, " ", 1), name


def _is_no_name(words: list[Word]) -> bool:
    """ "I AM SPITTING BLOOD" in capitals: nothing but words that mean something else."""
    return all(word.folded in everyday_words() and word.folded not in _OF_TIME for word in words)


def _name_words(text: str, at: int, *, capitals: bool) -> list[Word]:
    words: list[Word] = []
    for found in _NAME_WORD.finditer(text, at):
        folded = fold(found.group().rstrip("."))
        gap = text[words[-1].end if words else at : found.start()]
        if gap.strip() or folded in keywords.NOT_NAMES or len(words) == _MOST_WORDS:
            break
        if folded in _OF_TIME and not (words and found.group()[0].isupper()):
            break
        if capitals and not found.group()[0].isupper() and folded not in keywords.NAME_PARTICLES:
            break
        ends = found.group().endswith(".") and len(found.group()) > 3  # a full stop, not an initial
        words.append(Word(folded, found.start(), found.end() - ends))
        if ends:
            break
    return words


def bare_name(text: str) -> str:
    """A name as somebody types it when asked for one; "" when the text does not look like one."""
    cleaned = " ".join(text.split()).strip(" .,;!")
    words = cleaned.replace(",", " ").split()
    if not 1 <= len(words) <= _MOST_WORDS or len(cleaned) > _LONGEST_NAME or "?" in text:
        return ""
    if not all(_NAME_WORD.fullmatch(word) for word in words):
        return ""
    folded = [fold(word.strip(".")) for word in words]
    if any(word in keywords.NOT_NAMES - _OF_TIME for word in folded) or max(map(len, folded)) < 2:
        return ""
    return written_as_name(_in_order(cleaned))


def written_name(text: str) -> str:
    """Two names or more, each written with a capital, one of which at least is no word of any other meaning: "Anna
    Price" and "Peter Montag" are people, "Next Friday" is a day. "" when the text is not like that."""
    cleaned = " ".join(text.split()).strip(" .,;:!-–/")
    words = cleaned.replace(",", " ").split()
    if not 2 <= len(words) <= _MOST_WORDS or len(cleaned) > _LONGEST_NAME or "?" in text or cleaned.isupper():
        return ""
    folded = [fold(word.strip(".")) for word in words]
    capital = all(w[0].isupper() or f in keywords.NAME_PARTICLES for w, f in zip(words, folded, strict=True))
    if not capital or not all(_NAME_WORD.fullmatch(word) for word in words) or keywords.TITLES.intersection(folded):
        return ""
    if all(f in everyday_words() | keywords.NOT_NAMES | keywords.NAME_PARTICLES for f in folded):
        return ""
    return _in_order(cleaned)


def _in_order(name: str) -> str:
    """ "Ruiz, Ana" as Ana Ruiz."""
    family, _, given = name.partition(",")
    return " ".join(f"{given} {family}".split())


def written_as_name(name: str) -> str:
    """With capitals where everything was typed in one case."""
    name = " ".join(name.split())[:_LONGEST_NAME]
    if name.islower() or name.isupper():
        words = name.lower().split()
        return " ".join(
            w if w in keywords.NAME_PARTICLES else "-".join(p.capitalize() for p in w.split("-")) for w in words
        )
    return name
