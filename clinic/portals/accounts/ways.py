"""Who is signed in, and where signing in leads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from clinic.accounts.models import User

_HOME = {"admin": "admin:index", "dentist": "dentist:today", "desk": "desk:day", "patient": "patient:visits"}


def home(user: User) -> str:
    """The path of the page that this account works on."""
    return resolve_url(_HOME.get(user.role, "patient:dentists"))


def account_of(request: HttpRequest) -> User:
    """The account that is signed in, as a plain object."""
    user: Any = request.user
    found: User = user._wrapped if hasattr(user, "_wrapped") else user
    return found


def local_path(request: HttpRequest, wanted: str) -> str:
    """Where somebody wants to go, if it is a page of ours; else ""."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""
