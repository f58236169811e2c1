"""What is photographed: the pages in the order in which a person meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.screenshots import Camera

Story = Callable[["Camera"], None]
PASSWORD = "demo-clinic"


def sign_in(camera: Camera, email: str) -> None:
    page = camera.page
    page.goto(f"{camera.site}/accounts/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def patient(camera: Camera) -> None:
    page = camera.page
    camera.look("/", "patient-start")
    camera.look("/?treatment=check-up", "patient-search")
    camera.look("/?q=zebra", "patient-search-empty")
    camera.look("/times", "patient-treatments")
    camera.look("/times?treatment=check-up", "patient-times-anybody")
    camera.look("/dentists/eva-weber", "patient-dentist")
    camera.look("/dentists/eva-weber?treatment=check-up", "patient-times")
    page.locator("button.slot:enabled").first.click()
    page.wait_for_url("**/book/*")
    camera.take("patient-details")
    page.get_by_label("Full name").fill("Mia Sample")
    page.get_by_role("button", name="Continue").click()
    camera.take("patient-details-errors")
    page.get_by_label("Email").fill("mia@example.org")
    page.get_by_label("Phone").fill("030 7654321")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Confirm booking").wait_for()
    camera.take("patient-details-visit")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Confirm booking").click()
    page.wait_for_url("**/visit/*")
    camera.take("patient-confirmation")
    for path, name in (("move", "move"), ("cancel", "cancel")):
        camera.look(f"{page.url.removeprefix(camera.site).split('/move')[0]}/{path}", f"patient-{name}")
    camera.look("/find-visit", "patient-find-visit")
    camera.look("/nothing-here", "error-not-found")


def account(camera: Camera) -> None:
    page = camera.page
    for path in ("sign-in", "sign-in/mail", "sign-up", "password/reset"):
        camera.look(f"/accounts/{path}", f"account-{path.replace('/', '-')}")
    sign_in(camera, "lena.hoffmann@example.org")
    for path in ("security", "password", "email", "second-factor"):
        camera.look(f"/accounts/{path}", f"account-{path}")
    for path in ("data", "erase"):
        camera.look(f"/account/{path}", f"account-{path}")
    camera.look("/dentist/", "error-forbidden")
    camera.look("/people/add", "account-person")
    camera.look("/people", "account-family")
    camera.look("/visits", "account-visits")
    page.locator("li[data-visit] a").first.click()
    page.wait_for_url("**/visits/*")
    camera.take("account-visit")


def chat(camera: Camera) -> None:
    page = camera.page
    camera.look("/chat", "chat-opening")
    page.get_by_label("Your message").fill("My tooth hurts since yesterday, can I come this week?")
    page.get_by_role("button", name="Send").click()
    page.locator("#said-2, [data-key=said-2]").first.wait_for()
    camera.take("chat-answer")


def dentist(camera: Camera) -> None:
    sign_in(camera, "eva.weber@lindenhof.example")
    camera.look("/dentist/", "dentist-today")
    camera.page.locator("li[data-visit] a").first.click()
    camera.page.wait_for_url("**/dentist/visits/*")
    camera.take("dentist-visit")
    for path, name in (
        ("calendar", "week"),
        ("calendar?date=2027-01-11", "day"),
        ("calendar/book?date=2027-01-12&time=11:00", "book"),
        ("visits", "visits"),
        ("hours", "hours"),
        ("dates", "dates"),
        ("time-off", "time-off"),
        ("ill?date=2027-01-12", "ill"),
        ("profile", "profile"),
    ):
        camera.look(f"/dentist/{path}", f"dentist-{name}")


def desk(camera: Camera) -> None:
    page = camera.page
    sign_in(camera, "desk@lindenhof.example")
    camera.look("/desk/", "desk-day")
    address = page.locator("[data-sheet] .visit a:visible").first.get_attribute("href") or ""
    camera.look(address, "desk-visit")
    camera.look("/desk/people?q=ho", "desk-people")
    page.locator(".rows a:visible").first.click()
    page.wait_for_url("**/desk/people/*")
    camera.take("desk-person")
    camera.look("/desk/book", "desk-book")
    camera.look("/desk/absence", "desk-absence")


def admin(camera: Camera) -> None:
    page = camera.page
    sign_in(camera, "admin@lindenhof.example")
    camera.look("/admin/", "admin-front")
    for model in (
        "appointments/appointment", "dentists/dentist", "dentists/treatment", "availability/workinghours",
        "availability/closure", "patients/patient", "accounts/user", "notifications/message", "history/change",
        "realtime/realtimeevent",
    ):  # fmt: skip
        camera.look(f"/admin/{model}/", f"admin-{model.partition('/')[2]}s")
        if model in ("appointments/appointment", "dentists/dentist"):
            address = page.locator("#result_list a[href*='/change/']").first.get_attribute("href") or ""
            camera.look(address, f"admin-{model.partition('/')[2]}")
    camera.look("/admin/core/clinicsettings/", "admin-settings")


def design(camera: Camera) -> None:
    camera.page.goto(f"{camera.debugged}/design")
    camera.take("design")


# Who only looks comes first: then a story told alone shows the same. The office before all, because how long news takes is
# measured by a clock that cannot be stopped.
STORIES: dict[str, Story] = {story.__name__: story for story in (admin, dentist, desk, account, design, chat, patient)}
