"""What is logged, and in which form: JSON lines, or text for a developer's console.

A line of ours says what we wrote into it. Lines of others (Django, Daphne, procrastinate, …) hold paths with private
links, arguments, addresses; of them only what is constant is kept: the text without its arguments, or the place where it
was said. Exceptions lose their words (`clinic.core.tracebacks`). docs/deploy.md says what a line looks like.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import threading
from typing import Any
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor

from clinic.core.tracebacks import trace

FORMS = ("json", "console")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
WITHHELD = "…"
_OURS = ("clinic", "appointments", "availability", "dentists", "chatbot")
_WARNING = re.compile(r"^(?P<place>\S+:\d+): (?P<kind>\w+): ")


def config(*, level: str, form: str) -> dict[str, Any]:
    """Django's `LOGGING`. Nobody is mailed; every line goes to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "clinic.core.logs.formatter", "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Named here so that they lose the handlers that Django gives them: one of those mails tracebacks.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"level": "CRITICAL"},  # each request has a line of its own: clinic.core.request_log
            "django.channels.server": {"level": "WARNING"},
            "daphne": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
        },
    }


def configure(given: dict[str, Any]) -> None:
    """Django's `LOGGING_CONFIG`: sets logging up in this process, and structlog upon it."""
    logging.config.dictConfig(given)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_for_all(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    if given["formatters"]["line"]["form"] == "json":
        _take_what_bypasses_loggers()


def formatter(form: str) -> logging.Formatter:
    """For handlers: every line, whoever says it, in this form."""
    if form == "console":
        colours = sys.stderr.isatty()
        shown: Processor = structlog.dev.ConsoleRenderer(
            colors=colours, exception_formatter=structlog.dev.plain_traceback
        )
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_for_all(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_for_all(), said_by_others],
        processors=[
            exceptions_without_words,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


def _for_all() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def said_by_others(logger: Any, method: str, line: EventDict) -> EventDict:
    """A record of Python's logging: one of ours as it was meant, somebody else's without what they put into it."""
    record: logging.LogRecord = line["_record"]
    arguments = line.pop("positional_args", ())
    if record.name.partition(".")[0] in _OURS:
        line["event"] = _filled(str(record.msg), arguments)
        return line
    if record.name == "py.warnings":
        found = _WARNING.match(str(arguments[0] if arguments else record.msg))
        line["event"] = f"{found['kind']} at {found['place']}" if found else WITHHELD
    elif record.name.startswith("procrastinate") and isinstance(action := getattr(record, "action", None), str):
        line["event"] = action
        line.update(_job(getattr(record, "job", None)))
    elif arguments and isinstance(record.msg, str):
        line["event"] = _filled(record.msg, _harmless_ones(arguments))
    else:  # finished text, in which nobody can tell the constant part
        line["event"] = f"{WITHHELD} ({record.module}.{record.funcName}, line {record.lineno})"
    if record.levelno >= logging.ERROR and not line.get("exc_info"):
        line["exc_info"] = sys.exc_info()[1]  # some write the traceback into the text instead
    return line


def exceptions_without_words(logger: Any, method: str, line: EventDict) -> EventDict:
    line.pop("stack_info", None)
    given = line.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        line["exception"] = trace(error)
    return line


def _filled(template: str, arguments: Any) -> str:
    try:
        return template % arguments if arguments else template
    except (TypeError, ValueError, KeyError):
        return template


def _harmless_ones(arguments: Any) -> Any:
    if isinstance(arguments, dict):
        return {name: _harmless(value) for name, value in arguments.items()}
    return tuple(_harmless(value) for value in arguments)


def _harmless(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | UUID):
        return value
    return type(value).__name__ if isinstance(value, BaseException) else WITHHELD


def _job(job: Any) -> dict[str, Any]:
    """Which job, without its arguments."""
    return {"job_id": job.get("id"), "task": job.get("task_name")} if isinstance(job, dict) else {}


def _take_what_bypasses_loggers() -> None:
    """What Python itself would write to standard error, words and all: warnings, exceptions that nobody caught, and
    mistakes in calls of loggers."""
    log = logging.getLogger("clinic.process")
    logging.captureWarnings(True)
    logging.raiseExceptions = False

    def uncaught(kind: type[BaseException], error: BaseException, trace_back: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("the process ends: an exception that nobody caught", exc_info=error)

    def uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
        log.error("a thread ends: an exception that nobody caught", exc_info=told.exc_value)

    def unraisable(told: Any) -> None:
        log.error("an exception where none can be raised", exc_info=told.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    sys.unraisablehook = unraisable
