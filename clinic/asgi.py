"""The site under an ASGI server."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
django.setup(set_prefix=False)

from clinic.core.serving import (  # noqa: E402 - Django is set up first
    ThreadedHandler,
    keep_no_access_log,
    leave_bodies_to_django,
    warm_up,
)

leave_bodies_to_django()
keep_no_access_log()
application = ThreadedHandler()
warm_up()
