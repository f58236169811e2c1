"""Holding a slot: one slot for one holder, for a few minutes by the database's clock."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import caches
from django.db.models.expressions import RawSQL

from availability import placing
from availability.catalogue import Offered, offered_by, offers_of, treatment_of
from availability.choosing import first_that_works, least_busy
from availability.errors import HoldMoved, SlotTaken, TooManyHolds
from availability.models import HoldAttempt, Reservation
from availability.placing import Place
from availability.queries import nearest
from clinic.core import db
from clinic.core.actor import SERVICE, Actor
from clinic.core.errors import Malformed, NotFound
from clinic.core.models import ClinicSettings
from clinic.core.models import IdempotencyKey as KeptAnswer

_BLINK = 0.25  # seconds
_MARGIN = 3  # an address may try this many times as often as one holder: people share addresses

# So long a page may be away before its hold is gone: reloading it looks like leaving it.
LEFT_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Hold:
    """A held slot; instants are aware."""

    id: UUID
    offered: Offered
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime


def reserve(
    actor: Actor, *, dentist: UUID | str | None, treatment: UUID | str, start: datetime, urgent: bool = False
) -> Hold:
    """Holds a slot for the caller, giving up the one they held before. Without a dentist the least busy one is taken.

    Raises `NoSuchDentist`, `NoSuchTreatment`, `WrongTreatment`, what `placing.check` raises, `TooManyHolds`, and
    `SlotTaken` with the nearest free slots.
    """
    if not actor.holders:
        raise Malformed().about("reservation_token")
    start = placing.checked_start(start)
    _release_what_ran_out(actor)
    try:
        try:
            return _reserve(actor, dentist, treatment, start, urgent)
        except HoldMoved:
            # The same holder made another hold meanwhile: now there is one to move.
            return _reserve(actor, dentist, treatment, start, urgent)
    except SlotTaken as taken:
        taken.details["alternatives"] = alternatives(actor, dentist, treatment, start)
        raise


def _reserve(actor: Actor, dentist: UUID | str | None, treatment: UUID | str, start: datetime, urgent: bool) -> Hold:
    with db.transaction(actor):
        settings = ClinicSettings.current()
        _count(actor, settings)
        if dentist is not None:
            return _hold(actor, offered_by(dentist, treatment, actor=actor), start, urgent, settings)
        return first_that_works(
            least_busy(offers_of(treatment_of(treatment), actor=actor), start),
            lambda offer: _hold(actor, offer, start, urgent, settings),
        )


def _hold(actor: Actor, what: Offered, start: datetime, urgent: bool, settings: ClinicSettings) -> Hold:
    where = placing.check(actor, what.dentist.pk, what.visit, start, urgent=urgent)
    values = {
        "dentist_id": what.dentist.pk,
        "treatment_id": what.treatment.pk,
        "starts_at": where.start,
        "ends_at": where.end,
        "busy_from": where.busy_from,
        "busy_until": where.busy_until,
        "address": actor.address,
        "expires_at": RawSQL("clock_timestamp() + make_interval(mins => %s)", [settings.hold_minutes]),
    }
    held = list(Reservation.objects.select_for_update().filter(holder__in=actor.holders).order_by("id"))
    own = held[0] if held else None
    if held[1:]:
        # Held before signing in, and again since: one holder has one hold.
        Reservation.objects.filter(pk__in=[other.pk for other in held[1:]]).delete()
    if own is None:
        own = Reservation(id=uuid.uuid4(), holder=actor.holders[0], **values)
        own.save(force_insert=True)
    else:
        Reservation.objects.filter(pk=own.pk).update(**values)
    own.refresh_from_db()
    return Hold(own.pk, what, own.starts_at, own.ends_at, own.expires_at)


def _release_what_ran_out(actor: Actor) -> None:
    """In a transaction of its own, so that nobody who wants that time waits for what comes next."""
    with db.reading(actor):
        ran_out = list(_ran_out().filter(holder__in=actor.holders).values_list("pk", flat=True))
    if ran_out:
        with db.transaction(actor):
            _ran_out().filter(pk__in=ran_out).delete()


def _ran_out():  # type: ignore[no-untyped-def]  # a queryset with a raw annotation
    return Reservation.objects.filter(expires_at__lte=RawSQL("clock_timestamp()", []))


def _count(actor: Actor, settings: ClinicSettings) -> None:
    if actor.is_staff:
        return  # the front desk holds for callers, all day and from one address
    counted = db.rows("SELECT * FROM availability_count_hold(%s, %s)", [actor.holders[0], actor.address])
    by_holder, by_address, live = counted[0]
    if live >= settings.holds_per_address or by_holder > settings.holds_per_hour:
        raise TooManyHolds(retry_after=settings.hold_minutes * 60)
    if by_address > settings.holds_per_hour * _MARGIN:
        raise TooManyHolds(retry_after=3600)


def hold_for(actor: Actor, reservation_id: UUID) -> Reservation:
    """The caller's own hold, live or run out; raises `NotFound`. Call it inside a transaction."""
    found = Reservation.objects.select_related("dentist", "treatment").filter(
        pk=reservation_id, holder__in=actor.holders
    ).first()  # fmt: skip
    if found is None:
        raise NotFound()
    return found


def held_there(actor: Actor, dentist: UUID, where: Place) -> Reservation | None:
    """The caller's own live hold on this time, locked: what they take there, they take from themselves.

    One that ran out is left to whoever takes the time, who removes all such holds in one order: locking it here first
    would let two people with neighbouring holds wait for each other.
    """
    if not actor.holders:
        return None
    return (
        Reservation.objects.select_for_update()
        .filter(
            holder__in=actor.holders,
            dentist=dentist,
            busy_from__lt=where.busy_until,
            busy_until__gt=where.busy_from,
            expires_at__gt=RawSQL("clock_timestamp()", []),
        )
        .order_by("id")
        .first()
    )


def release(actor: Actor, reservation_id: UUID) -> None:
    """Gives a hold back. A hold that is gone already is what was wanted; somebody else's looks just like that."""
    with db.transaction(actor):
        Reservation.objects.filter(pk=reservation_id, holder__in=actor.holders).delete()


def leave(actor: Actor, reservation_id: UUID, *, expires_at: datetime) -> None:
    """Lets a hold run out in a few seconds, because its page was left. One that was renewed since, so that it no longer
    ends at `expires_at`, stays: the page is open again, and only the news that it was left came late."""
    soon = RawSQL("clock_timestamp() + %s", [LEFT_FOR])
    with db.transaction(actor):
        Reservation.objects.filter(
            pk=reservation_id, holder__in=actor.holders, expires_at=expires_at, expires_at__gt=soon
        ).update(expires_at=soon)


def alternatives(
    actor: Actor, dentist: UUID | str | None, treatment: UUID | str, start: datetime, *, moving: UUID | None = None
) -> list[dict[str, str]]:
    """The nearest free slots as an error tells them: dentist, start and end in ISO 8601 with the clinic's offset.

    In a rush for one slot all losers ask this at the same moment: patients who hold nothing, for whom the same is free,
    may hear what another heard a blink ago.
    """
    if moving is not None or actor.is_staff or _holds_something(actor):
        return _alternatives(actor, dentist, treatment, start, moving)
    rush = caches["rush"]
    key = hashlib.sha256(f"{dentist} {start.isoformat()} {treatment}".encode()).hexdigest()
    found: list[dict[str, str]] | None = rush.get(key)
    if found is None:
        found = _alternatives(actor, dentist, treatment, start, None)
        rush.set(key, found, _BLINK)
    return found


def _holds_something(actor: Actor) -> bool:
    if not actor.holders:
        return False
    with db.reading(actor):
        return Reservation.objects.filter(holder__in=actor.holders).exists()


def _alternatives(
    actor: Actor, dentist: UUID | str | None, treatment: UUID | str, start: datetime, moving: UUID | None
) -> list[dict[str, str]]:
    with db.reading(actor):
        offers = (
            offers_of(treatment_of(treatment), actor=actor)
            if dentist is None
            else [offered_by(dentist, treatment, actor=actor)]
        )
        found = nearest(actor, offers, start, moving=moving)
    return [
        {
            "dentist_id": str(one.offered.dentist.pk),
            "start": one.slot.start.isoformat(),
            "end": one.slot.end.isoformat(),
        }
        for one in found
    ]


def sweep() -> int:
    """Takes away the holds that ran out, with what was only kept for a while; returns how many holds.

    Skips what somebody is just confirming. Pages learn of it through the events of the deleted rows.
    """
    with db.transaction(SERVICE):
        ran_out = _ran_out().select_for_update(skip_locked=True).order_by("id")
        ids = list(ran_out.values_list("pk", flat=True)[:500])
        Reservation.objects.filter(pk__in=ids).delete()
        return len(ids)


def forget_old() -> None:
    """Drops counted attempts after an hour and kept answers after a day, by the database's clock."""
    with db.transaction(SERVICE):
        HoldAttempt.objects.filter(at__lte=RawSQL("clock_timestamp() - interval '1 hour'", [])).delete()
        KeptAnswer.objects.filter(created_at__lte=RawSQL("clock_timestamp() - interval '24 hours'", [])).delete()


def is_live(reservation_id: UUID) -> bool:
    """Whether a hold still runs, by the database's clock."""
    sql = "SELECT expires_at > clock_timestamp() FROM availability_reservation WHERE id = %s"
    return bool(db.value(sql, [reservation_id]))
