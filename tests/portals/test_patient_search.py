"""The start page's search: tolerant, narrowed by filters, all of it in the address."""

from __future__ import annotations

import pytest
from django.test import Client

from clinic.core import db
from dentists.models import Dentist
from tests.factories import Cast


@pytest.fixture
def speaking(cast: Cast) -> Cast:
    with db.as_owner():
        Dentist.objects.filter(pk=cast.weber.pk).update(languages=["de", "fr"], specializations=["endodontics"])
        Dentist.objects.filter(pk=cast.okafor.pk).update(languages=["de", "en"])
    return cast


def found(client: Client, query: str) -> list[str]:
    return [item["dentist"].slug for item in client.get(f"/?{query}").context["dentists"]]


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("q=wéber", ["eva-weber"]),
        ("q=endodontcis", ["eva-weber"]),
        ("q=filling", ["eva-weber"]),
        ("language=fr", ["eva-weber"]),
        ("language=de", ["chidi-okafor", "eva-weber"]),
        ("language=xx", ["chidi-okafor", "eva-weber"]),
        ("language=en&treatment=filling", []),
        ("q=weber&treatment=filling&language=fr", ["eva-weber"]),
    ],
)
def test_words_and_filters(speaking: Cast, client: Client, query: str, slugs: list[str]) -> None:
    assert found(client, query) == slugs


def test_the_form_shows_what_the_address_says(speaking: Cast, client: Client) -> None:
    page = client.get("/?q=web&treatment=filling&language=fr").content.decode()
    assert 'value="web"' in page
    assert '<option value="filling" selected>' in page
    assert '<option value="fr" selected>' in page


def test_an_empty_result_says_which_filter_to_leave_out(speaking: Cast, client: Client) -> None:
    page = client.get("/?q=weber&language=en")
    assert [one["url"] for one in page.context["wish"].filters] == ["?language=en", "?q=weber"]
    assert "Without “weber”" in page.content.decode()
    assert found(client, "q=weber") == ["eva-weber"]


def test_the_top_of_the_page_leads_to_first_free_times(cast: Cast, client: Client) -> None:
    page = client.get("/")
    assert [one.slug for one in page.context["common_treatments"]] == ["check-up", "filling"], (
        "what most offer comes first"
    )
    assert 'action="/times"' in page.content.decode()
