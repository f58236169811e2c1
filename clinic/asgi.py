"""The site under an ASGI server."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
django.setup(set_prefix=False)

from clinic.core.serving import ThreadedHandler, leave_bodies_to_django, warm_up  # noqa: E402 - Django is set up first

leave_bodies_to_django()
application = ThreadedHandler()
warm_up()
