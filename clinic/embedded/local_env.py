"""The environment that the site runs in on a developer's machine."""

import base64
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from clinic.embedded.servers import Servers


def local_secrets(folder: Path) -> dict[str, str]:
    """The keys of this installation, made once and kept in ``folder``/local.env, for the owner's eyes only.

    ``SECRET_KEY``: Django's. ``FIELD_KEYS``: one Fernet key, urlsafe base64 of 32 bytes.
    ``IDENTITY_KEY``: 64 hexadecimal digits.
    """
    path = folder / "local.env"
    kept = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
    wanted = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "IDENTITY_KEY": secrets.token_hex(32),
    }
    if wanted.keys() - kept.keys():
        kept = {**wanted, **kept}
        handle, draft = tempfile.mkstemp(prefix="local.env.", dir=folder)  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in kept.items())
        Path(draft).replace(path)
    return kept


def mail_folder(folder: Path) -> Path:
    """Where mails lie that a local clinic sends."""
    return folder / "mails"


def site_settings(base: Mapping[str, str], folder: Path, servers: Servers, port: int) -> dict[str, str]:
    """What the site must be told; what ``base`` says already, wins."""
    settings = {
        "CLINIC_ENV": "local",
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "PORT": str(port),
        "MAIL_FOLDER": str(mail_folder(folder)),
        **local_secrets(folder),
    }
    return {name: base.get(name) or value for name, value in settings.items()}


def child_environment(base: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """``base`` with ``settings``; `python` is the one that runs this, and prints without delay."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{base.get('PATH', os.defpath)}"
    return {**base, **settings, "PATH": path, "PYTHONUNBUFFERED": "1"}
