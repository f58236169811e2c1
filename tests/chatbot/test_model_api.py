"""A model beside the site: through the API, under the caller's rights, and off where none is set."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from appointments.models import Appointment
from availability.models import Reservation
from clinic.core import db
from tests.api.calling import Caller
from tests.chatbot.model_fake import FakeModel, calls, understood
from tests.chatbot.test_chatbot_api import Chat
from tests.factories import Cast
from tests.realtime.processes import ROOT

pytestmark = pytest.mark.xdist_group("model")  # its libraries are loaded once

_LOADED = (
    "import django; django.setup(); from chatbot.api import views; import sys;"
    "print(sorted(set(sys.modules) & {'pydantic', 'pydantic_ai', 'openai', 'httpx2', 'chatbot.model.helping'}))"
)


def test_it_helps_in_a_conversation_and_books_nothing_without_the_yes(
    cast: Cast, anyone: Caller, fake: FakeModel, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = fake.settings()
    looked = ("FreeTimes", {"treatment": "T1", "words": "next week"})
    fake.says(calls(looked), understood(treatment="T1", when="next week", any_dentist=True))
    chat = Chat(anyone, language="en")
    chat.say("hmm, could you squeeze me in, says Quillon")
    chat.press("well:no")
    assert (chat.last["state"], len(chat.bot["slots"]), "quillon" in "".join(fake.heard).lower()) == ("slot", 6, False)
    with db.as_owner():
        assert (Appointment.objects.count(), Reservation.objects.count()) == (0, 0)
    chat.pick()
    chat.say("Mia Sample, mia@example.org, 030 7654321")
    fake.says(understood(task="book", any_dentist=True, any_time=True))
    chat.say("go ahead and make it so, captain")
    assert (chat.last["state"], len(fake.heard)) == ("confirm", 1)
    assert chat.yes()["state"] == "booked"


def test_a_clinic_without_a_model_loads_nothing_of_it() -> None:
    told = subprocess.run([sys.executable, "-c", _LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
