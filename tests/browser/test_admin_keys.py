"""The practice manager works without a mouse: menus, filters and forms of admin are reached, named and said."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser, ViewportSize, expect

from clinic.core import db
from tests.browser.people import people, tab_to
from tests.browser.wcag import broken_rules, sideways
from tests.factories import Cast

pytestmark = pytest.mark.browser
ADMIN = "ada@example.org"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


def pages() -> list[str]:
    """Of every model its list, its empty form and its first row; the front page."""
    found = [reverse("admin:index")]
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        with db.as_owner():
            row = model._default_manager.order_by("pk").first()
        found.append(reverse(f"{name}_changelist"))
        if "has_add_permission" not in vars(type(page)):
            found.append(reverse(f"{name}_add"))
        if row is not None:
            found.append(reverse(f"{name}_change", args=[row.pk]))
    return found


def test_a_phones_menu_opens_by_keys_and_leads_out(cast: Cast, server: str, browser: Browser) -> None:
    with people(browser, server, viewport=PHONE, reduced_motion="reduce") as somebody:
        page = somebody(reverse("admin:dentists_dentist_change", args=[cast.weber.pk]), email=ADMIN)
        page.keyboard.press("Tab")
        expect(page.locator(".skip-link")).to_be_focused()
        menu, close = (page.get_by_role("button", name=name, exact=True) for name in ("Menu", "Close"))
        tab_to(page, "#header-inner [role=button]")
        expect(menu).to_be_focused()
        page.keyboard.press("Enter")
        expect(close).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).to_be_focused()
        page.keyboard.press("Enter")
        tab_to(page, "#nav-sidebar [role=button]")
        page.keyboard.press(" ")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
        page.keyboard.press("Escape")
        assert broken_rules(page) == []


@pytest.mark.thorough
def test_a_forms_fields_have_names_and_its_first_fault_is_shown(cast: Cast, server: str, browser: Browser) -> None:
    with people(browser, server, viewport=DESKTOP, reduced_motion="reduce") as somebody:
        page = somebody(reverse("admin:availability_timeoff_add"), email=ADMIN)
        expect(page.get_by_role("combobox", name="Dentist")).to_be_visible()
        assert [*broken_rules(page), *sideways(page)] == []
        page.goto(f"{server}{reverse('admin:core_clinicsettings_changelist')}")
        page.get_by_label("Holds per hour and holder").fill("-1")
        page.get_by_role("button", name="Save", exact=True).click()
        wrong = page.get_by_label("Holds per hour and holder")
        expect(wrong).to_be_focused()
        expect(wrong).to_be_in_viewport()


@pytest.mark.thorough
def test_a_list_is_narrowed_by_keys(cast: Cast, server: str, browser: Browser) -> None:
    with people(browser, server, viewport=DESKTOP, reduced_motion="reduce") as somebody:
        page = somebody(reverse("admin:dentists_dentist_changelist"), email=ADMIN)
        page.get_by_role("button", name="Filters").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#changelist-filter a").first).to_be_focused()
        assert broken_rules(page) == []


@pytest.mark.thorough
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")])
def test_no_page_of_admin_breaks_a_rule(
    cast: Cast, server: str, browser: Browser, size: ViewportSize, scheme: str
) -> None:
    cast.booked(cast.nobody(), cast.at(9))
    found = {}
    with people(browser, server, viewport=size, color_scheme=scheme, reduced_motion="reduce") as somebody:
        page = somebody("/admin/", email=ADMIN)
        for path in pages():
            answer = page.goto(f"{server}{path}")
            if answer is not None and answer.ok and (faults := [*broken_rules(page), *sideways(page)]):
                found[path] = faults
    assert found == {}
