"""What workers do for holds, by the clock."""

from __future__ import annotations

from availability import reservations
from clinic.jobs.rounds import every

# Pages learn from it that a hold ran out, so it is soon; booking does not wait for it.
every(2, reservations.sweep)
every(60, reservations.forget_old)
