"""The parts of the supervisor that need no server."""

import base64
import os
from pathlib import Path

import pytest

from clinic.embedded import binaries, place, watch
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.local_env import local_secrets
from clinic.embedded.output import Output
from clinic.embedded.place import place_for
from clinic.embedded.preconditions import chosen_port
from clinic.embedded.procfile import read_procfile


class Quitter:
    """A service that ends as soon as it has started."""

    name = "quitter"

    def __init__(self) -> None:
        self.starts = 1

    def start(self) -> None:
        self.starts += 1

    def poll(self) -> int | None:
        return -9


def test_a_service_that_does_not_stay_up_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "RESTART_AFTER", (0.0, 0.0))
    quitter = Quitter()
    watched = watch.Watch(quitter, Output([]))
    for _ in range(4):  # two ends, two new starts
        watched.tend()
    with pytest.raises(EmbeddedError, match="quitter does not stay up, it last ended by SIGKILL"):
        watched.tend()
    assert quitter.starts == 3
    assert capsys.readouterr().out == "quitter ended by SIGKILL; starting it again in 0 s.\n" * 2


def test_a_service_that_stood_long_has_all_its_chances_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "RESTART_AFTER", (0.0,))
    monkeypatch.setattr(watch, "STEADY_AFTER", -1.0)
    quitter = Quitter()
    watched = watch.Watch(quitter, Output([]))
    for _ in range(10):
        watched.tend()
    assert quitter.starts == 6


def test_lines_are_printed_whole_and_behind_their_process(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(["web", "sweeper"])
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        output.follow(stream, output.printer("web"))
        os.write(writing, "Grüße\nunfin".encode())
        output.pump(1)
        os.write(writing, b"ished")
        os.close(writing)
        output.drain()
        assert stream.closed
    assert capsys.readouterr().out == "web     | Grüße\nweb     | unfinished\n"


def test_a_procfile_names_processes_in_order(tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text("# the site\nweb: serve -p $PORT\n\nsweeper: sweep\n")
    assert list(read_procfile(path).items()) == [("web", "serve -p $PORT"), ("sweeper", "sweep")]
    path.write_text("no colon here\n")
    with pytest.raises(EmbeddedError, match="expected 'name: command', found: no colon here"):
        read_procfile(path)


def test_keys_are_made_once_and_a_missing_one_is_added(tmp_path: Path) -> None:
    first = local_secrets(tmp_path)
    assert len(base64.urlsafe_b64decode(first["FIELD_KEYS"])) == 32
    assert len(bytes.fromhex(first["IDENTITY_KEY"])) == 32
    assert local_secrets(tmp_path) == first
    (tmp_path / "local.env").write_text(f"FIELD_KEYS={first['FIELD_KEYS']}\n")
    mended = local_secrets(tmp_path)
    assert mended["FIELD_KEYS"] == first["FIELD_KEYS"]
    assert mended.keys() == first.keys()


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "http", "80a"])
def test_a_port_is_a_number_from_1_to_65535(text: str) -> None:
    with pytest.raises(EmbeddedError, match="PORT must be a number from 1 to 65535"):
        chosen_port(text)


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "server_account", lambda: None)
    deep = tmp_path / ("deep" * 25)
    made = place_for(deep, durable=True)
    assert made.data == deep
    assert len(str(made.sockets)) <= place.LONGEST_SOCKET_FOLDER
    assert made.sockets.stat().st_mode & 0o777 == 0o700
    assert place_for(deep, durable=True).sockets == made.sockets
    made.erase()


@pytest.mark.parametrize("trap", ["open to others", "link"])
def test_a_socket_folder_that_somebody_else_prepared_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: str
) -> None:
    monkeypatch.setattr(place, "server_account", lambda: None)
    made = place_for(tmp_path, durable=True)
    made.sockets.rmdir()
    if trap == "link":
        made.sockets.symlink_to(tmp_path / "log")
    else:
        made.sockets.mkdir()
        made.sockets.chmod(0o777)
    with pytest.raises(EmbeddedError, match="is not a private folder of this account"):
        place_for(tmp_path, durable=True)


def test_without_packages_and_system_servers_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "PACKAGES", {"postgres": "not_installed", "valkey": "not_installed"})
    monkeypatch.setattr(binaries, "_system_folders", lambda: iter([tmp_path]))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.4'\n")
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(EmbeddedError, match="No PostgreSQL 17 or newer was found"):
        binaries.postgres_bin(None)
    with pytest.raises(EmbeddedError, match="No Valkey or Redis server was found"):
        binaries.valkey_server(None)
