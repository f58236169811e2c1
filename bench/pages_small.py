"""The pages of one small clinic, measured in a process of its own: Django stands on one database only."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import django
import psycopg

from bench.ground import Ground
from bench.stand import Stand

# So that there is somebody whose visits they are.
OWNED = """UPDATE appointments_appointment SET patient_id = someone.id
    FROM (SELECT id FROM patients_patient WHERE account_id IS NOT NULL ORDER BY id LIMIT 1) someone
    WHERE NOT EXISTS (SELECT FROM appointments_appointment WHERE account_id IS NOT NULL)"""
CLINICS = {"clinic_of_one": (1, 1), "clinic_of_thousand": (50, 1000)}  # dentists and visits


def built(stand: Stand, name: str) -> None:
    """Makes the small clinic of this name anew."""
    dentists, visits = CLINICS[name]
    gone(stand, name)
    replace(stand, dentists=dentists).build(name, visits)
    with psycopg.connect(stand.url(name), autocommit=True) as owner:
        owner.execute(OWNED)


def gone(stand: Stand, name: str) -> None:
    with psycopg.connect(stand.server_url, autocommit=True) as owner:
        owner.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(psycopg.sql.Identifier(name)))


def main(task: dict[str, Any]) -> None:
    django.setup()
    from bench.pages import server_times

    ground = Ground(Stand(**task["stand"]), task["database"], task["effort"])
    json.dump([vars(one) for one in server_times(ground)], sys.stdout)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
