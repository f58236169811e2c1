"""Mails that stay on this machine, and the page that shows them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from appointments import links
from clinic.notifications import local_mail, sending
from clinic.notifications.models import State
from tests.factories import Cast
from tests.notifications.post import change, the_message

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "clinic.notifications.local_mail.LocalBackend"
    settings.LOCAL_MAILS = tmp_path / "mails"
    return tmp_path / "mails"


def test_a_mail_is_shown_and_told(cast: Cast, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9)).appointment
    message = the_message()
    sending.send(message.pk)
    name = f"{message.pk}.0_127.0.0.1"
    page = f"/dev/mails/{name}"
    assert "mail to gus@example.net: Booked: Monday" in caplog.text
    assert f"http://127.0.0.1:8000{page}" in caplog.text
    listed = client.get("/dev/mails").content.decode()
    assert page in listed
    shown = client.get(page).content.decode()
    for told in ("Your visit is booked", "gus@example.net", "visit.ics", f"{page}/html", f"{page}/0"):
        assert told in shown
    html = client.get(f"{page}/html")
    assert f"/visit/{links.token_for(visit.pk)}" in html.content.decode()
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert html["Content-Security-Policy"].startswith("sandbox allow-popups")
    calendar = client.get(f"{page}/0")
    assert calendar["Content-Type"] == "text/calendar"
    assert calendar.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_a_mail_sent_twice_is_there_once(cast: Cast, folder: Path) -> None:
    cast.booked(cast.as_ana, cast.at(9))
    message = the_message()
    sending.send(message.pk)
    change("UPDATE notifications_message SET state = %s", State.SENDING)
    sending.send(message.pk)
    assert [name for name, _ in local_mail.kept()] == [f"{message.pk}.0_127.0.0.1"]
    assert len(list(folder.iterdir())) == 1


def test_only_the_newest_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_mail, "KEPT", 2)
    for number in range(4):
        mail.EmailMessage(f"number {number}", "", to=["x@example.org"]).send()
        for path in folder.glob("*.eml"):
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 1_000_000_000))
    assert [found["Subject"] for _, found in local_mail.kept()] == ["number 3", "number 2"]


def test_what_is_not_there_is_not_found(database: None, client: Client, folder: Path) -> None:
    for path in ("x", "x/html", "x/0", "..%2f..%2fsecret", "..%2f..%2fsecret/html"):
        assert client.get(f"/dev/mails/{path}").status_code == 404
    assert "Nothing yet" in client.get("/dev/mails").content.decode()


def test_production_has_neither_page_nor_folder_nor_backend() -> None:
    environment = {
        **os.environ, "CLINIC_ENV": "production", "ALLOWED_HOSTS": "clinic.example", "SITE_URL": "https://clinic.example",
        "EMAIL_URL": "smtp+tls://mail.example", "MAIL_FROM": "clinic@clinic.example",
        "DJANGO_SETTINGS_MODULE": "clinic.settings", "DATABASE_URL": "postgresql://owner@/clinic?host=/nonexistent",
    }  # fmt: skip
    ask = (
        "import django; django.setup()\n"
        "from django.conf import settings; from django.urls import resolve, Resolver404\n"
        "assert settings.LOCAL_MAILS is None and 'smtp' in settings.EMAIL_BACKEND\n"
        "try: resolve('/dev/mails')\n"
        "except Resolver404: print('no page')\n"
    )
    said = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (said.stdout, said.stderr) == ("no page\n", "")
