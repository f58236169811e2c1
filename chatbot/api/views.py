"""The conversation for programs: begun, gone on with, read."""

from __future__ import annotations

import secrets
from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot import conversations
from chatbot.api.shapes import BeginInput, BegunOut, ConversationOut, MessageInput, conversation_out
from chatbot.dialogue import Caller
from clinic.core.actor import Actor
from clinic.core.api import ClinicAPIView
from clinic.core.callers import actor_of
from clinic.core.idempotency import Answer
from clinic.core.openapi import IDEMPOTENCY_KEY
from clinic.core.permissions import Anyone
from clinic.core.repeatable import answer_once
from clinic.core.throttles import ByAddress, Requests, caller_key

CONVERSATION_TOKEN = OpenApiParameter(
    "Conversation-Token",
    {"type": "string", "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$"},
    OpenApiParameter.HEADER,
    description="The token that a caller without an account was given with the conversation.",
)
MESSAGE_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 200, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="The same key and message get the same answer and one effect, in this conversation.",
)


class Conversations(ByAddress):
    """Conversations begun without an account."""

    limit = "conversation"

    def limits(self, request: Request, view: object) -> list[tuple[str, str]]:
        found = super().limits(request, view)
        return found if actor_of(request).is_anonymous else [one for one in found if one[0] != self.limit]


class Messages(Requests):
    """To read a message takes longer than most requests. A bot's count in each conversation: it speaks for many."""

    limit: ClassVar[str] = "conversation_message"

    def limits(self, request: Request, view: object) -> list[tuple[str, str]]:
        actor = actor_of(request)
        whose = f"{caller_key(request)} {request.path}" if actor.role == "bot" else caller_key(request)
        return [*super().limits(request, view), (self.limit, whose)]


class ConversationsView(ClinicAPIView):
    permission_classes = (Anyone,)
    throttle_classes = (Conversations,)

    @extend_schema(
        operation_id="begin_conversation",
        parameters=[IDEMPOTENCY_KEY],
        request=BeginInput,
        responses={201: BegunOut},
    )
    def post(self, request: Request) -> Response:
        """Begins a conversation with the chatbot; its greeting is the first message.

        A caller without an account gets a `token`, and shows it as `Conversation-Token` from then on.
        """
        data = BeginInput.read(request.data)
        named = Caller(**data.get("caller", {}))

        def perform(caller: Actor) -> Answer:
            token = data["conversation_token"] or ("" if caller.user_id else secrets.token_urlsafe(24))
            if token and caller.user_id is None:
                caller = caller.with_secret(token)
            told = conversations.begin(caller, data["language"], named=named)
            return Answer(201, conversation_out(told) | {"token": token if caller.user_id is None else None})

        return answer_once(request, self.actor, perform)


class _OneConversation(ClinicAPIView):
    permission_classes = (Anyone,)

    def caller(self, request: Request) -> Actor:
        actor, token = super().caller(request), request.headers.get("Conversation-Token", "")[:64]
        return actor.with_secret(token) if token else actor


class ConversationView(_OneConversation):
    @extend_schema(operation_id="get_conversation", parameters=[CONVERSATION_TOKEN], responses={200: ConversationOut})
    def get(self, request: Request, conversation_id: UUID) -> Response:
        """All that was said, by whoever began it. Slots that somebody else has taken meanwhile are not `available`."""
        return Response(conversation_out(conversations.show(self.actor, conversation_id)))


class MessagesView(_OneConversation):
    throttle_classes = (Messages,)

    @extend_schema(
        operation_id="say",
        parameters=[MESSAGE_KEY, CONVERSATION_TOKEN],
        request=MessageInput,
        responses={200: ConversationOut},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Says something, or presses a choice or slot. `messages` are the two of this turn: what was said, and the answer.

        Messages of one conversation are answered one after the other.
        """
        data = MessageInput.read(request.data)
        told = conversations.say(
            self.actor,
            conversation_id,
            text=data["text"],
            choice=data["choice"],
            key=request.headers.get("Idempotency-Key"),
        )
        response = Response(conversation_out(told))
        if told.replayed:
            response["Idempotent-Replayed"] = "true"
        return response


class OffersView(_OneConversation):
    @extend_schema(
        operation_id="renew_offers",
        parameters=[CONVERSATION_TOKEN],
        request=None,
        responses={200: ConversationOut},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        """Puts other free slots beside those on show that are gone, and answers with all that was said.

        They come in the same message, near in time to those that are no longer `available`. When nothing like them is free,
        the bot says what else is, in a message of its own. For whoever hears `slots.changed` or `availability.changed`;
        twice does no more than once.
        """
        return Response(conversation_out(conversations.renew(self.actor, conversation_id)))
