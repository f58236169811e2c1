"""`manage.py prepare` and `manage.py demo`: what they say, and when they refuse."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from appointments.models import Appointment
from clinic.accounts.models import User
from clinic.core import db
from dentists.models import Dentist

SIGN_INS = """\
admin       admin@lindenhof.example         demo-clinic
front desk  desk@lindenhof.example          demo-clinic
dentist     eva.weber@lindenhof.example     demo-clinic
dentist     chidi.okafor@lindenhof.example  demo-clinic
patient     lena.hoffmann@example.org       demo-clinic
patient     markus.schneider@example.org    demo-clinic
"""
MAILS = "Mails stay on this machine: /dev/mails shows them.\n"


def run(*command: str) -> str:
    said = StringIO()
    call_command(*command, stdout=said)
    return said.getvalue()


def stored() -> tuple[int, int]:
    with db.as_owner():
        return Dentist.objects.count(), Appointment.objects.count()


@pytest.fixture
def demo(database: None, settings: Settings) -> None:
    settings.DEMO = True


def test_prepare_loads_once_and_says_each_time_whom_to_sign_in_as(demo: None) -> None:
    assert run("prepare") == SIGN_INS + MAILS
    with db.as_owner():
        references = set(Appointment.objects.values_list("booking_reference", flat=True))
    assert run("prepare") == SIGN_INS + MAILS
    with db.as_owner():
        assert set(Appointment.objects.values_list("booking_reference", flat=True)) == references
    assert stored() == (6, 200)


def test_prepare_names_only_those_who_can_still_sign_in(demo: None) -> None:
    run("prepare")
    with db.as_owner():
        User.objects.filter(email="lena.hoffmann@example.org").update(is_active=False)
        Dentist.objects.filter(slug="eva-weber").delete()
    assert [line.split()[0] for line in run("prepare").splitlines()] == [
        "admin",
        "front",
        "dentist",
        "patient",
        "Mails",
    ]


def test_without_the_demo_nothing_is_loaded_or_said(database: None, settings: Settings) -> None:
    settings.DEMO = False
    assert run("prepare") == ""
    for size in ((), ("--dentists=2", "--appointments=10")):
        with pytest.raises(CommandError, match="not for production"):
            run("demo", *size)
    assert stored() == (0, 0)
    with db.as_owner():
        assert not User.objects.exists()


def test_a_clinic_is_never_loaded_over_another(demo: None) -> None:
    assert run("demo") == SIGN_INS
    for size in ((), ("--dentists=2", "--appointments=10")):
        with pytest.raises(CommandError, match="has a clinic already"):
            run("demo", *size)
    assert stored() == (6, 200)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (("--dentists=5",), "needs both"),
        (("--appointments=5",), "needs both"),
        (("--dentists=0", "--appointments=5"), "at least 1"),
        (("--dentists=1", "--appointments=5", "--days-ahead=0"), "at least 1"),
    ],
)
def test_a_size_that_makes_no_clinic_is_refused(demo: None, size: tuple[str, ...], text: str) -> None:
    with pytest.raises(CommandError, match=text):
        run("demo", *size)
    assert stored() == (0, 0)
