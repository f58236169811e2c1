"""`/metrics`: for whoever has the token, and without anybody in it."""

from __future__ import annotations

import re

import pytest
from django.db import connections
from django.test import Client
from pytest_django import Settings

from clinic.realtime.delivery import Delivery
from clinic.realtime.events import Event
from clinic.realtime.limits import Places
from clinic.realtime.subscriptions import WINDOW, Reader
from tests.factories import Cast
from tests.notifications.post import change

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


def figure(client: Client, name: str) -> str:
    (found,) = re.findall(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").content.decode(), re.M)
    return str(found)


def test_relays_are_counted_by_what_they_do(database: None, client: Client) -> None:
    change("SELECT realtime_beat(gen_random_uuid(), true)")
    change("SELECT realtime_beat(gen_random_uuid(), false) FROM generate_series(1, 2)")
    states = [figure(client, f'clinic_relays{{state="{state}"}}') for state in ("active", "standing_by")]
    assert states == ["1.0", "2.0"]
    assert float(figure(client, "clinic_events_position")) >= 0


def test_without_the_database_what_it_knows_is_no_number(client: Client) -> None:
    connections["default"].close()
    connections["default"].close_pool()
    server = connections["default"].settings_dict
    host, pool = server["HOST"], server["OPTIONS"]["pool"]
    server["HOST"], server["OPTIONS"]["pool"] = "/nonexistent", {**pool, "timeout": 0.2}
    try:
        assert figure(client, 'clinic_relays{state="active"}') == "NaN"
    finally:
        connections["default"].close_pool()
        server["HOST"], server["OPTIONS"]["pool"] = host, pool


def test_the_hub_counts_what_it_tells(database: None, client: Client) -> None:
    names = [f"clinic_hub_{what}_total" for what in ("events", "told", "paused", "refetch")]
    before = [float(figure(client, name)) for name in names]
    delivery = Delivery(lambda _subscription: None)
    delivery.begin(7)
    for name in ("sync", "availability"):
        reader = Reader(lambda _frame: None)
        delivery.add(reader, name, name, 7)
        delivery.add(reader, "clinic", "clinic", 7)
    delivery.take(
        Event(position, (position - 1, 0), ("sync", "clinic"), "x", {}, None, None, "")
        for position in range(8, 8 + WINDOW)
    )
    delivery.jump(5000)
    after = [float(figure(client, name)) for name in names]
    # One of the two listens on two of the channels, so it has its fill of them after half of the events.
    told = WINDOW + WINDOW
    assert [new - old for old, new in zip(before, after, strict=True)] == [WINDOW, told, 1, 4]


def test_open_sockets_are_counted(database: None, client: Client) -> None:
    before = float(figure(client, "clinic_sockets_open"))
    places = Places()
    assert [places.take("somebody", 2) for _ in range(3)] == [True, True, False]
    places.give_back("somebody")
    assert float(figure(client, "clinic_sockets_open")) == before + 1
    places.give_back("somebody")
