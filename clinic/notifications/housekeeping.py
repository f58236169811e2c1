"""What keeps the messages in order over days and months."""

from __future__ import annotations

from django.db.models.expressions import RawSQL

from clinic.core import db
from clinic.core.actor import SERVICE
from clinic.notifications.models import FINAL, Message

KEPT_DAYS = 90
# A job that ended without ending its message: its worker lost the database at the last moment, or was older than the
# job. Nobody sends the message meanwhile, or the sender's lock would be taken.
_PUSH = """
    WITH stuck AS (
        SELECT job.id
          FROM notifications_message m
          JOIN procrastinate_jobs job ON job.args ->> 'message_id' = m.id::text
         WHERE m.state IN ('queued', 'sending') AND coalesce(m.tried_at, m.created_at) < clock_timestamp() - %s::interval
           AND job.task_name = 'notifications.send' AND job.status IN ('doing', 'failed')
           AND pg_try_advisory_xact_lock(hashtextextended(m.id::text, 0))
           FOR UPDATE OF job SKIP LOCKED)
    SELECT count(procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)) FROM stuck
"""


def push_stuck(after: str = "2 minutes") -> int:
    """Puts jobs back into the queue that left their message unfinished so long ago; returns how many."""
    with db.transaction(SERVICE):
        return int(db.value(_PUSH, [after]))


def forget_old() -> None:
    """Drops messages that came to their end so many days ago, by the database's clock."""
    with db.transaction(SERVICE):
        ago = RawSQL("clock_timestamp() - make_interval(days => %s)", [KEPT_DAYS])
        Message.objects.filter(state__in=FINAL, created_at__lte=ago).delete()
