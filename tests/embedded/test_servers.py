"""PostgreSQL and Valkey of our own: private, fast to start, gone when they should be."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis

from clinic.embedded import postgres as postgres_module
from clinic.embedded.account import server_account
from clinic.embedded.children import launch, processes_in
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.place import place_for
from clinic.embedded.postgres import PostgresServer
from clinic.embedded.servers import Servers, running

OWN_POSTGRES = {"REDIS_URL": "redis://elsewhere"}


def answer(url: str, query: str) -> tuple[object, ...] | None:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchone()


def postgres_of(servers: Servers) -> PostgresServer:
    assert servers.postgres
    return servers.postgres


def leftovers(servers: Servers) -> list[int]:
    return [
        pid
        for server, program in zip(servers.own, ("postgres", "valkey-server"), strict=True)
        for pid in processes_in(server.data, program)
    ]


@pytest.fixture(scope="module")
def fleeting() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory() as name, running(Path(name), durable=False, environ={}) as servers:
        yield servers


def test_fleeting_servers_leave_neither_process_nor_data(folder: Path) -> None:
    with running(folder, durable=False, environ={}) as servers:
        assert answer(servers.database_url, "SELECT 1") == (1,)
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.ping() is True
        assert len(leftovers(servers)) > 1
    assert leftovers(servers) == []
    assert [server.data.exists() for server in servers.own] == [False, False]


def test_the_site_owns_its_database_without_being_superuser(fleeting: Servers) -> None:
    role = "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
    assert answer(fleeting.database_url, f"{role} WHERE rolname = current_user") == (
        "clinic_owner",
        False,
        False,
        True,
        True,
    )
    owner = "SELECT datdba::regrole::text, pg_encoding_to_char(encoding), datlocale FROM pg_database"
    assert answer(fleeting.database_url, f"{owner} WHERE datname = current_database()") == (
        "clinic_owner",
        "UTF8",
        "C.UTF-8",
    )
    for extension in ("btree_gist", "citext", "pg_trgm"):  # the owner may add what the site needs
        with psycopg.connect(fleeting.database_url) as connection:
            connection.execute(f"CREATE EXTENSION {extension}")


def test_only_this_account_can_reach_them(fleeting: Servers) -> None:
    postgres = postgres_of(fleeting)
    assert answer(fleeting.database_url, "SELECT current_setting('listen_addresses')") == ("",)
    directory = answer(postgres.superuser_url, "SELECT current_setting('unix_socket_directories')")
    assert directory
    sockets = Path(str(directory[0]).strip('"'))
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in sockets.iterdir() if path.is_socket()) == [
        ".s.PGSQL.5432",
        "valkey.sock",
    ]
    with redis.Redis.from_url(fleeting.redis_url) as client:
        assert client.config_get("port") == {"port": "0"}


def test_servers_named_by_the_environment_are_used_instead(folder: Path) -> None:
    theirs = {"DATABASE_URL": "postgresql://somebody@elsewhere/clinic", "REDIS_URL": "redis://elsewhere"}
    with running(folder, durable=True, environ=theirs) as servers:
        assert servers == Servers(theirs["DATABASE_URL"], theirs["REDIS_URL"], postgres=None, valkey=None)


def test_committed_data_survive_a_crash_and_a_restart(used_folder: Path) -> None:
    with running(used_folder, durable=True, environ={}) as servers:
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("CREATE TABLE visit AS SELECT 7 AS room")
        postgres_of(servers).kill()
        postgres_of(servers).start()
        assert answer(servers.database_url, "SELECT room FROM visit") == (7,)
    with running(used_folder, durable=True, environ={}) as servers:
        assert answer(servers.database_url, "SELECT room FROM visit") == (7,)


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(used_folder: Path) -> None:
    with running(used_folder, durable=True, environ=OWN_POSTGRES) as servers:
        data = postgres_of(servers).data
        sockets = servers.database_url.partition("host=")[2]
    stranger = launch(
        ["/bin/sleep", "60"],
        death_signal=signal.SIGKILL,
        cwd=Path("/"),
        env={},
        account=server_account(),
    )
    (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1700000000\n5432\n{sockets}\n\n0 0\nready   \n")
    with running(used_folder, durable=True, environ=OWN_POSTGRES) as servers:
        assert answer(servers.database_url, "SELECT 1") == (1,)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_start_cut_short_while_the_cluster_was_made_is_made_up_for(folder: Path) -> None:
    place = place_for(folder, durable=True)
    draft = place.own(place.data / "postgres.draft")
    (draft / "base").mkdir()
    with running(folder, durable=True, environ=OWN_POSTGRES) as servers:
        assert answer(servers.database_url, "SELECT 1") == (1,)
    assert not draft.exists()


def test_a_failed_start_shows_the_end_of_the_log(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres_module.SETTINGS, "jit", "perhaps")
    with pytest.raises(EmbeddedError, match="PostgreSQL did not start") as raised, ExitStack() as stack:
        stack.enter_context(running(folder, durable=False, environ=OWN_POSTGRES))
    assert 'parameter "jit" requires a Boolean value' in str(raised.value)
