"""Browsers side by side, each of somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.factories.people import PASSWORD

Somebody = Callable[..., Page]


@contextmanager
def people(browser: Browser, *servers: str, **options: Any) -> Iterator[Somebody]:
    """Gives a function that opens a page: of nobody in particular, or of whoever signs in with `email`. Of several server
    processes each serves whoever comes next."""
    turns = cycle(servers)
    with ExitStack() as stack:

        def somebody(path: str = "/", *, email: str = "", password: str = PASSWORD, **more: Any) -> Page:
            context = stack.enter_context(browser.new_context(locale="en-GB", **(options | more)))
            page, server = context.new_page(), next(turns)
            if email:
                sign_in(page, server, email, password)
            page.goto(f"{server}{path}")
            return page

        yield somebody


def sign_in(page: Page, server: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{server}/accounts/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def tab_to(page: Page, selector: str, *, most: int = 120) -> None:
    """Presses Tab until the focus is on what the selector names, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def is_live(page: Page) -> None:
    """Waits until the page hears of changes."""
    expect(page.locator("html[data-live-state=live]")).to_be_attached()
