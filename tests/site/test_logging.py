"""The log of the process never says who asked for what."""

import errno
import json
import logging
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

from django.db import OperationalError

from leeward.site.logging import SilentFormatter


def line(name: str, message: str, *args: object, error: Exception | None = None, **extra: object) -> dict[str, object]:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, info)
    for key, value in extra.items():
        setattr(record, key, value)
    parsed: dict[str, object] = json.loads(SilentFormatter().format(record))
    return parsed


def test_what_others_log_loses_its_arguments() -> None:
    said = line("django.request", "Not Found: %s", "/notice/17-secrettoken", status_code=404, request="GET 192.0.2.7")
    assert "secrettoken" not in json.dumps(said)
    assert "192.0.2" not in json.dumps(said)


def test_an_exceptions_message_is_left_out_but_its_place_is_kept() -> None:
    try:
        raise ValueError("I found a bad page at http://pictures.example/")
    except ValueError as error:
        said = line("leeward.intake", "report.failed", error=error, subject_id=4, words="I found a bad page")
    assert (said["exception"], said["subject_id"]) == ("ValueError", 4)
    assert "test_logging.py" in str(said["stack"])
    assert "bad page" not in json.dumps(said)


def test_code_without_a_file_is_named_too_for_a_formatter_that_fails_shows_the_message() -> None:
    """A data class makes its own `__init__`, whose file is "<string>"; Python prints what a formatter fails on, whole."""

    @dataclass
    class Read:
        words: str

        def __post_init__(self) -> None:
            raise ValueError(self.words)

    try:
        Read("I found a bad page")
    except ValueError as error:
        said = line("leeward.intake", "report.failed", error=error)
    assert any(str(place).startswith("<string>:") for place in said["stack"])  # type: ignore[attr-defined]
    assert "bad page" not in json.dumps(said)


def test_the_formatter_is_the_only_one_in_use() -> None:
    from leeward.site.logging import logging_config

    config = logging_config()
    assert {handler["formatter"] for handler in config["handlers"].values()} == {"silent"}
    assert config["handlers"]["stderr"]["stream"] is sys.stderr


def test_an_answer_of_5xx_without_an_error_of_ours_leaves_no_line_that_says_nothing() -> None:
    from leeward.site.logging import HasException, logging_config

    assert logging_config()["loggers"]["django.request"]["filters"] == ["has_exception"]
    empty = logging.LogRecord(
        "django.request", logging.ERROR, __file__, 1, "%s: %s", ("Service Unavailable", "/healthz"), None
    )
    assert not HasException().filter(empty)
    failed = (ValueError, ValueError("x"), None)
    assert HasException().filter(logging.LogRecord("django.request", logging.ERROR, __file__, 1, "%s", ("x",), failed))


def test_a_made_up_name_of_a_host_is_not_logged() -> None:
    """Django puts the header into the message itself, with no argument to leave out."""
    said = line("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'my-name.example'.")
    assert said["event"] == ""
    assert "my-name" not in json.dumps(said)


def test_what_fails_outside_our_code_is_named_by_its_cause(tmp_path: Path) -> None:
    database = tmp_path / "x.sqlite3"
    with sqlite3.connect(database, isolation_level=None) as first, sqlite3.connect(database, timeout=0) as second:
        first.execute("BEGIN EXCLUSIVE")
        try:
            try:
                second.execute("CREATE TABLE words (text)")
            except sqlite3.OperationalError as error:
                raise OperationalError(*error.args) from error  # as Django does
        except OperationalError as error:
            locked = line("leeward.jobs", "job.failed", error=error)
    assert (locked["exception"], locked["cause"]) == ("OperationalError", "database_locked")
    full = line("leeward.jobs", "job.failed", error=OSError(errno.ENOSPC, "No space left", "/data/my-name"))
    assert full["cause"] == "disk_full"
    assert "my-name" not in json.dumps(full)
    assert "cause" not in line("leeward.jobs", "job.failed", error=ValueError("database is locked"))
