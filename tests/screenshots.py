"""Pictures of the real pages with the demo clinic, into docs/screenshots: `make screenshots`.

Each page on a phone in light and on a desktop in dark colours, in the order in which a person meets them.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from clinic.embedded.local_env import child_environment, site_settings
from clinic.embedded.servers import running
from tests.chromium import find_chromium

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
SCREENS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
Shot = Callable[[str], None]


@contextmanager
def demo_site() -> Iterator[str]:
    """The address of the demo clinic, served until the block ends."""
    with (
        tempfile.TemporaryDirectory(prefix="clinic-") as folder,
        running(Path(folder), durable=False, environ={}) as servers,
    ):
        settings = site_settings({}, Path(folder), servers, 0)
        environment = child_environment(os.environ, {**settings, "DJANGO_SETTINGS_MODULE": "clinic.settings"})
        subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, check=True)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            command = [sys.executable, "-m", "daphne", "--fd", str(listening.fileno()), "clinic.asgi:application"]
            server = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[listening.fileno()])
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()
                server.wait(timeout=15)


def patient(page: Page, site: str, shot: Shot) -> None:
    page.goto(site)
    shot("start")
    page.get_by_role("link", name="Dr. Eva Weber").first.click()
    shot("dentist")
    page.get_by_role("link", name="Check-up").first.click()
    shot("times")
    page.locator("button.slot").nth(2).click()
    shot("details")
    page.get_by_label("Full name").fill("Mia Sample")
    page.get_by_role("button", name="Continue").click()
    shot("details-errors")
    page.get_by_label("Email").fill("mia@example.org")
    page.get_by_label("Phone").fill("030 7654321")
    page.get_by_role("button", name="Continue").click()
    shot("details-visit")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Confirm booking").click()
    shot("confirmation")
    page.goto(f"{site}/nothing-here")
    shot("not-found")


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/accounts/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill("demo-clinic")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def account(page: Page, site: str, shot: Shot) -> None:
    for path, name in (("sign-in", "sign-in"), ("sign-up", "sign-up"), ("password/reset", "password")):
        page.goto(f"{site}/accounts/{path}")
        shot(name)
    page.goto(f"{site}/find-visit")
    shot("find-visit")
    sign_in(page, site, "lena.hoffmann@example.org")
    page.goto(f"{site}/people")
    shot("family")
    page.goto(f"{site}/visits")
    shot("my-appointments")
    page.locator("li[data-visit] a").first.click()
    shot("visit")
    if page.get_by_role("link", name="Move the visit").count():
        page.get_by_role("link", name="Move the visit").click()
        shot("move")
        page.locator("button.slot").first.click()
        shot("move-confirm")


def dentist(page: Page, site: str, shot: Shot) -> None:
    sign_in(page, site, "eva.weber@lindenhof.example")
    # The next day with visits, so that the picture shows a working day whenever it is taken.
    for _ in range(7):
        if page.locator("li[data-visit]").count():
            break
        with page.expect_navigation():
            page.get_by_role("link", name="The day after").click()
    shot("dentist-day")
    page.locator("li[data-visit] a").first.click()
    shot("dentist-visit")
    for path in ("visits", "hours", "dates", "time-off"):
        page.goto(f"{site}/dentist/{path}")
        shot(f"dentist-{path}")


def admin(page: Page, site: str, shot: Shot) -> None:
    sign_in(page, site, "admin@lindenhof.example")
    shot("admin")
    for path in ("appointments/appointment", "dentists/dentist", "notifications/message"):
        page.goto(f"{site}/admin/{path}/")
        shot(f"admin-{path.partition('/')[2]}s")


STORIES = [patient, account, dentist, admin]


def _take(page: Page, path: Path, whole: bool) -> None:
    try:
        page.screenshot(path=path, full_page=whole)
    except Error:
        # On a busy machine Chromium sometimes has no frame to give; the next one will do.
        page.screenshot(path=path, full_page=whole)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with demo_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        for screen, options in SCREENS.items():
            for story in STORIES:
                with browser.new_context(**options, locale="en-GB", reduced_motion="reduce") as context:  # type: ignore[arg-type]  # playwright's own options
                    page = context.new_page()

                    def shot(name: str, page: Page = page, screen: str = screen) -> None:
                        whole = screen == "desktop" and not name.startswith("admin")
                        _take(page, TARGET / f"{name}-{screen}.png", whole)

                    story(page, site, shot)
        browser.close()
    print(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
