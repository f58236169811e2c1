"""Every page in German: nothing of it is left in English."""

from __future__ import annotations

import pytest
from django.test import Client

from appointments.models import Appointment
from clinic.core import db
from clinic.core.models import ClinicSettings
from tests.factories import Cast
from tests.i18n.reading import Page, english, left_in_english
from tests.security.site_pages import Visitor, visitors

# For programmers, in English throughout, and it says so.
ENGLISH = {"/api/docs"}
# The history names columns of the database, which are words of the catalogue here and there.
COLUMNS = {"id", "name", "password", "email", "role", "language"}


@pytest.fixture
def everybody(cast: Cast) -> list[Visitor]:
    with db.as_owner():
        ClinicSettings.objects.update(name="Praxis am Park")  # its name is no message
    everybody = visitors(cast)
    with db.as_owner():
        Appointment.objects.update(language="de")  # admin shows a message as its patient reads it
    return everybody


def wrong(visitor: Visitor, language: str) -> list[str]:
    """Path and text of everything that the visitor's pages say in English when they are asked for in this language."""
    client = Client(headers={"Accept-Language": language})
    if visitor.account is not None:
        with db.signing_in():
            client.force_login(visitor.account)
    found = []
    whole, parts = english()
    for path in visitor.paths:
        html = client.get(path).content.decode()
        page = Page(html)
        if path not in ENGLISH:
            found += [f"{path}: in {page.language}"] if "<html" in html and page.language != language else []
            said = [text for text in page.said if not (path.startswith("/admin/history/") and text in COLUMNS)]
            found += [f"{path}: {text}" for text in said if text in whole or any(part in text for part in parts)]
    return found


def test_the_pages_are_in_german(everybody: list[Visitor]) -> None:
    assert [found for one in everybody if one.name != "admin" for found in wrong(one, "de")] == []


@pytest.mark.thorough
def test_administration_is_in_german(everybody: list[Visitor]) -> None:
    assert [found for one in everybody if one.name == "admin" for found in wrong(one, "de")] == []


def test_english_would_be_noticed(everybody: list[Visitor]) -> None:
    """The control: on the pages that it is made for."""
    anonymous = everybody[0]
    silent = [
        path for path in anonymous.paths if not any(one.startswith(f"{path}: ") for one in wrong(anonymous, "en"))
    ]
    assert silent == ["/api/docs"]
    assert left_in_english(
        "<p>Skip to content</p><p data-x='You are offline. What you see may be out of date.'>x</p>"
    ) == [
        "Skip to content",
        "You are offline. What you see may be out of date.",
    ]
