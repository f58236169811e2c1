"""Messages that refer to the one before, two readings, what is read back, and what is left of a message."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chatbot.when import Exactness, Problem, When, dump, exactly, load, remainder, understand
from tests.chatbot.when_held_out import HELD_OUT, HELD_OUT_LAST, HELD_OUT_MESSAGES
from tests.chatbot.when_messages import ENGLISH_MESSAGES, GERMAN_MESSAGES
from tests.chatbot.when_notation import agrees, written
from tests.chatbot.when_phrases import ENGLISH, MONTH_FIRST
from tests.chatbot.when_phrases_de import GERMAN

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN)  # a Wednesday

TALKS = [
    ("en", "tomorrow at 3", "no, Friday rather", "11-20 15:00"),
    ("en", "tomorrow at 3", "actually later", "11-19 15:05-24:00"),
    ("en", "tomorrow at 3", "something a bit earlier please", "11-19 00:00-15:00"),
    ("en", "tomorrow at 3", "an hour earlier", "11-19 14:00"),
    ("en", "tomorrow at 3", "half an hour later", "11-19 15:30"),
    ("en", "tomorrow at 3", "the next day", "11-20 15:00"),
    ("en", "tomorrow at 3", "two days later", "11-21 15:00"),
    ("en", "tomorrow at 3", "a week later", "11-26 15:00"),
    ("en", "friday at 3", "the day before", "11-19 15:00"),
    ("en", "tomorrow at 3", "same time on monday", "11-23 15:00"),
    ("en", "tomorrow at 3", "at 4 then", "11-19 16:00"),
    ("en", "tomorrow at 3", "the same day, but in the morning", "11-19 06:00-12:00"),
    ("en", "tomorrow at 3", "monday, any time", "11-23"),
    ("en", "tomorrow at 3", "next week instead", "11-23..11-29"),
    ("en", "tomorrow at 3", "another day", "11-18 10:00-24:00, 11-20..2027-12-23"),
    ("en", "tomorrow afternoon", "another time", "11-19 00:00-12:00, 11-19 18:00-24:00"),
    ("en", "tomorrow at 3", "as soon as possible", "asap: 11-18 10:00..2027-12-23"),
    ("en", "tomorrow at 3", "tomorrow at 4 or friday at 9", "11-19 16:00, 11-20 09:00"),
    ("en", "tomorrow at 3", "thank you", "none"),
    ("en", "tomorrow at 3", "call me later", "none"),
    ("en", "tomorrow morning", "later", "11-19 12:00-24:00"),
    ("en", "friday morning", "earlier", "11-18 10:00-12:00, 11-19 06:00-12:00"),
    ("en", "afternoons", "friday", "11-20 12:00-18:00"),
    ("en", "friday", "later", "11-21..2027-12-23"),
    ("en", "friday", "earlier", "11-18 10:00..11-19"),
    ("en", "next week", "not monday", "11-24..11-29"),
    ("en", "next week", "mornings", "11-23 06:00-12:00, 11-24 06:00-12:00, ..."),
    ("en", "next week", "the week after", "11-30..12-06"),
    ("en", "next week afternoons", "the week after", "11-30 12:00-18:00, 12-01 12:00-18:00, ..."),
    ("en", "monday", "not monday", "11-18 10:00..11-22, 11-24..11-29, ..."),
    ("en", "today at 9am", "at 5pm then", "11-18 17:00"),
    ("en", "thursday after 3", "an hour later", "11-19 16:00-24:00"),
    ("de", "morgen um 15 Uhr", "nein, lieber Freitag", "11-20 15:00"),
    ("de", "morgen um 15 Uhr", "doch etwas später", "11-19 15:05-24:00"),
    ("de", "morgen um 15 Uhr", "eine Stunde früher", "11-19 14:00"),
    ("de", "morgen um 15 Uhr", "eine Woche später", "11-26 15:00"),
    ("de", "morgen um 15 Uhr", "am nächsten Tag", "11-20 15:00"),
    ("de", "morgen um 15 Uhr", "zur gleichen Zeit am Montag", "11-23 15:00"),
    ("de", "morgen um 15 Uhr", "ein anderer Tag", "11-18 10:00-24:00, 11-20..2027-12-23"),
    ("de", "nächste Woche", "die Woche darauf", "11-30..12-06"),
    ("de", "Freitag", "eher nachmittags", "11-20 12:00-18:00"),
]


def ask(text: str, *, previous: When | None = None, language: str = "en", now: datetime = NOW) -> When:
    when = understand(text, now=now, zone=BERLIN, language=language, previous=previous)
    assert when is not None, text
    return when


@pytest.mark.parametrize(("language", "before", "phrase", "expected"), TALKS)
def test_a_message_refers_to_the_one_before(language: str, before: str, phrase: str, expected: str) -> None:
    previous = ask(before, language=language)
    when = understand(phrase, now=NOW, zone=BERLIN, language=language, previous=previous)
    assert agrees(when, expected), written(when)


@pytest.mark.parametrize("phrase", ["later", "an hour earlier", "the next day", "same time", "another day", "früher"])
def test_without_a_message_before_there_is_nothing_to_refer_to(phrase: str) -> None:
    assert understand(phrase, now=NOW, zone=BERLIN) is None


def test_an_exclusion_is_kept_through_the_talk() -> None:
    talk = ask("next week")
    for phrase in ("not monday", "mornings", "except wednesday"):
        talk = ask(phrase, previous=talk)
    assert written(talk) == ", ".join(f"11-{day} 06:00-12:00" for day in (24, 26, 27, 28, 29))


def test_an_offered_slot_can_be_referred_to() -> None:
    offered = exactly(datetime(2026, 11, 20, 14, 0, tzinfo=UTC), zone=BERLIN)
    assert (written(offered), offered.readback) == ("11-20 15:00", "Friday, 20 November 2026, at 15:00")
    assert written(ask("something later that day", previous=offered)) == "11-20 15:05-24:00"


def test_next_friday_is_asked_back_while_this_weeks_is_still_to_come() -> None:
    when = ask("next friday at 3")
    assert when.readback == "Friday, 27 November 2026, at 15:00"
    assert when.ambiguous == ("Friday, 27 November 2026, at 15:00", "Friday, 20 November 2026, at 15:00")


def test_next_friday_is_clear_when_this_weeks_is_over() -> None:
    when = ask("next friday", now=datetime(2026, 11, 21, 10, 0, tzinfo=BERLIN))
    assert (written(when), when.ambiguous) == ("11-27", ())


def test_the_weekday_of_today_is_asked_back_while_the_hour_is_still_to_come() -> None:
    when = ask("wednesday at 3")
    assert when.ambiguous == ("Wednesday, 25 November 2026, at 15:00", "Wednesday, 18 November 2026, at 15:00")
    assert ask("wednesday at 9").ambiguous == ()


def test_seven_is_asked_back_unless_the_part_of_the_day_is_said() -> None:
    assert ask("friday at 7").ambiguous == (
        "Friday, 20 November 2026, at 07:00",
        "Friday, 20 November 2026, at 19:00",
    )
    assert ask("friday after 7").readback == "Friday, 20 November 2026, from 19:00"
    assert ask("friday evening at 7").ambiguous == ()
    assert ask("friday at 7am").ambiguous == ()


def test_a_date_with_the_wrong_weekday_is_asked_back() -> None:
    when = ask("friday 3 december")
    assert when.ambiguous == ("Thursday, 3 December 2026", "Friday, 4 December 2026")


EVERY_PHRASE = [
    *(("en", True, phrase) for phrase, _ in (*ENGLISH, *ENGLISH_MESSAGES)),
    *(("de", True, phrase) for phrase, _ in (*GERMAN, *GERMAN_MESSAGES)),
    *(("en", False, phrase) for phrase, _ in MONTH_FIRST),
    *((language, True, phrase) for language, phrase, _ in (*HELD_OUT, *HELD_OUT_MESSAGES, *HELD_OUT_LAST)),
]


@pytest.mark.parametrize(("language", "day_first", "phrase"), EVERY_PHRASE)
def test_what_is_read_back_is_understood_as_the_same(language: str, day_first: bool, phrase: str) -> None:
    when = understand(phrase, now=NOW, zone=BERLIN, language=language, day_first=day_first)
    if when is None or when.problem:
        return
    again = understand(when.readback, now=NOW, zone=BERLIN, language=language, day_first=day_first)
    assert again is not None
    assert (again.windows, again.asap) == (when.windows, when.asap), when.readback
    for choice in when.ambiguous:
        chosen = understand(choice, now=NOW, zone=BERLIN, language=language, day_first=day_first)
        assert chosen is not None
        assert chosen.ambiguous == (), choice


def test_a_message_in_the_other_language_is_understood_and_read_back_in_that_of_the_talk() -> None:
    when = ask("übermorgen um halb zehn", language="en-gb")
    assert (written(when), when.language) == ("11-20 09:30", "de")
    assert when.readback == "Friday, 20 November 2026, at 09:30"
    other = ask("day after tomorrow at half past nine", language="de-AT")
    assert (other.language, other.readback) == ("en", "Freitag, 20. November 2026, um 09:30 Uhr")


def test_dates_and_times_are_read_back_the_american_way() -> None:
    when = understand("12/3 at 3", now=NOW, zone=BERLIN, day_first=False)
    assert when is not None
    assert when.readback == "Thursday, December 3, 2026, at 3:00 pm"


def test_a_problem_is_read_back_with_what_was_asked_for() -> None:
    assert ask("on the 30th of February please").readback == "on the 30th of February"
    past, far = ask("today at 9am"), ask("3 March 2029 at 9")
    assert (past.problem, past.readback) == (Problem.PAST, "Wednesday, 18 November 2026, at 09:00")
    assert (far.problem, far.readback) == (Problem.TOO_FAR, "Saturday, 3 March 2029, at 09:00")


@pytest.mark.parametrize(
    ("phrase", "exactness"),
    [
        ("tomorrow at 9 or 10", Exactness.EXACT_TIME),
        ("tomorrow morning", Exactness.PART_OF_DAY),
        ("after 5", Exactness.PART_OF_DAY),
        ("tomorrow or friday", Exactness.DAY),
        ("next week", Exactness.RANGE),
        ("not monday", Exactness.RANGE),
        ("whenever", Exactness.ANY),
        ("asap", Exactness.ANY),
    ],
)
def test_how_narrowly_a_time_was_named(phrase: str, exactness: Exactness) -> None:
    assert ask(phrase).exactness == exactness


def test_a_time_without_a_day_names_no_days() -> None:
    when = ask("at half past ten")
    assert (when.days, when.hours) == ((), ((630, 631),))


@pytest.mark.parametrize(
    ("text", "used", "left"),
    [
        (
            "cleaning with Dr Weber tomorrow afternoon, I'm Ana Ruiz, ana@example.org",
            "tomorrow afternoon",
            "cleaning with Dr Weber, I'm Ana Ruiz, ana@example.org",
        ),
        ("next tuesday at 3 for a filling please", "next tuesday at 3", "for a filling please"),
        ("A filling. Monday or Wednesday, after 5pm.", "Monday or Wednesday, after 5pm", "A filling.."),
        ("not monday, a cleaning", "not monday", "a cleaning"),
        ("on the 3rd a checkup, at 9", "on the 3rd … at 9", "a checkup"),
        ("Zahnreinigung am Freitag um halb zehn bei Dr. Mai", "am Freitag um halb zehn", "Zahnreinigung bei Dr. Mai"),
    ],
)
def test_the_words_used_are_told_apart_from_the_rest(text: str, used: str, left: str) -> None:
    when = ask(text, language="de" if "Zahn" in text else "en")
    assert (when.text, remainder(text, when)) == (used, left)
    assert "".join(text[start:end] for start, end in when.spans).replace(" ", "") == used.replace(" … ", "").replace(
        " ", ""
    )


def test_nothing_is_taken_from_a_message_without_a_time() -> None:
    assert remainder("a filling,  please", None) == "a filling, please"


def test_a_start_is_allowed_from_the_beginning_of_a_window_to_before_its_end() -> None:
    when = ask("thursday between 2 and 4 or friday at 9")
    starts = [
        datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)
        for day, hour, minute in [(19, 13, 59), (19, 14, 0), (19, 15, 59), (19, 16, 0), (20, 9, 0), (20, 9, 1)]
    ]
    assert [when.allows(start) for start in starts] == [False, True, True, False, True, False]


@pytest.mark.parametrize("phrase", ["next friday at 3", "asap", "today at 9", "next week, not monday morning"])
def test_what_was_understood_can_be_kept_as_json(phrase: str) -> None:
    when = ask(phrase)
    assert load(json.loads(json.dumps(dump(when))), BERLIN) == when


def test_the_second_of_two_equal_hours_is_kept_apart() -> None:
    when = ask("in 5 minutes", now=datetime(2026, 10, 25, 1, 20, tzinfo=UTC))
    again = load(dump(when), BERLIN)
    assert [window.start.astimezone(UTC) for window in again.windows] == [
        window.start.astimezone(UTC) for window in when.windows
    ]
