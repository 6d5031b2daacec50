"""What a command says where PostgreSQL takes no writes is true of a server, and not of a folder."""

import pytest
from django.db import DatabaseError, connection, transaction

from leeward.cli import main

FULL = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="of PostgreSQL")
@pytest.mark.django_db
def test_a_command_says_what_is_true_for_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    statements = {
        "SET TRANSACTION READ ONLY; INSERT INTO jobs_workerbeat (owner) VALUES ('x')": ("standby", "chown"),
        FULL: ("server is full", "df -h"),
    }
    for statement, (wanted, wrong) in statements.items():
        with pytest.raises(DatabaseError) as failed, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert main._failed(failed.value) == 2
        told = capsys.readouterr().err
        assert wanted in told
        assert wrong not in told
