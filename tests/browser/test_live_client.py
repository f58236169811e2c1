"""The browser module of live sync against a server that is played: nothing is missed, nothing told twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.socket_stub import SocketStub
from tests.factories import Cast

pytestmark = pytest.mark.browser
SUBSCRIBE = """async (position) => {
  if (position !== null) document.body.dataset.position = position; else delete document.body.dataset.position;
  const { connect } = await import("/static/clinic/realtime.js");
  window.told = [];
  window.live = connect();
  live.onstate((state) => told.push(state));
  window.own = live.availability(null, {
    changed: (event) => told.push(event.position),
    refetch: () => told.push("refetch"),
    error: ({ code }) => told.push(code),
  });
}"""


@pytest.fixture
def page(cast: Cast, server: str, browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        # Chance is half of a delay before the next try: here there is none.
        page.add_init_script("Math.random = () => 0")
        yield page


def begun(page: Page, server: str, *, position: int | None = 100, answering: bool = True) -> SocketStub:
    stub = SocketStub(page)
    stub.answering = answering
    page.goto(f"{server}/find-visit")  # a page that is not live by itself
    page.evaluate(SUBSCRIBE, position)
    if answering:
        stub.wait(stub.subscriptions)
    return stub


def told(page: Page) -> list[Any]:
    return list(page.evaluate("told"))


def event(stub: SocketStub, position: int, previous: int) -> None:
    stub.event("availability", position, previous, "slots.changed", taken=[], freed=[])


def test_a_page_begins_at_the_position_that_it_was_made_with(page: Page, server: str) -> None:
    stub = begun(page, server, position=41)
    assert stub.subscriptions() == [{"type": "subscribe", "channel": "availability", "position": 41}]
    event(stub, 60, 41)
    stub.wait(lambda: told(page) == ["live", 60])


def test_without_a_position_it_fetches_once_what_it_shows(page: Page, server: str) -> None:
    stub = begun(page, server, position=None)
    assert stub.subscriptions() == [{"type": "subscribe", "channel": "availability"}]
    stub.wait(lambda: told(page) == ["live", "refetch"])
    event(stub, 101, 7)
    stub.wait(lambda: told(page) == ["live", "refetch", 101])


def test_what_comes_twice_is_told_once(page: Page, server: str) -> None:
    stub = begun(page, server)
    for position, previous in ((101, 100), (101, 100), (102, 101), (101, 100), (102, 101), (105, 102)):
        event(stub, position, previous)
    stub.wait(lambda: told(page)[-1] == 105)
    assert told(page) == ["live", 101, 102, 105]


def test_a_gap_is_asked_for_and_nothing_is_told_out_of_order(page: Page, server: str) -> None:
    stub = begun(page, server)
    event(stub, 101, 100)
    event(stub, 109, 105)  # 105 got lost
    event(stub, 110, 109)
    stub.wait(lambda: len(stub.subscriptions()) == 2)
    assert stub.subscriptions()[1]["position"] == 101
    for position, previous in ((105, 101), (109, 105), (110, 109)):
        event(stub, position, previous)
    stub.wait(lambda: told(page) == ["live", 101, 105, 109, 110])


def test_a_heartbeat_that_knows_more_makes_it_ask(page: Page, server: str) -> None:
    stub = begun(page, server)
    stub.say(type="heartbeat", position=120, live=True, channels={"availability": 100})
    stub.say(type="heartbeat", position=130, live=True, channels={"availability": 125})
    stub.wait(lambda: len(stub.subscriptions()) == 2)
    assert stub.subscriptions()[1]["position"] == 100


def test_too_much_missed_is_fetched_and_goes_on_from_there(page: Page, server: str) -> None:
    stub = begun(page, server)
    stub.say(type="refetch", channel="availability", position=900)
    event(stub, 850, 849)
    event(stub, 901, 850)
    stub.wait(lambda: told(page) == ["live", "refetch", 901])


@pytest.mark.parametrize("code", [1001, 1012, 1006, 4408])
def test_it_comes_back_with_the_last_position(page: Page, server: str, code: int) -> None:
    stub = begun(page, server)
    event(stub, 101, 100)
    stub.wait(lambda: 101 in told(page))
    stub.close(1001 if code == 1006 else code)
    stub.wait(lambda: len(stub.subscriptions()) == 2)
    assert (stub.opened, stub.subscriptions()[1]["position"]) == (2, 101)
    stub.wait(lambda: told(page) == ["live", 101, "connecting", "live"])


def test_whoever_was_signed_out_is_told_and_not_connected_again(page: Page, server: str) -> None:
    stub = begun(page, server)
    stub.close(4401)
    stub.wait(lambda: told(page)[-1] == "signed-out")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.evaluate("own.refresh()")
    page.wait_for_timeout(700)
    assert stub.opened == 1


def test_somebody_elses_session_does_not_take_over_the_page(page: Page, server: str) -> None:
    stub = SocketStub(page, user="ana")
    page.goto(f"{server}/find-visit")
    page.evaluate(SUBSCRIBE, 100)
    stub.wait(stub.subscriptions)
    stub.user = "ben"
    stub.close(1012)
    stub.wait(lambda: told(page)[-1] == "signed-out")
    assert len(stub.subscriptions()) == 1


def test_a_refused_channel_is_told_and_an_unavailable_one_asked_for_again(page: Page, server: str) -> None:
    stub = begun(page, server)
    stub.say(type="error", code="unavailable", message="", channel="availability")
    stub.wait(lambda: len(stub.subscriptions()) == 2)
    stub.say(type="error", code="forbidden", message="", channel="availability")
    stub.wait(lambda: told(page)[-1] == "forbidden")


def test_reads_are_acknowledged(page: Page, server: str) -> None:
    stub = begun(page, server)
    for position in range(101, 202):
        event(stub, position, position - 1)
    stub.wait(lambda: {"type": "heartbeat", "read": 100} in stub.heard)
    stub.say(type="paused")
    stub.wait(lambda: {"type": "heartbeat", "read": 101} in stub.heard)


def test_one_socket_carries_everything_and_what_is_left_is_given_up(page: Page, server: str) -> None:
    stub = begun(page, server)
    page.evaluate("window.second = live.ownAppointments({}); window.third = live.availability(null, {})")
    stub.wait(lambda: len(stub.subscriptions()) == 2)
    page.evaluate("own.unsubscribe(); second.unsubscribe()")
    stub.wait(lambda: {"type": "unsubscribe", "channel": "appointments:own"} in stub.heard)
    page.evaluate("third.unsubscribe()")
    stub.wait(lambda: {"type": "unsubscribe", "channel": "availability"} in stub.heard)
    assert (stub.opened, len(stub.subscriptions())) == (1, 2)


def test_one_failing_callback_keeps_nothing_from_the_others(page: Page, server: str) -> None:
    stub = begun(page, server)
    page.evaluate("live.availability(null, { changed: () => { throw new Error('mine') } })")
    page.evaluate("live.availability(null, { changed: (event) => told.push(-event.position) })")
    event(stub, 101, 100)
    stub.wait(lambda: told(page) == ["live", 101, -101])


def test_whoever_joins_a_channel_of_which_something_was_told_fetches_what_it_shows(page: Page, server: str) -> None:
    stub = begun(page, server)
    join = """(name) => live.availability(null, {
      refetch: () => told.push(`${name} fetches`), changed: () => told.push(name),
    })"""
    page.evaluate(join, "early")
    event(stub, 101, 100)
    stub.wait(lambda: told(page) == ["live", 101, "early"])
    page.evaluate(join, "late")
    page.evaluate("live.availability(null, { refetch: () => told.push('left') }).unsubscribe()")
    event(stub, 102, 101)
    stub.wait(lambda: told(page)[3:] == ["late fetches", 102, "early", "late"])
    assert len(stub.subscriptions()) == 1


@pytest.mark.parametrize("gone", ["while it waits", "after it came back"])
def test_turned_away_once_it_still_comes_back_with_the_network(page: Page, server: str, gone: str) -> None:
    page.add_init_script("window.later = setTimeout; window.setTimeout = (f, ms, ...a) => later(f, ms / 100, ...a)")
    stub = begun(page, server)
    if gone == "while it waits":
        page.evaluate("window.setTimeout = later")
    stub.close(4429)
    stub.wait(lambda: told(page)[-1] == "connecting")
    if gone == "after it came back":
        stub.wait(lambda: stub.opened == 2 and told(page)[-1] == "live")
    opened = stub.opened
    page.evaluate("dispatchEvent(new Event('offline'))")
    page.evaluate("dispatchEvent(new Event('online'))")
    stub.wait(lambda: stub.opened == opened + 1 and told(page)[-1] == "live")


def test_a_page_left_and_come_back_to_hears_what_it_missed(page: Page, server: str) -> None:
    stub = begun(page, server)
    event(stub, 101, 100)
    stub.wait(lambda: 101 in told(page))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert page.evaluate("live.connected") is False
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    stub.wait(lambda: len(stub.subscriptions()) == 2)
    assert stub.subscriptions()[1]["position"] == 101


def test_offline_is_said_after_a_while_and_back_online_too(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        stub = SocketStub(page)
        page.goto(f"{server}/dentists/eva-weber?treatment=check-up&day={cast.monday}")
        stub.wait(stub.subscriptions)
        bar = page.locator("[data-connection]")
        expect(bar).to_be_empty()
        context.set_offline(True)
        expect(bar).to_contain_text("You are offline")
        context.set_offline(False)
        expect(bar).to_contain_text("Connected again")
        expect(bar).to_be_empty()


def test_silence_is_a_dead_connection(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.clock.install()
        stub = begun(page, server)
        event(stub, 101, 100)
        stub.wait(lambda: 101 in told(page))
        page.clock.run_for(31_000)
        stub.wait(lambda: {"type": "heartbeat", "read": 1} in stub.heard)
        page.clock.run_for(40_000)
        assert stub.opened == 1
        page.clock.run_for(10_000)
        stub.wait(lambda: stub.opened == 2)
        stub.wait(lambda: len(stub.subscriptions()) == 2)
        assert stub.subscriptions()[1]["position"] == 101


IMPATIENT = """
  Math.random = () => 1;
  window.waits = [];
  const later = window.setTimeout;
  window.setTimeout = (callback, ms, ...more) => { waits.push(ms); return later(callback, 1, ...more); };
"""


def test_the_tries_become_rarer(cast: Cast, server: str, browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(IMPATIENT)  # waits are noted, and over at once
        stub = SocketStub(page)
        stub.answering, stub.closing = False, 1012
        page.goto(f"{server}/find-visit")
        page.evaluate(SUBSCRIBE, 100)
        stub.wait(lambda: stub.opened > 10)
        waits = page.evaluate("waits")
        assert waits[:9] == [200, 400, 800, 1600, 3200, 6400, 12800, 20000, 20000]
