"""The libraries behind the model, loaded beside the answering of messages: they take seconds, and nobody waits for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

_lock = threading.Lock()
_ready = threading.Event()
_loading: threading.Thread | None = None


def ask_when_loaded() -> Callable[..., Any] | None:
    """`asking.ask`; None while it is being loaded, which the first call begins."""
    global _loading
    if _ready.is_set():
        from chatbot.model.asking import ask

        return ask
    with _lock:
        if _loading is None:
            _loading = threading.Thread(target=_load, name="language-model", daemon=True)
            _loading.start()
    return None


def wait_until_loaded() -> None:
    """For those who have time."""
    ask_when_loaded()
    _ready.wait()


def _load() -> None:
    import chatbot.model.asking  # noqa: F401 - to have it loaded

    _ready.set()
