"""Pictures of every page with the demo clinic, into docs/screenshots: `make screenshots`, or `ARGS="desk admin"` for some.

Each page on a phone and on a desktop, in light and in dark, at a moment that stands still: a picture changes when its page
does. WebP, because a page in four pictures is a lot.
"""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from clinic.embedded.local_env import child_environment, site_settings
from clinic.embedded.servers import running
from tests.chromium import find_chromium
from tests.screenshot_stories import STORIES, Story
from tests.still import MOMENT, stop_clock_of

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
SCREENS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}
SCHEMES = ("light", "dark")
TALLEST = 2000  # px; what is below says nothing new
QUALITY = 50  # of WebP, where text stays sharp
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """The address of a server that answers by now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "tests.still",
            "daphne",
            "--fd",
            str(listening.fileno()),
            "clinic.asgi:application",
        ]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[listening.fileno()])
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=15)


@contextmanager
def demo_site() -> Iterator[tuple[str, str]]:
    """The addresses of the demo clinic, and of the same one with DEBUG, where the design page is."""
    with (
        tempfile.TemporaryDirectory(prefix="clinic-") as folder,
        running(Path(folder), durable=False, environ={}) as servers,
    ):
        if servers.postgres is None:
            raise RuntimeError("The clock can be stopped in a database of our own only.")
        stop_clock_of(servers.postgres.superuser_url.replace("/postgres?", "/clinic?"))
        settings = site_settings({}, Path(folder), servers, 0) | {"DJANGO_SETTINGS_MODULE": "clinic.settings"}
        environment = child_environment(os.environ, settings | {"LOG_LEVEL": "WARNING"})
        prepare = [sys.executable, "-m", "tests.still", "manage.py", "prepare"]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True)
        relaying = [sys.executable, "-m", "tests.still", "manage.py", "relay"]
        relay = subprocess.Popen(relaying, cwd=ROOT, env=environment)
        try:
            with served(environment) as site, served(environment | {"DEBUG": "1"}) as debugged:
                yield site, debugged
        finally:
            relay.terminate()
            relay.wait(timeout=15)


class Camera:
    """Takes the pictures of one story on one screen in one scheme; `look` shows a path and takes it."""

    def __init__(self, page: Page, sites: tuple[str, str], suffix: str) -> None:
        self.page = page
        self.site, self.debugged = sites
        self._suffix = suffix
        self._session: CDPSession = page.context.new_cdp_session(page)

    def look(self, path: str, name: str) -> None:
        self.page.goto(f"{self.site}{path}")
        self.take(name)

    def take(self, name: str) -> None:
        """The page from its top, as far down as there is something new."""
        usual = self.page.viewport_size or {"width": 1280, "height": 900}
        width, height = usual["width"], self.page.evaluate("document.documentElement.scrollHeight")
        height = max(usual["height"], min(height, TALLEST))
        # A window as high as the picture, so that what stands at the window's edge stands at the picture's.
        self.page.set_viewport_size({"width": width, "height": height})
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        told = self._session.send(
            "Page.captureScreenshot",
            {"format": "webp", "quality": QUALITY, "clip": clip},
        )
        self.page.set_viewport_size(usual)
        (TARGET / f"{name}-{self._suffix}.webp").write_bytes(base64.b64decode(told["data"]))


def tell(browser: Browser, story: Story, sites: tuple[str, str], screen: str, scheme: Any) -> None:
    options = SCREENS[screen] | {
        "color_scheme": scheme, "locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce",
    }  # fmt: skip
    with browser.new_context(**options) as context:
        context.clock.set_fixed_time(MOMENT)
        story(Camera(context.new_page(), sites, f"{screen}-{scheme}"))


def main(wanted: list[str]) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    stories = [STORIES[name] for name in wanted or STORIES]
    with demo_site() as sites, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM)
        for story, screen, scheme in product(stories, SCREENS, SCHEMES):
            tell(browser, story, sites, screen, scheme)
        browser.close()
    pictures = list(TARGET.glob("*.webp"))
    size = sum(picture.stat().st_size for picture in pictures) / 1e6
    print(f"{len(pictures)} pictures in {TARGET.relative_to(ROOT)}, {size:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
