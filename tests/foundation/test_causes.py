"""A failure of the world outside is named by a word."""

import errno
import socket
import ssl

import pytest

from leeward.foundation.causes import cause_of


class Refused(Exception):
    """As psycopg's: it has the server's code."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("the server's words")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(errno.EROFS, "x"), "read_only"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "connection_refused"),
        (TimeoutError(), "timed_out"),
        (socket.gaierror(-2, "x"), "name_unknown"),
        (ssl.SSLCertVerificationError("x"), "no_tls"),
        (Refused("53100"), "disk_full"),
        (Refused("57P01"), "no_database"),
        (Refused("08006"), "no_database"),
        (Refused("23505"), ""),
        (KeyError("disk_full"), ""),
    ],
)
def test_causes(error: Exception, cause: str) -> None:
    assert cause_of(error) == cause


def test_the_cause_is_looked_for_behind_what_was_raised_from_it() -> None:
    outer = RuntimeError()
    outer.__cause__ = ValueError()
    outer.__cause__.__context__ = OSError(errno.EDQUOT, "x")
    outer.__cause__.__context__.__cause__ = outer  # a circle ends
    assert cause_of(outer) == "disk_full"
