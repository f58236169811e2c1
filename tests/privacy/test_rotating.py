"""A new key for what is encrypted: broken off and begun again, with every value readable all the time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command

from appointments import medical
from clinic.core import db
from clinic.core.crypto import Unreadable, decrypt, encrypt
from clinic.core.rotation import encrypted_tables, rotate
from tests.api.calling import Caller
from tests.factories import Cast
from tests.history.noted import lines
from tests.privacy.conftest import told, wish

OLD, NEW = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", Fernet.generate_key().decode()
ROOT = Path(__file__).parents[2]
_TOKENS = "SELECT format('%I.%I', c.table_name, c.column_name), c.table_name, c.column_name FROM information_schema.columns c" \
          " WHERE c.table_schema = 'public' AND c.data_type IN ('text', 'character varying')"  # fmt: skip


@pytest.fixture
def visits(cast: Cast, settings: object) -> list[UUID]:
    """Seven visits under the old key, with kept answers; from now on there is a newer one."""
    settings.FIELD_KEYS = [OLD]  # type: ignore[attr-defined]  # pytest-django's own
    booked = []
    for number, hour in enumerate(("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:00")):
        answer = Caller().post(
            "appointments", wish(cast, hour, f"Gus {number}", "gus@example.net"), Idempotency_Key=hour
        )
        booked.append(UUID(answer.json["id"]))
    settings.FIELD_KEYS = [NEW, OLD]  # type: ignore[attr-defined]  # as above
    return booked


def tokens() -> dict[str, list[str]]:
    """Every encrypted value of the database, by the column it stands in, wherever that is."""
    found = {}
    with db.as_owner():
        for place, table, column in db.rows(_TOKENS):
            rows = db.rows(f'SELECT "{column}" FROM "{table}" WHERE "{column}" LIKE \'gAAAA%%\'')
            if rows:
                found[place] = [text for (text,) in rows]
    return found


def under(key: str) -> int:
    """How many values this key alone opens."""
    ring, count = Fernet(key), 0
    for texts in tokens().values():
        for text in texts:
            try:
                ring.decrypt(text.encode())
            except InvalidToken:
                continue
            count += 1
    return count


def all_readable(cast: Cast, visits: list[UUID]) -> bool:
    with db.transaction(cast.as_admin):
        read = [medical.read_for(cast.as_admin, visit) for visit in visits]
    answers = [json.loads(decrypt(text)) for text in tokens()["core_idempotencykey.body"]]
    return read == [told()] * 7 and {UUID(answer["id"]) for answer in answers} == set(visits)


def test_every_column_that_holds_encrypted_text_is_known(visits: list[UUID]) -> None:
    known = {f"{one.table}.{column}" for one in encrypted_tables() for column in one.columns}
    assert set(tokens()) <= known
    assert {"appointments_medicalrecord.symptoms", "core_idempotencykey.body"} <= known


def test_a_new_key_takes_over_and_the_old_one_can_go(cast: Cast, visits: list[UUID], settings: object) -> None:
    count = sum(map(len, tokens().values()))
    assert (under(OLD), under(NEW), count) == (63, 0, 63)
    noted = len(lines())
    call_command("rotate_keys", batch=3)
    assert len(lines()) == noted, "nobody wrote anything else than stood there"
    assert (under(OLD), under(NEW)) == (0, 63)
    settings.FIELD_KEYS = [NEW]  # type: ignore[attr-defined]  # as above
    assert all_readable(cast, visits)


def test_a_second_time_writes_nothing(visits: list[UUID]) -> None:
    call_command("rotate_keys")
    before = tokens()
    assert [one for table in encrypted_tables() for one in rotate(table, 5)] == [(5, 0), (2, 0), (5, 0), (2, 0)]
    assert tokens() == before


def _process(*arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"FIELD_KEYS": f"{NEW},{OLD}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "rotate_keys", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_killed_in_the_middle_nothing_is_lost_and_the_next_run_ends_it(cast: Cast, visits: list[UUID]) -> None:
    process = _process("--batch", "1")
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.kill()
    process.wait(timeout=20)
    process.stdout.close()
    done = under(NEW)
    assert done >= 3 * 8, "three visits with eight texts were said to be done"
    assert done + under(OLD) == 63
    assert all_readable(cast, visits)
    call_command("rotate_keys")
    assert (under(OLD), under(NEW)) == (0, 63)


def test_broken_off_inside_a_batch_the_batch_is_as_it_was(
    cast: Cast, visits: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    from clinic.core import rotation

    calls = []

    def failing(text: str) -> str:
        calls.append(text)
        if len(calls) == 20:  # in the third visit of a batch of two
            raise KeyboardInterrupt
        return encrypt(decrypt(text))

    monkeypatch.setattr(rotation, "rotated", failing)
    with pytest.raises(KeyboardInterrupt):
        call_command("rotate_keys", batch=2)
    assert (under(NEW), under(OLD)) == (16, 47)
    assert all_readable(cast, visits)
    monkeypatch.undo()


def test_a_lost_key_is_told_and_changes_nothing(visits: list[UUID], settings: object) -> None:
    settings.FIELD_KEYS = [NEW]  # type: ignore[attr-defined]  # as above
    before = tokens()
    with pytest.raises(CommandError, match="none of FIELD_KEYS opens") as told_so:
        call_command("rotate_keys")
    assert isinstance(told_so.value.__cause__, Unreadable)
    assert tokens() == before
