"""`/dev/mails`: the mails that stayed on this machine. There are such pages only where mails are kept so."""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from clinic.notifications import local_mail

# A mail may style itself and nothing more, in a frame that can open links elsewhere.
_FRAME = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " frame-ancestors 'self'"
)


@require_safe
def mails(request: HttpRequest) -> HttpResponseBase:
    found = [{"name": name, "to": mail["To"], "subject": mail["Subject"], "date": local_mail.instant(mail)}
             for name, mail in local_mail.kept()]  # fmt: skip
    return render(request, "emails/local/mails.html", {"mails": found})


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # django-csp's types know views without arguments only
def mail(request: HttpRequest, name: str) -> HttpResponseBase:
    found = _found(name)
    text = found.get_body(("plain",))
    context = {
        "name": name,
        "headers": [
            (key, found[key]) for key in ("Subject", "From", "To", "Reply-To", "Date", "Message-ID") if found[key]
        ],
        "text": text.get_content() if text else "",
        "attachments": [part.get_filename() for part in found.iter_attachments()],
    }
    return render(request, "emails/local/mail.html", context)


@require_safe
@xframe_options_sameorigin
def html(request: HttpRequest, name: str) -> HttpResponseBase:
    body = _found(name).get_body(("html",))
    if body is None:
        raise Http404
    # Links of the mail open outside of its frame.
    content = body.get_content().replace("<head>", '<head>\n  <base target="_blank">', 1)
    return HttpResponse(content, headers={"Content-Security-Policy": _FRAME})


@require_safe
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponseBase:
    parts = list(_found(name).iter_attachments())
    if number >= len(parts):
        raise Http404
    part = parts[number]
    return HttpResponse(
        part.get_payload(decode=True),
        content_type=part.get_content_type(),
        headers={"Content-Disposition": f'attachment; filename="{part.get_filename()}"'},
    )


def _found(name: str) -> local_mail.Parsed:
    found = local_mail.find(name)
    if found is None:
        raise Http404
    return found
