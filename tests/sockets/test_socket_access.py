"""Who may hear what: every identity and every channel."""

from __future__ import annotations

from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from appointments import links, moving
from clinic.accounts.models import RefreshFamily, Session, User
from clinic.core import clock, db
from clinic.privacy.erasing import erase_guest
from tests.factories import Cast
from tests.sockets.client import session_of, token_of
from tests.sockets.conftest import Opener
from tests.sockets.happening import happened, placed_each, published, settled

CHANNELS = ("appointments", "appointments:own", "availability", "sync")
REFUSED = "forbidden"


def _dentist(cast: Cast) -> User:
    with db.signing_in():
        return User.objects.get(pk=cast.weber.user_id)


def test_each_identity_hears_its_own(opened: Opener, cast: Cast) -> None:
    dentist = _dentist(cast)
    stored = {
        "ana": f"account.{cast.ana.pk}", "ben": f"account.{cast.ben.pk}", "dana": f"account.{cast.dana.pk}",
        "ada": f"account.{cast.ada.pk}", "weber": f"account.{dentist.pk}", "weber's": f"schedule.{cast.weber.pk}",
        "okafor's": f"schedule.{cast.okafor.pk}", "clinic": "clinic", "open": "availability", "all": "sync",
    }  # fmt: skip

    def heard_by(user: User | None) -> dict[str, str]:
        client = opened(as_browser=user)
        assert client.hear()["user"] == (str(user.pk) if user else None)
        found = {}
        for channel in CHANNELS:
            client.say("subscribe", channel=channel)
            if (said := client.hear())["type"] == "error":
                found[channel] = said["code"]
        events = placed_each(*([name] for name in stored.values()))
        published(*events)
        who = dict(zip((event.position for event in events), stored, strict=True))
        return found | {said["channel"]: who[said["position"]] for said in client.heard()}

    def of(*expected: str) -> dict[str, str]:
        return dict(zip(CHANNELS, expected, strict=True))

    assert heard_by(None) == of(REFUSED, REFUSED, "open", REFUSED)
    assert heard_by(cast.ana) == of("ana", "ana", "open", REFUSED)
    assert heard_by(cast.ben) == of("ben", "ben", "open", REFUSED)
    assert heard_by(dentist) == of("weber's", "weber", "open", REFUSED)
    assert heard_by(cast.dana) == of("clinic", "dana", "open", REFUSED)
    assert heard_by(cast.ada) == of("clinic", "ada", "open", "all")


def test_a_visit_is_heard_by_whoever_may_see_it(opened: Opener, cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    other = cast.booked(cast.as_ben, cast.at(10), contact=cast.guest("Ben Krause")).appointment
    channel, token = f"visit:{visit.pk}", links.token_for(visit.pk)
    for user in (cast.ana, _dentist(cast), cast.dana, cast.ada):
        client = opened(as_browser=user)
        client.hear()
        client.subscribed(channel)
    for user in (cast.ben, None):
        client = opened(as_browser=user)
        client.hear()
        assert client.refused(channel) == REFUSED
        assert client.refused(channel, token=links.token_for(other.pk)) == REFUSED
        assert client.refused(channel, token="x" * 46) == REFUSED
        assert client.refused(f"visit:{uuid4()}") == REFUSED
        client.subscribed(channel, token=token)
        event = happened(f"visit.{visit.pk}")
        assert client.heard()[-1]["position"] == event.position


@pytest.mark.parametrize("channel", ["", "visit", "visit:", "visit:1", "visit:../x", "clinic", "account.1", "availability:x",
                                     "appointments:all", "sync:1", "conversations", "a" * 101])  # fmt: skip
def test_what_is_no_channel(opened: Opener, channel: str) -> None:
    client = opened()
    client.hear()
    client.say("subscribe", channel=channel)
    assert client.hear()["code"] in {"unknown_channel", "malformed"}


def test_a_program_says_who_it_is_as_a_subprotocol_or_in_its_first_message(opened: Opener, cast: Cast) -> None:
    at_once = opened(as_program=cast.ana)
    assert at_once.hear()["user"] == str(cast.ana.pk)
    assert at_once.socket.subprotocol == "clinic.v1"
    later = opened(protocols=())
    assert (later.hear()["user"], later.socket.subprotocol) == (None, None)
    later.say("identify", token="no token")
    assert later.hear()["code"] == "invalid_token"
    later.say("identify", token=token_of(cast.ana))
    assert later.hear()["user"] == str(cast.ana.pk)
    later.subscribed("appointments")
    for client in (at_once, later):
        client.say("identify", token=token_of(cast.ben))
        assert client.hear()["code"] == "identified_already"
    nobody = opened()
    nobody.hear()
    nobody.subscribed("availability")
    nobody.say("identify", token=token_of(cast.ana))
    assert nobody.hear()["code"] == "identified_already"


def test_a_token_that_is_none_is_told_so_and_closed(opened: Opener, cast: Cast) -> None:
    revoked = token_of(cast.ana)
    with db.signing_in():
        RefreshFamily.objects.all().delete()
    for token in ("nonsense", revoked):
        client = opened(token=token)
        assert client.hear()["code"] == "invalid_token"
        assert client.closed_with() == 4401


def test_a_session_that_is_none_is_nobody_in_particular(opened: Opener, cast: Cast) -> None:
    key = session_of(cast.ana)
    with db.signing_in():
        cast.ana.set_password("another long password")
        cast.ana.save(update_fields=["password"])
    late = session_of(cast.ben)
    with db.signing_in():
        Session.objects.filter(session_key=late).update(expire_date=clock.now())
    for session in (key, late, "a" * 32):
        assert opened(session=session).hear()["user"] is None


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "https://{site}"])
def test_other_sites_open_no_socket(opened: Opener, cast: Cast, origin: str) -> None:
    for how in ({}, {"as_browser": cast.ana}):
        with pytest.raises(InvalidStatus) as refused:
            opened(origin=origin.format(site=opened.site), **how)
        assert refused.value.response.status_code == 403


def test_a_session_without_an_origin_opens_no_socket_and_nor_does_another_host_or_path(
    opened: Opener, cast: Cast
) -> None:
    for how in ({"as_browser": cast.ana, "origin": ""}, {"host": "evil.example"}, {"path": "/ws/more"}):
        with pytest.raises(InvalidStatus) as refused:
            opened(**how)
        assert refused.value.response.status_code == 403


def test_what_ends_an_identity_closes_its_sockets_within_five_seconds(opened: Opener, cast: Cast) -> None:
    dentist = _dentist(cast)
    browsers = {user: opened(as_browser=user) for user in (cast.ana, cast.ben, cast.dana, dentist)}
    programs = [opened(as_program=user) for user in (cast.ada, cast.ben)]
    stays = [opened(), opened(as_browser=cast.ada)]
    for client in (*browsers.values(), *programs, *stays):
        client.hear()
        client.subscribed("availability")
    with db.as_owner():
        Session.objects.filter(user=cast.ana).delete()  # signed out
        User.objects.filter(pk=cast.ben.pk).update(is_active=False)
        User.objects.filter(pk=cast.dana.pk).update(role="patient")
        User.objects.filter(pk=dentist.pk).update(password="changed")
        RefreshFamily.objects.filter(user=cast.ada).delete()
    for client in (*browsers.values(), *programs):
        assert client.closed_with(within=5) == 4401
    event = happened("availability")
    for client in stays:
        assert client.heard()[-1]["position"] == event.position


def test_a_visit_that_another_dentist_has_is_heard_no_longer(opened: Opener, cast: Cast) -> None:
    visit = cast.booked(cast.as_ana, cast.at(9), contact=cast.guest("Ana Ruiz")).appointment
    channel = f"visit:{visit.pk}"
    settled()
    weber, desk = opened(as_browser=_dentist(cast)), opened(as_browser=cast.dana)
    for client in (weber, desk):
        client.hear()
        client.subscribed(channel)
    moving.reschedule(cast.as_desk, visit.pk, start=visit.starts_at, dentist=cast.okafor.pk)
    settled()
    for client in (weber, desk):
        assert client.hear()["kind"] == "appointment.updated"
    said = weber.hear(within=10)
    assert (said["type"], said["code"], said["channel"]) == ("error", "forbidden", channel)
    event = happened(f"visit.{visit.pk}")
    assert weber.heard() == []
    assert desk.heard()[-1]["position"] == event.position


def test_whoever_holds_a_link_hears_nothing_after_its_person_was_erased(opened: Opener, cast: Cast) -> None:
    visit = cast.booked(cast.nobody(), cast.at(9), contact=cast.guest("Gus Guest")).appointment
    channel, token = f"visit:{visit.pk}", links.token_for(visit.pk)
    settled()
    holder, desk = opened(), opened(as_browser=cast.dana)
    for client, more in ((holder, {"token": token}), (desk, {})):
        client.hear()
        client.subscribed(channel, **more)
    erase_guest(cast.as_admin, visit.patient_id)
    settled()
    said = [holder.hear(within=10)]
    while said[-1]["type"] == "event":
        said.append(holder.hear(within=10))
    assert (said[-1]["type"], said[-1]["code"], said[-1]["channel"]) == ("error", "forbidden", channel)
    event = happened(f"visit.{visit.pk}")
    assert holder.heard() == []
    assert desk.heard()[-1]["position"] == event.position
    late = opened()
    late.hear()
    assert late.refused(channel, token=token) == REFUSED
