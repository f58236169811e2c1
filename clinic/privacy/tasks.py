"""What workers do for personal data, by the clock."""

from __future__ import annotations

from clinic.jobs.rounds import every
from clinic.privacy import retention

every(3600, retention.forget_old)
