"""Why a message cannot be sent again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clinic.core.errors import Conflict, Impossible


class StillOnItsWay(Conflict):
    code, text = "still_on_its_way", _("This message has not gone out yet; it will by itself.")


class VisitHasBegun(Impossible):
    code, text = "visit_has_begun", _("This visit is over: nobody needs this message any more.")


class NoAddress(Impossible):
    code, text = "no_address", _("There is no email address on this visit.")
