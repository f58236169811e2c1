"""The choice of language at the foot of every page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.views import i18n

from clinic.accounts.models import User
from clinic.accounts.requests import caller
from clinic.core import db
from clinic.core.actor import Role
from clinic.core.languages import spoken


def choose(request: HttpRequest) -> HttpResponseBase:
    """Keeps `language` in a cookie, and with the account of whoever is signed in: mails are written in it. Leads back to
    `next`."""
    answer = i18n.set_language(request)
    actor = caller(request)
    chosen = request.POST.get("language", "")
    if actor.user_id is not None and actor.role != Role.BOT and translation.check_for_language(chosen):
        with translation.override(chosen), db.transaction(actor):
            User.objects.filter(pk=actor.user_id).update(language=spoken())
    return answer
