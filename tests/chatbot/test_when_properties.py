"""What holds for any text at any moment."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatbot.when import When, remainder, understand
from chatbot.when.english import ENGLISH
from chatbot.when.german import GERMAN

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "UTC")]
SPRING = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)

WORDS = sorted({" ".join(words) for lexicon in (ENGLISH, GERMAN) for words in lexicon.entries})
FIGURES = [
    "3", "9", "15", "31", "12", "99", "3rd", "22nd", "3.", "31.", "9:30", "24:00", "25:61", "14h30", "3.12.", "31.2.",
    "3/12", "29/2", "12/3/2027", "2026-12-03", "0000-00-00", "9999-12-31", "1200", "9999", "-", "–", ",", ".", "/",
]  # fmt: skip

words = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(FIGURES)), max_size=14).map(" ".join)
texts = st.one_of(st.text(max_size=200), words)
moments = st.one_of(
    st.datetimes(datetime(1901, 1, 1), datetime(3990, 1, 1), timezones=st.sampled_from(ZONES)),  # noqa: DTZ001 - bounds
    st.integers(-2 * 86_400, 2 * 86_400).map(lambda seconds: datetime.fromtimestamp(SPRING.timestamp() + seconds, UTC)),
    st.integers(-2 * 86_400, 2 * 86_400).map(lambda seconds: datetime.fromtimestamp(AUTUMN.timestamp() + seconds, UTC)),
)
languages = st.sampled_from(["en", "de", "en-US", "fr", ""])


def check(when: When | None, text: str, now: datetime) -> None:
    if when is None:
        return
    edges = [(window.start.astimezone(UTC), window.end.astimezone(UTC)) for window in when.windows]
    assert all(start >= now for start, _ in edges)
    assert all(start < end for start, end in edges)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(edges))
    assert (when.problem is None) == bool(when.windows)
    assert all(0 <= start < end <= len(text) for start, end in when.spans)
    assert len(remainder(text, when)) <= len(text)


@settings(max_examples=150, deadline=None)
@given(texts, moments, st.sampled_from(ZONES), languages, st.booleans(), st.integers(0, 500))
@example("in 9999 years and 9999 months or 9999 weeks", datetime(3990, 1, 1, tzinfo=UTC), ZONES[0], "en", True, 400)
@example("sunday at 2:30 am", SPRING, ZONES[0], "en", True, 400)
@example("in 30 minutes", datetime(2026, 10, 25, 0, 40, tzinfo=UTC), ZONES[0], "en", True, 400)
def test_windows_are_ahead_in_order_and_disjoint(
    text: str, now: datetime, zone: ZoneInfo, language: str, day_first: bool, horizon: int
) -> None:
    when = understand(text, now=now, zone=zone, language=language, day_first=day_first, horizon_days=horizon)
    check(when, text, now)


@settings(max_examples=100, deadline=None)
@given(words, words, moments, languages)
def test_so_are_those_of_a_message_that_refers_to_another(
    first: str, second: str, now: datetime, language: str
) -> None:
    previous = understand(first, now=now, zone=ZONES[0], language=language)
    check(understand(second, now=now, zone=ZONES[0], language=language, previous=previous), second, now)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80), moments)
def test_text_without_letters_and_figures_names_no_time(text: str, now: datetime) -> None:
    signs = "".join(char for char in text if not char.isalnum())
    assert understand(signs, now=now, zone=ZONES[0]) is None
