"""One conversation on several pages, and in a browser that somebody signs in and out of."""

from __future__ import annotations

from django.test import Client

from appointments.models import Appointment
from clinic.core import db
from tests.factories import Cast
from tests.portals.test_chat import Browser, offered, visitor

__all__ = ["visitor"]


def test_what_a_guest_goes_on_with_signed_in_is_closed_to_the_browser_after_signing_out(
    cast: Cast, visitor: Browser
) -> None:
    visit = cast.booked(cast.as_ana, cast.at(10)).appointment
    visitor.say("hello")
    with db.signing_in():
        visitor.client.force_login(cast.ana)
    visitor.page = visitor.client.get("/chat")
    assert visit.booking_reference in visitor.say("show my visits").content.decode()
    theirs = visitor.page.context["action"]
    visitor.client.post("/accounts/sign-out")
    assert visit.booking_reference not in visitor.client.get("/chat").content.decode()
    assert visitor.client.get(theirs).status_code == 404
    cancelled = visitor.client.post(theirs, {"text": f"cancel {visit.booking_reference}", "key": "k"})
    assert cancelled.status_code == 404
    with db.signing_in():
        visitor.client.force_login(cast.ana)
    assert visit.booking_reference in visitor.client.get("/chat").content.decode()


def test_a_yes_below_an_older_read_back_is_none_to_the_present_one(cast: Cast, visitor: Browser) -> None:
    offered(cast, visitor).press(visitor.chips[0].id)
    visitor.say("Mia Sample, mia@example.org, 030 7654321")
    action, older = visitor.page.context["action"], str(len(visitor.said))
    other = Client()
    other.cookies = visitor.client.cookies
    with_another = {"text": "with Dr. Okafor at 3 instead", "key": "another page"}
    assert "Okafor" in other.post(action, with_another, follow=True).content.decode()
    answer = visitor.client.post(action, {"text": "yes", "key": "this page", "seen": older})
    assert (answer.status_code, "gone on meanwhile" in answer.context["problem"].words) == (409, True)
    with db.as_owner():
        assert Appointment.objects.count() == 0
    now = {"text": "yes", "key": "once more", "seen": str(len(answer.context["lines"]))}
    assert visitor.client.post(action, now, follow=True).context["step"] == "booked"
