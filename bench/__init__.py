"""Benchmarks, run by hand: `python -m bench` lists them, docs/performance.md says what they found."""

from __future__ import annotations

from dataclasses import dataclass

LARGE, SMALL = "clinic_large", "clinic_small"


@dataclass(frozen=True)
class Bench:
    """What a benchmark answers, and the database that it works on: a clinic, or a copy of its own of the large one."""

    question: str
    writes: bool = False


BENCHES = {
    "slots_http": Bench("How fast are the slots of one day over HTTP, and does history make them slower?"),
    "first_available": Bench("How fast is the first free slot among all dentists over 60 days found?", writes=True),
    "bookings": Bench("How many bookings a second do two server processes take?", writes=True),
    "races": Bench("What happens when 200 people want one slot, or overlapping ones, at once?", writes=True),
    "expiry_confirm": Bench("Is anybody told a lie when holds run out while they are confirmed?", writes=True),
    "identity": Bench("What do row-level security and the signed context cost?", writes=True),
    "live": Bench("How long is it from a commit to the last open page, and what does a socket cost?", writes=True),
    "live_page": Bench("How long is it from a commit until a reader sees it in the page?", writes=True),
    "pages": Bench("How much time, how many queries and how many bytes do the pages take?", writes=True),
}
