"""What people typed who mean harm, in a real Chromium: on the pages that show it no script of theirs runs or is even tried."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from appointments import links
from appointments.booking import Booked
from availability.models import Closure
from clinic.accounts.models import User
from clinic.core import db
from dentists.models import Treatment
from tests.browser.test_content_policy import browsing, with_markup
from tests.factories import Cast
from tests.security.injection_corpus import MARKUP
from tests.security.test_injection_corpus import typed_everywhere

pytestmark = [pytest.mark.browser, pytest.mark.thorough]
# As much as a name may hold: a page that took it for markup would call the function, or try to and be refused.
TEXT = f"{MARKUP[0]}{MARKUP[1].removeprefix('Zed')}"
_CALLED = "window.called = []; window.__pwned = () => window.called.push(location.pathname);"


@pytest.fixture(autouse=True)
def _no_tries_counted() -> None:
    cache.clear()


def pages(cast: Cast, booked: Booked) -> dict[str, tuple[User | None, list[str]]]:
    """Who opens what of all that shows the texts."""
    visit, person = booked.appointment.pk, booked.appointment.patient_id
    with db.signing_in():
        weber = User.objects.get(dentist_id=cast.weber.pk)
    return {
        "anonymous": (None, ["/", "/dentists/eva-weber?treatment=check-up", f"/visit/{links.token_for(visit)}"]),
        "patient": (cast.ana, ["/visits", f"/visits/{visit}", f"/visits/{visit}/cancel", f"/visits/{visit}/move", "/people",
                               f"/people/{person}", "/account/data"]),
        "dentist": (weber, [f"/dentist/?day={cast.monday}", f"/dentist/calendar?day={cast.monday}", "/dentist/time-off",
                            "/dentist/visits?status=", f"/dentist/visits/{visit}"]),
        "desk": (cast.dana, ["/", "/accounts/security"]),
        "admin": (cast.ada, ["/admin/appointments/appointment/", f"/admin/appointments/appointment/{visit}/change/",
                             f"/admin/patients/patient/{person}/change/", "/admin/dentists/dentist/",
                             f"/admin/dentists/dentist/{cast.weber.pk}/change/", "/admin/availability/closure/",
                             "/admin/history/change/", "/admin/core/clinicsettings/1/change/"]),
    }  # fmt: skip


def opened(page: Page, server: str, paths: list[str]) -> list[str]:
    """What was run, refused, or asked with a dialogue on these pages."""
    found: list[str] = []

    def asks(dialog: Any) -> None:
        found.append(f"dialogue: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", asks)
    for path in paths:
        answer = page.goto(f"{server}{path}", wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found += [f"{path}: {one}" for one in page.evaluate("[...window.called, ...window.refused]")]
    return found


@pytest.mark.parametrize("bypassed", [False, True], ids=["with the policy", "without the policy"])
def test_no_text_runs_on_any_page_that_shows_it(cast: Cast, server: str, browser: Browser, bypassed: bool) -> None:
    """Without the policy nothing but escaping stands before it."""
    booked = typed_everywhere(cast, TEXT)
    with db.as_owner():
        Treatment.objects.filter(pk=cast.checkup.pk).update(name=TEXT)
        Closure.objects.create(date=cast.at(9, days=7).date(), name=TEXT)
        cast.weber.time_off.create(starts_at=cast.at(9, days=3), ends_at=cast.at(12, days=3), reason=TEXT)
    told, shown = {}, ""
    for name, (account, paths) in pages(cast, booked).items():
        with browsing(browser, {"bypass_csp": bypassed}, server, account) as page:
            page.add_init_script(_CALLED)
            told[name] = opened(page, server, paths)
            shown += page.inner_text("body")
    assert told == {"anonymous": [], "patient": [], "dentist": [], "desk": [], "admin": []}
    assert "<script>window.__pwned()</script>" in shown  # and it is there to be read


@pytest.mark.parametrize("text", MARKUP[:2])
def test_a_page_that_believes_it_is_noticed(cast: Cast, server: str, browser: Browser, text: str) -> None:
    """The control: the text put into a page as it is, as an unescaped template would."""
    for bypassed, expected in ((False, "script-src"), (True, "/find-visit")):
        with browsing(browser, {"bypass_csp": bypassed}, server) as page:
            page.add_init_script(_CALLED)
            with_markup(page, f"{server}/find-visit", f'<p title="x">{text}</p>')
            page.wait_for_function("window.called.length + window.refused.length > 0")
            assert expected in page.evaluate("[...window.called, ...window.refused].join(' ')")
