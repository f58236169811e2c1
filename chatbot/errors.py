"""What can go wrong in a conversation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core.errors import Busy, Conflict


class ConversationFull(Conflict):
    code, text = "conversation_full", _("This conversation is at its end. Please begin a new one.")


class WentOn(Conflict):
    """What a yes was said to is no longer what is asked: another page of the same person has gone on."""

    code = "conversation_went_on"


class StillAnswering(Busy):
    """The message before is not answered yet."""

    text = _("The message before is still being answered. Please try again in a moment.")
