"""What can go wrong in a conversation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core.errors import Busy, Conflict


class ConversationFull(Conflict):
    code, text = "conversation_full", _("This conversation is at its end. Please begin a new one.")


class StillAnswering(Busy):
    """The message before is not answered yet."""

    text = _("The message before is still being answered. Please try again in a moment.")
