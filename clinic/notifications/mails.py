"""A message as a mail: text and HTML, the private link, and the visit as a calendar file."""

from __future__ import annotations

import unicodedata
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from appointments.calendar import visit_calendar
from appointments.links import token_for
from appointments.models import Appointment, Status
from clinic.core import db
from clinic.core.languages import written
from clinic.core.models import ClinicSettings
from clinic.notifications.models import Message
from clinic.notifications.wording import Wording, wording_of

# Of the private link in admin, where it is looked at by somebody whom it is not for.
HIDDEN = "…"


def mail_for(message: Message, visit: Appointment, clinic: ClinicSettings) -> EmailMultiAlternatives:
    """The mail, in the language of `language_of`. Raises `ValidationError` when the visit's address is none."""
    validate_email(visit.patient_email)
    with translation.override(language_of(visit)):
        wording = wording_of(message)
        link = visit_link(token_for(visit.pk))
        mail = EmailMultiAlternatives(
            subject=one_line(wording.subject),
            body=text_of(message, visit, clinic, wording, link),
            from_email=formataddr((one_line(clinic.name), settings.MAIL_FROM)),
            to=[visit.patient_email],
            reply_to=[clinic.email] if clinic.email else None,
            # RFC 3834: nobody's holiday answer is wanted.
            headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
        )
        context = _context(message, visit, clinic, wording, link)
        mail.attach_alternative(render_to_string("emails/message.html", context), "text/html")
        mail.attach(_calendar_file(visit, clinic, link))
    return mail


def text_of(message: Message, visit: Appointment, clinic: ClinicSettings, wording: Wording, link: str) -> str:
    return render_to_string("emails/message.txt", _context(message, visit, clinic, wording, link))


def preview(message: Message) -> tuple[str, str]:
    """Subject and text as they would be sent now, with the secret of the private link left out."""
    with translation.override(language_of(message.appointment)):
        wording = wording_of(message)
        clinic = ClinicSettings.current()
        return one_line(wording.subject), text_of(message, message.appointment, clinic, wording, visit_link(HIDDEN))


def language_of(visit: Appointment) -> str:
    """What the account has chosen, else what the visit was booked in, else the site's."""
    return written(str(db.value("SELECT accounts_language(%s)", [visit.account_id])), visit.language)


def message_id(message: Message) -> str:
    """The same for each attempt, so that a mail server that has it already can tell (RFC 5322, 3.6.4)."""
    return f"<{message.pk}.{message.round}@{urlsplit(settings.SITE_URL).hostname}>"


def visit_link(token: str) -> str:
    """The address of a visit's page for whoever has its secret."""
    page = reverse("patient:visit", args=["TOKEN"])
    return settings.SITE_URL + page.replace("TOKEN", token)


def one_line(text: str) -> str:
    """A text fit for a header: no line breaks, no control characters, no breaks in the writing direction, and no beginning of
    an encoded word (RFC 2047), which some programs decode wherever it stands."""
    spaced = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    return " ".join("".join(char for char in spaced if unicodedata.category(char) != "Cf").replace("=?", "= ?").split())


def _context(
    message: Message, visit: Appointment, clinic: ClinicSettings, wording: Wording, link: str
) -> dict[str, object]:
    return {
        "message": message,
        "visit": visit,
        "clinic": clinic,
        "wording": wording,
        "link": settings.SITE_URL + reverse("patient:dentists") if message.status == Status.CANCELLED else link,
        "dentist_changed": bool(message.was_dentist_name) and message.was_dentist_name != message.dentist_name,
        "time_changed": message.was_starts_at is not None and message.was_starts_at != message.starts_at,
    }


def _calendar_file(visit: Appointment, clinic: ClinicSettings, link: str) -> MIMEBase:
    """Byte for byte: a calendar's lines end as RFC 5545 wants them, whatever mail does with line ends."""
    part = MIMEBase("text", "calendar", charset="utf-8", name="visit.ics")
    part.set_payload(visit_calendar(visit, clinic, url=link))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename="visit.ics")
    return part
