"""What WCAG 2.2 AA asks of an open page, as far as a program sees it; everything found is told in words, nothing is none."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TARGET = 44  # px, more than 2.5.8 asks for
# In a grid of time a place is as high as the time lasts (essential, 2.5.8), and each day is a list elsewhere as well.
IN_TIME = ".calendar-grid, .sheet"
TARGET_IN_TIME = 24

_SMALL = (Path(__file__).parent / "small_targets.js").read_text(encoding="utf-8")


def broken_rules(page: Page) -> list[str]:
    """What axe finds, each with the first element that it found."""
    issues = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in issues]


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is smaller than `TARGET` in one direction, but for links in sentences."""
    return [f"small target: {one}" for one in page.evaluate(_SMALL, [TARGET, IN_TIME, TARGET_IN_TIME])]


def sideways(page: Page) -> list[str]:
    """Whether the page scrolls sideways at its width; what scrolls in a box of its own may."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"scrolls sideways: {width} px wide at {room}"] if width > room else []
