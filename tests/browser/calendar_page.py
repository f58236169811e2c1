"""The dentist's calendar as browser tests use it: open it, find a block, drag it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from appointments.models import Appointment
from clinic.core import db
from tests.browser.conftest import DESKTOP
from tests.browser.people import is_live, people
from tests.factories import Cast


@contextmanager
def calendar(cast: Cast, browser: Browser, server: str, query: str = "", **options: Any) -> Iterator[Page]:
    """Dr. Weber's calendar of the week with that Monday, live."""
    year, week, _day = cast.monday.isocalendar()
    with people(browser, server, **({**DESKTOP, **options})) as somebody:
        page = somebody(f"/dentist/calendar?{query or f'week={year}-W{week:02}'}", email=cast.weber.email)
        is_live(page)
        yield page


def block(page: Page, visit: Appointment) -> Locator:
    return page.locator(f'[data-visit="{visit.pk}"]')


def stands(page: Page, visit: Appointment, start: datetime) -> None:
    """Waits until the block stands at this time, and no ghost of it is left."""
    expect(block(page, visit).locator("time")).to_have_attribute("datetime", start.isoformat())
    expect(page.locator("[data-ghost]")).to_be_hidden()


def stored(visit: Appointment) -> datetime:
    with db.as_owner():
        return Appointment.objects.get(pk=visit.pk).starts_at


def drag(page: Page, visit: Appointment, *, hours: float, days: int = 0, drop: bool = True) -> None:
    """Drags a block by so many hours and columns."""
    handle = block(page, visit)
    handle.scroll_into_view_if_needed()
    box, column = handle.bounding_box(), page.locator("[data-column]").first.bounding_box()
    assert box is not None
    assert column is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * (column["width"] + 1) / 2, y + hours * 96 / 2, steps=3)
    page.mouse.move(x + days * (column["width"] + 1), y + hours * 96, steps=3)
    if drop:
        page.mouse.up()
