"""How what an upgrade finds is filled in: code that runs on the tables as they were, as text."""


def tables_at(*newest: tuple[str, str]) -> str:
    """What begins such a code: `row` makes one in the tables as they were after these migrations."""
    return f"""
from datetime import UTC, datetime, timedelta
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
apps = MigrationExecutor(connection).loader.project_state({list(newest)!r}).apps
def row(model, **values):
    return apps.get_model(*model.split("."))._base_manager.create(**values)
"""


THEIRS = """
there = row("people.Hotline", slug="gy", name="Theirs", email="b@theirs.example")
portal = row("people.Portal", hotline=there, slug="gy", name="Theirs", country="GY")
"""
