"""The content policy in a real Chromium: it stands in no page's way, and stops what somebody else put into a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from clinic.accounts.models import User
from tests.admin.conftest import signed_in
from tests.factories import Cast
from tests.security.site_pages import visitors

pytestmark = pytest.mark.browser
_LISTEN = """
  window.refused = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`);
  });
"""


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


@contextmanager
def browsing(browser: Browser, screen: dict[str, Any], server: str, account: User | None = None) -> Iterator[Page]:
    """A page in which this account is signed in, and which keeps what the policy refused in `refused`."""
    with browser.new_context(**screen, locale="en-GB") as context:
        if account is not None:
            sign_in(context, server, account)
        context.add_init_script(_LISTEN)
        yield context.new_page()


def sign_in(context: BrowserContext, server: str, account: User) -> None:
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": signed_in(account).cookies[name].value, "url": server}])


def listen(page: Page) -> list[str]:
    """What the browser or a script complains of from now on; a warning may be a header that it does not understand."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def without_failures(said: list[str]) -> list[str]:
    """Without the statuses of answers that were no success."""
    return [text for text in said if not text.startswith("Failed to load resource: the server responded with")]


def complaints(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    """What was refused or went wrong on each of these pages."""
    found: dict[str, list[str]] = {}
    here = listen(page)
    for address in addresses:
        page.goto(address, wait_until="load")
        # Two frames later the page's scripts have drawn what they draw.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if said := [*without_failures(here), *page.evaluate("window.refused")]:
            found[address] = said
        here.clear()
    return found


@pytest.mark.thorough
def test_no_page_of_anybody_breaks_the_policy(
    cast: Cast, server: str, browser: Browser, screen: dict[str, Any]
) -> None:
    opened: dict[str, dict[str, list[str]]] = {}
    for visitor in visitors(cast):
        # Of each model in admin the list and one row: what is added, deleted or told of the past looks the same.
        paths = [path for path in visitor.paths if not path.endswith(("/add/", "/delete/", "/history/"))]
        with browsing(browser, screen, server, visitor.account) as page:
            opened[visitor.name] = complaints(page, [f"{server}{path}" for path in paths])
    assert opened == {"anonymous": {}, "patient": {}, "dentist": {}, "desk": {}, "admin": {}}


def with_markup(page: Page, address: str, markup: str) -> None:
    """Opens a page into which somebody put this markup on its way; headers stay as they were."""

    def put_in(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", f"{markup}</body>", 1))

    page.route(address, put_in)
    page.goto(address)


INJECTED = {
    "<script>window.taken = true</script>": "script-src-elem inline",
    "<img src=/nothing alt='' onerror='window.taken = true'>": "script-src-attr inline",
    "<script src='https://elsewhere.example/x.js'></script>": "script-src-elem https://elsewhere.example/x.js",
    "<style>body { display: none }</style>": "style-src-elem inline",
    "<p style='position: fixed; inset: 0'>Pay here</p>": "style-src-attr inline",
    "<base href='https://elsewhere.example/'>": "base-uri https://elsewhere.example/",
    "<img src='https://elsewhere.example/seen.png' alt=''>": "img-src https://elsewhere.example/seen.png",
    "<iframe src='https://elsewhere.example/' title='x'></iframe>": "frame-src https://elsewhere.example",
    "<object data='https://elsewhere.example/x'></object>": "object-src https://elsewhere.example",
}


@pytest.mark.parametrize("markup", INJECTED, ids=INJECTED.values())
def test_what_somebody_puts_into_a_page_does_nothing(cast: Cast, server: str, browser: Browser, markup: str) -> None:
    with browsing(browser, {}, server) as page:
        with_markup(page, f"{server}/find-visit", markup)
        page.wait_for_function("window.refused.length > 0")
        assert (set(page.evaluate("window.refused")), page.evaluate("window.taken")) == ({INJECTED[markup]}, None)


def test_control_without_the_policy_an_injected_script_runs(cast: Cast, server: str, browser: Browser) -> None:
    with browsing(browser, {"bypass_csp": True}, server) as page:
        with_markup(page, f"{server}/find-visit", "<script>window.taken = true</script>")
        assert (page.evaluate("window.refused"), page.evaluate("window.taken")) == ([], True)


def test_a_form_that_somebody_put_into_a_page_sends_nothing_elsewhere(
    cast: Cast, server: str, browser: Browser
) -> None:
    with browsing(browser, {}, server) as page:
        address = f"{server}/find-visit"
        with_markup(page, address, "<form action='https://elsewhere.example/'><button>Win</button></form>")
        page.get_by_role("button", name="Win").click(no_wait_after=True)
        page.wait_for_function("window.refused.length > 0")
        assert page.evaluate("window.refused") == ["form-action https://elsewhere.example/?"]
        assert page.url == address


def test_an_admin_page_works_and_still_runs_no_inline_script(cast: Cast, server: str, browser: Browser) -> None:
    with browsing(browser, {"viewport": {"width": 1280, "height": 900}}, server, cast.ada) as page:
        with_markup(page, f"{server}/admin/", "<style>p { color: red }</style><script>window.taken = true</script>")
        assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--color-primary-600')") != ""
        assert page.evaluate("Boolean(window.Alpine) && Object.keys(document.body._x_dataStack[0]).length > 0")
        assert (sorted(page.evaluate("window.refused")), page.evaluate("window.taken")) == (
            ["script-src-elem inline", "style-src-elem inline"], None,
        )  # fmt: skip


def test_the_api_can_be_tried_on_its_page(cast: Cast, server: str, browser: Browser, screen: dict[str, Any]) -> None:
    with browsing(browser, screen, server) as page:
        said = listen(page)
        page.goto(f"{server}/api/docs")
        operation = page.locator(".opblock-get", has=page.locator("[data-path='/api/appointments']")).first
        operation.locator("button.opblock-summary-control").click()
        operation.get_by_role("button", name="Try it out").click()
        operation.get_by_role("button", name="Execute").click()
        expect(operation.locator(".live-responses-table tbody .response-col_status").first).to_have_text("401")
        # The browser tells of the 401 that was expected, and of nothing else.
        assert (without_failures(said), page.evaluate("window.refused")) == ([], [])
