"""Nobody asks the database anything without saying who asks, and nobody can say it for somebody else."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connections

from clinic.accounts.models import User
from clinic.core import db
from clinic.core.models import ClinicSettings


def test_first(database: None) -> None:
    with db.as_owner():
        User.objects.create_user("ana@example.org", "x", name="Ana")
    with pytest.raises(ProgrammingError):
        ClinicSettings.current()
    from clinic.core.actor import ANONYMOUS

    with db.reading(ANONYMOUS):
        assert ClinicSettings.current().slot_step_minutes == 15
