"""Talking with the chatbot on a page: plain forms, which the window sends by itself. What is said there is kept and answered
by `chatbot.conversations`, under the caller's own rights."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chatbot import conversations
from chatbot.conversations import Told
from chatbot.errors import ConversationFull, WentOn
from clinic.accounts.requests import caller, holder_secret, page, remember_holder
from clinic.core import db
from clinic.core.actor import Actor
from clinic.core.context import FRAGMENT_HEADER
from clinic.core.errors import ClinicError, Malformed, NotFound, TooMany
from clinic.core.idempotency import Answer, KeyReused, fingerprint, once
from clinic.core.throttles import spend
from clinic.portals.chat.shown import Problem, context_of


@require_http_methods(["GET", "HEAD", "POST"])
def chat(request: HttpRequest) -> HttpResponseBase:
    """The conversation to go on with, else the opening of a new one, which is stored with the first message; `?new` asks
    for that."""
    if request.method == "POST":
        return _say(request, None)
    actor = caller(request)
    found = None if "new" in request.GET else conversations.latest(actor)
    return _shown(request, actor, conversations.show(actor, found) if found else None)


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponseBase:
    """One conversation of the caller's own, or a message in it."""
    if request.method == "POST":
        return _say(request, conversation_id)
    actor = caller(request)
    return _shown(request, actor, conversations.show(actor, conversation_id))


@require_POST
def offers(request: HttpRequest, conversation_id: UUID) -> HttpResponseBase:
    """Other free slots for those on show that are gone."""
    actor = caller(request)
    spend(("write" if actor.user_id else "anonymous_write", _whose(actor)))
    told = conversations.renew(actor, conversation_id)
    if FRAGMENT_HEADER in request.headers:
        return _shown(request, actor, told)
    return _on_to(told)


def _say(request: HttpRequest, conversation_id: UUID | None) -> HttpResponseBase:
    """A message, or what was pressed. Without a conversation one is begun with it."""
    actor, secret = caller(request), holder_secret(request)
    if not actor.holders:
        actor = actor.with_secret(secret)
    text, choice = request.POST.get("text", "").strip(), request.POST.get("choice", "")
    key, refusal = request.POST.get("key", "") or uuid4().hex, None
    try:
        spend(("conversation_message", _whose(actor)))
        if conversation_id is None:
            conversation_id = _begun(actor, key, text or choice)
        conversations.say(actor, conversation_id, text=text, choice=choice, key=key, seen=_seen(request))
    except NotFound:
        raise
    except ClinicError as error:
        refusal = error
    told = conversations.show(actor, conversation_id) if conversation_id else None
    if refusal is not None or told is None or FRAGMENT_HEADER in request.headers:
        response = _shown(request, actor, told, refusal, text)
    else:
        response = _on_to(told)
    if actor.is_anonymous and told is not None:
        remember_holder(response, secret)
    return response


def _seen(request: HttpRequest) -> int | None:
    """How many messages the page showed on which this was written."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 5 else None


def _begun(actor: Actor, key: str, said: str) -> UUID:
    """The conversation that this key begins: the same one for a form that is sent twice."""
    if not said:
        raise Malformed().about("text")

    def perform(whoever: Actor) -> Answer:
        return Answer(201, {"id": str(conversations.begin(whoever, get_language() or "").id)})

    if actor.is_anonymous:
        spend(("conversation", actor.address))
    answer = once(actor, key, fingerprint("CHAT", "/chat", said), perform, keep_refusals=False)
    return UUID(answer.body["id"])


def _whose(actor: Actor) -> str:
    return str(actor.user_id or actor.address)


def _shown(
    request: HttpRequest, actor: Actor, told: Told | None, refusal: ClinicError | None = None, text: str = ""
) -> HttpResponseBase:
    """The conversation; after a refusal with the reason in words, and what was typed."""
    with db.reading(actor):
        opening = [] if told else conversations.opening(actor, get_language() or "")
        context = context_of(told, opening, _problem(refusal, text) if refusal else None)
    response = page(request, "chat/chat.html", context, status=refusal.status if refusal else 200)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _on_to(told: Told) -> HttpResponseBase:
    """To the last message, so that sending the page again sends nothing."""
    return redirect(f"{reverse('chat:conversation', args=[told.id])}#said-{len(told.messages) - 1}")


def _problem(error: ClinicError, text: str) -> Problem:
    if isinstance(error, TooMany):
        seconds = error.retry_after
        return Problem(
            ngettext(
                "That was too fast. Please wait %(seconds)d second, and send it again.",
                "That was too fast. Please wait %(seconds)d seconds, and send it again.",
                seconds,
            )
            % {"seconds": seconds},
            text,
        )
    if isinstance(error, Malformed):
        return Problem(_("This could not be read. Please write something, or choose an answer."), text)
    if isinstance(error, KeyReused | WentOn):
        return Problem(_("The conversation has gone on meanwhile. Please look, and send it again."), text)
    return Problem(str(error.message), text, is_over=isinstance(error, ConversationFull))
