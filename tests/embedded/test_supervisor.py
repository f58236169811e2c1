"""`make run` from outside: what it starts, says, restarts and stops, and what a killed one leaves behind."""

import os
import signal
import socket
from pathlib import Path

import psycopg

from tests.embedded.running_clinic import ELSEWHERE, OPEN, RunningClinic, wait_until_gone

PREPARE = "echo database $DATABASE_URL"


def sleeper(name: str = "sleeper") -> str:
    """A Procfile line: a process that says its id and stays."""
    return f"{name}: sh -c 'echo pid $$; exec sleep 600'\n"


def database_of(clinic: RunningClinic) -> str:
    """From what the stand-in for `manage.py prepare` printed."""
    return clinic.told(r"^database (\S+)$")


def test_it_opens_after_preparing_and_ctrl_c_stops_everything(folder: Path) -> None:
    web = "web: python -m http.server --bind 127.0.0.1 $PORT\n"
    with RunningClinic(folder, sleeper() + web, prepare=PREPARE, own=ELSEWHERE) as clinic:
        pid = int(clinic.told(r"^sleeper \| pid (\d+)$"))
        clinic.told(rf"^The clinic is open at http://127\.0\.0\.1:{clinic.port}$")
        url = database_of(clinic)
        clinic.told(OPEN)
        with socket.create_connection(("127.0.0.1", clinic.port)), psycopg.connect(url):
            pass
        clinic.process.send_signal(signal.SIGINT)
        assert clinic.ended() == 0
    assert clinic.said.splitlines()[-1] == "Stopped. The data stay for the next start."
    assert wait_until_gone(pid)
    assert not Path(url.partition("host=")[2], ".s.PGSQL.5432").exists()


def test_data_survive_a_killed_supervisor_and_no_process_does(folder: Path) -> None:
    with RunningClinic(folder, sleeper(), prepare=PREPARE, own=["DATABASE_URL"]) as clinic:
        pid = int(clinic.told(r"pid (\d+)$"))
        url = database_of(clinic)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE visit AS SELECT 7 AS room")
        with psycopg.connect(url) as connection:  # still open, in a transaction, when it happens
            backend = connection.execute("SELECT pg_backend_pid()").fetchone()
            clinic.process.kill()
            assert clinic.ended() == -signal.SIGKILL
            connection.close()
    assert backend
    assert [wait_until_gone(each) for each in (pid, backend[0])] == [True, True]
    with (
        RunningClinic(folder, prepare=PREPARE, own=["DATABASE_URL"]) as again,
        psycopg.connect(database_of(again)) as connection,
    ):
        assert connection.execute("SELECT room FROM visit").fetchone() == (7,)


def test_a_second_start_is_refused_in_one_sentence(folder: Path) -> None:
    with RunningClinic(folder) as first:
        first.told(OPEN)
        second = RunningClinic(folder)
        assert second.ended() == 1
        holder = first.process.pid
        assert second.said == (
            f"It runs already from this folder (process {holder}): stop it there with Ctrl-C first.\n"
        )


def test_a_taken_port_is_refused_before_anything_starts(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        clinic = RunningClinic(folder, port=port)
        assert clinic.ended() == 1
    assert clinic.said == (
        f"Port {port} cannot be used (Address already in use): choose another, as in 'PORT=8001 make run'.\n"
    )
    assert not (folder / "log").exists()


def test_a_process_that_ends_is_started_again(folder: Path) -> None:
    with RunningClinic(folder, sleeper()) as clinic:
        first = int(clinic.told(r"pid (\d+)$"))
        clinic.told(OPEN)
        os.kill(first, signal.SIGTERM)
        assert clinic.told_next("ended") == "sleeper ended by SIGTERM; starting it again in 0.5 s."
        second = int(clinic.told_next(r"pid (\d+)$"))
        assert second != first
    assert wait_until_gone(second)


def test_a_server_that_ends_is_started_again(folder: Path) -> None:
    with RunningClinic(folder, prepare="echo redis $REDIS_URL", own=["REDIS_URL"]) as clinic:
        socket_path = clinic.told(r"^redis unix://(\S+)$")
        clinic.told(OPEN)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(socket_path)
            client.sendall(b"SHUTDOWN NOSAVE\r\n")
            client.recv(1)
        clinic.told(r"^valkey ended with exit code 0; starting it again in 0\.5 s\.$")


def test_a_failed_preparation_stops_all_and_shows_what_it_said(folder: Path) -> None:
    clinic = RunningClinic(folder, sleeper(), prepare="sh -c 'echo half done; echo why >&2; exit 3'")
    assert clinic.ended() == 1
    assert clinic.said.splitlines()[1:] == [
        "prepare | why",
        "half done",
        "'sh -c 'echo half done; echo why >&2; exit 3'' ended with exit code 3; everything has been stopped.",
    ]


def test_the_site_is_told_where_it_is_and_given_keys_of_its_own(folder: Path) -> None:
    tell = "sh -c 'echo told $CLINIC_ENV $PORT $SECRET_KEY $FIELD_KEYS $IDENTITY_KEY $FROM_OUTSIDE'"
    more = {"FROM_OUTSIDE": "passed-on", "IDENTITY_KEY": "given"}
    told = []
    for _ in range(2):
        with RunningClinic(folder, prepare=tell, more=more) as clinic:
            told.append(clinic.told(r"^told (.*)$").split())
            assert told[-1][:2] == ["local", str(clinic.port)]
            assert told[-1][4:] == ["given", "passed-on"]
    assert told[0][2:] == told[1][2:]  # kept for the next start
    assert (folder / "local.env").stat().st_mode & 0o777 == 0o600
