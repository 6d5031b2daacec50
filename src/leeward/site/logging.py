"""What may be logged: what went wrong and where in our code, never who requested what."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from leeward.foundation.causes import cause_of

# Fields that a log call may carry; anything else is dropped, so that a careless call can't leak an address.
ALLOWED_FIELDS = (
    *("job", "subject_id", "hotline_id", "attempt", "seconds", "count", "bytes", "case", "view", "status", "pid"),
    *("code", "field", "why"),
)


class SilentFormatter(logging.Formatter):
    """One JSON line: time, level, event name, allowed fields, the exception's class, its cause in a word and our own stack
    lines.

    The message of an exception is left out: it may quote a report. What other libraries say is kept up to its first
    argument, for the same reason; and where it has none, it may have been put together from a request, and is left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.startswith("leeward")
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if ours else _of_others(record),
        }
        line |= {name: getattr(record, name) for name in ALLOWED_FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            if record.exc_info[1] is not None and (cause := cause_of(record.exc_info[1])):
                line["cause"] = cause
            line["stack"] = [
                f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def _of_others(record: logging.LogRecord) -> str:
    return str(record.msg).split("%", 1)[0].strip(": ") if record.args else ""


class HasException(logging.Filter):
    """Drops Django's record of every 5xx response: it contains the requested address, which is never stored, and the
    failure itself is logged where it happened."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep only records that have an exception to show."""
        return record.exc_info is not None and record.exc_info[0] is not None


def logging_config() -> dict[str, Any]:
    """Return the logging configuration: errors of Django and everything of ours to standard error, no access log."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"silent": {"()": SilentFormatter}},
        "filters": {"has_exception": {"()": HasException}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "silent"}},
        "root": {"handlers": ["stderr"], "level": "ERROR"},
        "loggers": {
            "leeward": {"level": "INFO"},
            "django.server": {"level": "CRITICAL"},
            "django.request": {"level": "ERROR", "filters": ["has_exception"]},
            "django.security": {"level": "ERROR"},
        },
    }
