"""`/metrics`: for whoever has the token, and without anybody in it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import Cast

TOKEN = "metrics-token-for-the-scraper-of-this-test"


def answers_of(page: str, view: str) -> float:
    found = re.search(
        rf'^django_http_responses_total_by_status_view_method_total{{[^}}]*view="{view}"[^}}]*}} (\S+)$', page, re.M
    )
    return float(found[1]) if found else 0.0


def test_requests_are_counted_by_view_and_nobody_is_named(cast: Cast, client: Client) -> None:
    before = answers_of(client.get("/metrics").content.decode(), "patient:dentists")
    client.get("/?q=Krause")
    client.get("/visits/00000000-0000-4000-8000-000000000000")
    page = client.get("/metrics")
    assert (page.status_code, page["Content-Type"].split(";")[0]) == (200, "text/plain")
    assert answers_of(page.content.decode(), "patient:dentists") == before + 1
    for word in ("Krause", "00000000-0000-4000", "eva-weber"):
        assert word not in page.content.decode()


@pytest.mark.parametrize(
    ("shown", "status"), [("", 404), ("Bearer wrong", 404), (TOKEN, 404), (f"Bearer {TOKEN}", 200)]
)
def test_with_a_token_only_its_bearer_reads(
    database: None, client: Client, settings: Settings, shown: str, status: int
) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": shown}).status_code == status


def test_in_production_without_a_token_there_is_nothing(database: None, client: Client, settings: Settings) -> None:
    settings.PRODUCTION, settings.METRICS_TOKEN = True, ""
    assert client.get("/metrics").status_code == 404


def test_it_is_only_read(database: None, client: Client) -> None:
    assert client.post("/metrics").status_code == 405
