"""Conversations as programs read and write them: instants in ISO 8601 with the clinic's offset."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework import serializers

from appointments import links
from chatbot.conversations import LONGEST_CHOICE, LONGEST_TEXT, Told
from clinic.core.fields import Line
from clinic.core.input import Input


class CallerInput(Input):
    """Whom a bot speaks for, as far as it knows them: used where they say nothing else, and proof of nothing."""

    name = Line(max_length=120, required=False, allow_blank=True, default="")
    email = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class BeginInput(Input):
    """Without a language the first message decides which."""

    language = serializers.ChoiceField(
        [code for code, _name in settings.LANGUAGES], required=False, allow_blank=True, default=""
    )
    caller = CallerInput(required=False, help_text="For bots.")
    conversation_token = serializers.CharField(
        max_length=64,
        required=False,
        allow_blank=True,
        default="",
        help_text="The token of an earlier conversation or hold, to go on under the same one.",
    )


class MessageInput(Input):
    """`text` as it was typed, or `choice`, the `id` of a choice or slot that was pressed, which wins."""

    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")
    choice = serializers.CharField(max_length=LONGEST_CHOICE, required=False, allow_blank=True, default="")


class _Labelled(serializers.Serializer[Any]):
    """With `label`, which is an attribute of every serializer already."""

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "label": serializers.CharField()}


class ChoiceOut(_Labelled):
    id = serializers.CharField()


class OfferedSlotOut(_Labelled):
    """`id` goes back as `choice`. `available` says whether it is free as this is read."""

    id = serializers.CharField()
    token = serializers.CharField()
    treatment = serializers.CharField()
    dentist_id = serializers.UUIDField()
    dentist_name = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    available = serializers.BooleanField()


class SourceOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField()
    url = serializers.CharField()


class UrgencyOut(_Labelled):
    band = serializers.CharField(help_text="A code of `triage_band`.")
    reason = serializers.CharField()
    sources = SourceOut(many=True)


class MessageOut(serializers.Serializer[Any]):
    role = serializers.ChoiceField(["user", "bot"])
    text = serializers.CharField()
    at = serializers.DateTimeField()
    choices = ChoiceOut(many=True)
    slots = OfferedSlotOut(many=True)
    sources = SourceOut(many=True)


class VisitOut(serializers.Serializer[Any]):
    """The visit that was booked last in this conversation; `link` is its private link."""

    id = serializers.UUIDField()
    link = serializers.CharField()


class ConversationOut(serializers.Serializer[Any]):
    """`state` is what the last message waits for (docs/dialogue.md, "Step")."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    language = serializers.CharField(allow_blank=True)
    urgency = UrgencyOut(allow_null=True)
    visit = VisitOut(allow_null=True)
    messages = MessageOut(many=True)


class BegunOut(ConversationOut):
    """`token` is the secret of a caller without an account, null for anybody else."""

    token = serializers.CharField(allow_null=True)


def conversation_out(told: Told) -> dict[str, Any]:
    """A conversation as JSON values, in the shape of `ConversationOut`."""
    visit = {"id": told.visit, "link": f"/visit/{links.token_for(UUID(told.visit))}"} if told.visit else None
    return {
        "id": str(told.id),
        "state": told.step,
        "language": told.language,
        "urgency": told.urgency,
        "visit": visit,
        "messages": [_message_out(one) for one in told.messages],
    }


def _message_out(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "role": message["role"],
        "text": message["text"],
        "at": message["at"],
        "choices": message.get("choices", []),
        "slots": [{"available": True} | slot for slot in message.get("slots", [])],
        "sources": message.get("sources", []),
    }
