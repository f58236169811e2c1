"""`python -m clinic.embedded`: run the whole clinic on this machine, or only its servers."""

import argparse
import os
import shlex
import shutil
import signal
import sys
from pathlib import Path

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.local_env import mail_folder, site_settings
from clinic.embedded.output import Output
from clinic.embedded.place import place_for
from clinic.embedded.preconditions import chosen_port, is_held, only_one
from clinic.embedded.procfile import read_procfile
from clinic.embedded.servers import running, servers_in
from clinic.embedded.supervisor import interrupt_on_signals, keep, supervise
from clinic.embedded.tether import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = "8000"
STOPPED = "Stopped. The data stay for the next start."


def main() -> int:
    options = _parser().parse_args()
    if options.stop_with_parent:
        die_with_parent(signal.SIGTERM)
    interrupt_on_signals()
    try:
        options.action(options)
    except KeyboardInterrupt:
        return 0
    except (EmbeddedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    with only_one(options.folder):
        port = chosen_port(os.environ.get("PORT") or DEFAULT_PORT)
        commands = read_procfile(options.procfile)
        print("Starting; the first time takes a little longer.", flush=True)
        try:
            supervise(
                options.folder,
                root=ROOT,
                commands=commands,
                prepare=options.prepare,
                port=port,
                environ=os.environ,
            )
        except KeyboardInterrupt:
            Output([]).say(STOPPED)


def _servers(options: argparse.Namespace) -> None:
    with only_one(options.folder):
        try:
            with running(options.folder, durable=True) as servers:
                if not servers.own:
                    raise EmbeddedError("DATABASE_URL and REDIS_URL are given: there is nothing to start.")
                print(f"DATABASE_URL={servers.database_url}\nREDIS_URL={servers.redis_url}")
                print('In another shell: eval "$(.venv/bin/python -m clinic.embedded env)"', flush=True)
                keep(servers)
        except KeyboardInterrupt:
            Output([]).say(STOPPED)


def _env(options: argparse.Namespace) -> None:
    if not is_held(options.folder):
        raise EmbeddedError("Nothing runs here: start 'make run' or 'python -m clinic.embedded servers' first.")
    servers = servers_in(place_for(options.folder, durable=True), durable=True)
    port = int(os.environ.get("PORT") or DEFAULT_PORT)
    for name, value in site_settings(os.environ, options.folder, servers, port).items():
        print(f"export {name}={shlex.quote(value)}")


def _reset(options: argparse.Namespace) -> None:
    with only_one(options.folder):
        place_for(options.folder, durable=True).erase()
        shutil.rmtree(mail_folder(options.folder), ignore_errors=True)
        print("The local data are erased; the next start begins with a fresh demo clinic.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m clinic.embedded", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "var", help="for data, keys and logs")
    parser.add_argument("--stop-with-parent", action="store_true", help="end when the calling process ends")
    actions = parser.add_subparsers(required=True)
    run = actions.add_parser("run", help="run servers and Procfile until Ctrl-C")
    run.add_argument("--procfile", type=Path, default=ROOT / "Procfile")
    run.add_argument("--prepare", default="python manage.py prepare", help="a command to run before; may be empty")
    run.set_defaults(action=_run)
    for name, action, purpose in (
        ("servers", _servers, "run only the servers, and print their addresses"),
        ("env", _env, "print the site's environment as export lines for a shell"),
        ("reset", _reset, "erase the local data"),
    ):
        actions.add_parser(name, help=purpose).set_defaults(action=action)
    return parser


if __name__ == "__main__":
    sys.exit(main())
