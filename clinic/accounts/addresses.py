"""Another email address for an account: proved by a link that is mailed there, and told to the old one."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import EmailChange, User
from clinic.accounts.passwords import mail_wanted
from clinic.core import clock, db
from clinic.core.errors import Impossible, NotFound

LINK_SECONDS = 24 * 3600
_SALT = "change-email"


class KeptElsewhere(Impossible):
    code, text = (
        "kept_elsewhere",
        _("Your address is kept with your profile. Please ask the administration to change it."),
    )


def ask(user_id: UUID, email: str) -> None:
    """Mails a link to the new address and a notice to the present one. When the new one has an account, its owner is told
    instead of getting a link; whoever asks learns the same. Raises `KeptElsewhere` for a dentist's account."""
    email = email.strip().lower()
    with db.signing_in():
        user = _own(user_id)
        taken = User.objects.filter(email=email, is_active=True).exclude(pk=user_id).first()
        EmailChange.objects.filter(user=user).delete()
        if taken is None:
            EmailChange(user=user, email=email).save(force_insert=True)
    mail_wanted("email_asked", user)
    if taken is None:
        mail_wanted("new_email", user)
    else:
        mail_wanted("known", taken)


def wanted(user_id: UUID) -> str:
    """The address that the account is to have; "" for none."""
    with db.signing_in():
        return EmailChange.objects.filter(user_id=user_id).values_list("email", flat=True).first() or ""


def token(user: User, email: str) -> str:
    """Proves that whoever has it reads the mail of the new address; good for a day and while the old one stands."""
    return signing.dumps([str(user.pk), user.email, email], salt=_SALT)


def confirm(user_id: UUID | None, text: str) -> User:
    """Gives the account its new address; a trigger ends all its sessions and tokens. Only who is signed in to it may:
    a stranger's click must not tie the stranger's address to somebody's account. Raises `NotFound`."""
    try:
        owner, old, new = signing.loads(text, salt=_SALT, max_age=LINK_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound() from error
    if user_id is None or str(user_id) != owner:
        raise NotFound()
    try:
        with db.signing_in():
            user = _own(user_id)
            asked = EmailChange.objects.filter(user=user, email=new)
            if user.email != old or not asked.exists():
                raise NotFound()
            user.email, user.email_verified_at = new, clock.now()
            user.save(update_fields=["email", "email_verified_at"])
            asked.delete()
    except IntegrityError as error:
        raise NotFound() from error  # somebody signed up with it meanwhile
    return user


def _own(user_id: UUID) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound()
    if user.dentist_id is not None:
        raise KeptElsewhere()
    return user
