"""The site under an ASGI server."""

from __future__ import annotations

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
django.setup(set_prefix=False)

from clinic.core.daphne_limits import answer_in_our_words, bound_bodies  # noqa: E402 - Django is set up first
from clinic.core.serving import (  # noqa: E402 - Django is set up first
    ThreadedHandler,
    keep_no_access_log,
    leave_bodies_to_django,
    warm_up,
)
from clinic.core.websockets import bound_messages, close_when_stopping, share_frames  # noqa: E402 - as above
from clinic.sockets.application import SocketApplication  # noqa: E402 - as above

leave_bodies_to_django()
keep_no_access_log()
bound_bodies()
answer_in_our_words()
bound_messages()
share_frames()
close_when_stopping()
_pages, _sockets = ThreadedHandler(), SocketApplication()


async def application(scope: Any, receive: Any, send: Any) -> None:
    await (_sockets if scope["type"] == "websocket" else _pages)(scope, receive, send)


warm_up()
