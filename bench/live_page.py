"""From a commit to the changed page in Chromium: a slot that somebody else holds greys out, and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
from playwright.sync_api import Page, sync_playwright

from availability.catalogue import Offered
from availability.queries import slots_on
from bench.clinic_days import shortest_offers
from bench.figures import Figure, Spread
from bench.ground import Ground
from bench.live import relay
from clinic.core import clock, db
from clinic.core.actor import ANONYMOUS
from tests.chromium import find_chromium

CHANGES = 100
APART = 400  # milliseconds: a page asks at once, and then not again within a quarter of a second
_HOLD = """
    INSERT INTO availability_reservation (id, dentist_id, treatment_id, holder, address, starts_at, ends_at, busy_from,
                                          busy_until, expires_at)
    VALUES (gen_random_uuid(), %(dentist)s, %(treatment)s, 'a:bench', '', %(start)s, %(end)s, %(start)s, %(end)s,
            now() + interval '5 minutes')
"""
# Milliseconds since 1970 at which the slot looked as expected: asked before each frame is drawn, as a reader would see it.
_WATCH = """([start, state]) => {
    window.seen = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`${start} never became ${state}`)), 10000);
        const look = () => document.querySelector(`button[value="${start}"]`)?.dataset.state === state
            ? resolve(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
        look();
    });
}"""
_FETCH = """async url => {
    const began = performance.now();
    await (await fetch(url)).text();
    return performance.now() - began;
}"""


def measure(ground: Ground) -> list[Figure]:
    offered, day, slots = _free_day()
    with relay(ground), ground.daphne() as server, ground.owner() as writer, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        url = f"http://127.0.0.1:{server.port}/dentists/{offered.dentist.slug}?treatment={offered.treatment.slug}&day={day}"
        page.goto(url)
        page.wait_for_timeout(2000)  # its socket is open by then; a change before would be seen, too, but later
        taken = Spread.of(list(_changes(ground, page, writer, offered, slots)))
        floor = Spread.of([page.evaluate(_FETCH, url) for _ in range(ground.times(CHANGES, least=20))])
        browser.close()
    return [
        Figure("commit to changed page; floor: the page fetched once", "ms", taken, floor, "p99 < 100", taken.p99 < 100)
    ]


def _free_day() -> tuple[Offered, date, list[datetime]]:
    for offered in shortest_offers():
        for number in range(2, 60):
            day = clock.today() + timedelta(days=number)
            with db.reading(ANONYMOUS):
                starts = [slot.start for slot in slots_on(ANONYMOUS, offered, day)]
            if len(starts) >= 4:
                return offered, day, starts
    raise RuntimeError("No day has four free slots.")


def _changes(
    ground: Ground, page: Page, writer: psycopg.Connection[Any], offered: Offered, slots: list[datetime]
) -> Iterator[float]:
    for number in range(ground.times(CHANGES, least=20)):
        start = slots[number % len(slots)]
        values = {
            "dentist": offered.dentist.pk, "treatment": offered.treatment.pk, "start": start, "end": start + offered.duration,
        }  # fmt: skip
        shown = clock.local(start).isoformat()
        yield _seen(page, writer, shown, "taken", _HOLD, values)
        yield _seen(page, writer, shown, "free", "DELETE FROM availability_reservation WHERE holder = 'a:bench'", {})


def _seen(
    page: Page, writer: psycopg.Connection[Any], start: str, state: str, sql: Any, values: dict[str, Any]
) -> float:
    """Milliseconds from the commit until the slot looks so."""
    page.wait_for_timeout(APART)
    page.evaluate(_WATCH, [start, state])
    with writer.transaction():
        writer.execute(sql, values)
        began = time.time()
    return float(page.evaluate("() => window.seen")) - began * 1000
