"""What outside our code made something fail, in one of a few words: for logs, which never keep an error's message."""

import errno
from collections.abc import Iterator

_BY_NUMBER = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "read_only",
    errno.EIO: "disk_failing",
    errno.EMFILE: "too_many_files",
    errno.ENFILE: "too_many_files",
    errno.ENOMEM: "memory_full",
    errno.ECONNREFUSED: "connection_refused",
    errno.ECONNRESET: "connection_cut",
    errno.EPIPE: "connection_cut",
    errno.ENETUNREACH: "network_unreachable",
    errno.EHOSTUNREACH: "network_unreachable",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
}
# SQLite's names of results; an extended one begins with its family's name.
_BY_RESULT = {
    "SQLITE_BUSY": "database_locked",
    "SQLITE_LOCKED": "database_locked",
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CORRUPT": "database_damaged",
    "SQLITE_NOTADB": "database_damaged",
    "SQLITE_CANTOPEN": "no_database",
    "SQLITE_IOERR": "disk_failing",
}
# PostgreSQL's codes of errors, or the two digits of their class (its manual, appendix A).
_BY_STATE = {
    "53100": "disk_full",
    "53200": "memory_full",
    "53300": "no_database",
    "25006": "read_only",
    "55P03": "database_locked",
    "40P01": "database_locked",
    "57014": "timed_out",
    "57": "no_database",
    "08": "no_database",
    "58": "disk_failing",
    "XX": "database_damaged",
}
_BY_CLASS = {
    "SSLError": "no_tls",
    "gaierror": "name_unknown",
    "TimeoutError": "timed_out",
    "MemoryError": "memory_full",
}


def cause_of(error: BaseException) -> str:
    """Return the cause of an exception, or of the one that it was raised from, as a word; "" if it isn't known."""
    return next(filter(None, map(_cause, _chain(error))), "")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _cause(error: BaseException) -> str:
    result = str(getattr(error, "sqlite_errorname", "") or "")
    for name, cause in _BY_RESULT.items():
        if result.startswith(name):
            return cause
    state = str(getattr(error, "sqlstate", "") or "")
    if state:
        return _BY_STATE.get(state) or _BY_STATE.get(state[:2], "")
    for kind in type(error).__mro__:
        if cause := _BY_CLASS.get(kind.__name__, ""):
            return cause
    return _BY_NUMBER.get(error.errno or 0, "") if isinstance(error, OSError) else ""
