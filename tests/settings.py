"""The site's settings for tests: its own secrets, and servers that tests/conftest.py starts."""

import os
import secrets

os.environ.setdefault("CLINIC_ENV", "test")
os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2)
os.environ.setdefault("IDENTITY_KEY", "00112233445566778899aabbccddeeff" * 2)
os.environ.setdefault("FIELD_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("DATABASE_URL", "postgresql://owner@/clinic?host=/nonexistent")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")

from clinic.settings import *  # noqa: F403 - the environment must be complete before the settings read it

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEST_RUN = secrets.token_hex(4)
# Each worker counts for itself, and only tests of a limit reach one.
CACHES["default"]["KEY_PREFIX"] = TEST_RUN  # type: ignore[index]  # noqa: F405 - comes with the other settings
# Redis publishes to whoever listens, whatever the number of the database: workers must not hear each other.
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = os.environ["REDIS_URL"]  # type: ignore[index]  # noqa: F405 - as above
THROTTLES = {name: (1_000_000, seconds) for name, (_times, seconds) in THROTTLES.items()}  # noqa: F405 - as above

# By this the connections of one process are told from those of a server that it talks to.
for _config in DATABASES.values():  # noqa: F405 - as above
    _config.setdefault("OPTIONS", {})["application_name"] = f"tests-{os.getpid()}"
