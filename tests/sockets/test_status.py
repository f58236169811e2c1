"""What the API says of sockets that are really open, in two server processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clinic.realtime import status
from tests.api.calling import sign_in
from tests.factories import Cast
from tests.polling import until
from tests.realtime.processes import serving
from tests.sockets.client import Client
from tests.sockets.conftest import Opener


def test_it_is_true_across_server_processes(opened: Opener, cast: Cast, tmp_path: Path) -> None:
    ana, ada = sign_in(cast.ana), sign_in(cast.ada)

    def listening() -> list[tuple[str, str]]:
        told = ana.get("realtime/status").json["subscriptions"]
        return sorted((one["connection"], one["channelName"]) for one in told)

    def stats() -> Any:
        return ada.get("sync/stats").json["stats"]

    before = stats()
    with serving(tmp_path / "log") as (address, _):
        with Client(address.removeprefix("http://"), as_program=cast.ana) as there:
            here = opened(as_browser=cast.ana)
            first, second = here.hear()["connection"], there.hear()["connection"]
            here.subscribed("appointments")
            there.subscribed("availability")
            until(lambda: listening() == sorted([(first, "appointments"), (second, "availability")]))
            assert {kind: stats()[kind] - before[kind] for kind in ("appointments", "global", "total")} == {
                "appointments": 1, "global": 1, "total": 2,
            }  # fmt: skip
            here.say("unsubscribe", channel="appointments")
            until(lambda: listening() == [(second, "availability")])
        until(lambda: listening() == [])
    status._recent.forget()
