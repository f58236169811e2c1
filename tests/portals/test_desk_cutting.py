"""How a day is cut into what the sheet shows, in minutes since midnight."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.portals.desk.cutting import DAY, ROW, SHORTEST, Span, hours_shown, pieces, without

STYLES = Path(__file__).parents[2] / "clinic/static/clinic/desk-times.css"
spans = st.lists(
    st.tuples(st.integers(0, DAY // ROW - 1), st.integers(1, 60)).map(
        lambda pair: Span(pair[0] * ROW, min((pair[0] + pair[1]) * ROW, DAY))
    ),
    max_size=6,
)


def minutes(found: list[Span]) -> set[int]:
    return {minute for span in found for minute in range(span.start, span.end)}


@given(spans, spans)
def test_what_is_cut_out_is_gone_and_nothing_else(given_: list[Span], taken: list[Span]) -> None:
    assert minutes(without(given_, taken)) == minutes(given_) - minutes(taken)


@given(spans)
def test_pieces_cover_what_is_free_and_do_not_meet(free: list[Span]) -> None:
    apart = without([Span(0, DAY)], without([Span(0, DAY)], free))
    found = pieces(apart)
    assert minutes(found) == minutes(apart)
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("free", "cut"),
    [
        (Span(540, 660), [(540, 570), (570, 600), (600, 630), (630, 660)]),
        (Span(565, 660), [(565, 600), (600, 630), (630, 660)]),  # 5 minutes go with the next half hour
        (Span(540, 640), [(540, 570), (570, 600), (600, 640)]),
        (Span(550, 560), [(550, 560)]),
        (Span(565, 575), [(565, 570), (570, 575)]),
    ],
)
def test_free_time_is_cut_at_the_half_hours(free: Span, cut: list[tuple[int, int]]) -> None:
    told = [(one.start, one.end) for one in pieces([free])]
    assert told == ([(free.start, free.end)] if free.minutes < SHORTEST else cut)


def test_the_sheet_shows_full_hours() -> None:
    assert (hours_shown([]), hours_shown([Span(530, 545), Span(600, 1021)]), hours_shown([Span(0, DAY)])) == (
        (8, 17), (8, 18), (0, 24),
    )  # fmt: skip


def test_every_piece_has_its_place_in_the_stylesheet() -> None:
    rules = STYLES.read_text()
    missing = {
        name
        for start in range(0, DAY, ROW)
        for length in (1, ROW, 30, DAY - start)
        for name in Span(start, start + length).classes.split()
        if f".{name} {{" not in rules
    }
    assert missing == set()
