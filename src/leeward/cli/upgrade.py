"""`leeward upgrade`: what starting this version does to the database, and doing it."""

from datetime import UTC, datetime
from typing import Annotated

import typer

NEW = (
    "There is no {file} yet, so it is made, with nothing in it. If an installation is to be upgraded, this is another data directory than its "
    "own: see LEEWARD_DATA, or give --data."
)


def upgrade(
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would be done.")] = False,
) -> int:
    """Change the tables as this version needs them, after a copy of the database; serve and setup do the same by themselves.

    Example: leeward upgrade --plan
    """
    from leeward.site.start import prepare_database, start

    start()
    from leeward.site.refusing import database_file, need_whole
    from leeward.site.upgrading import plan as planned

    if (file := database_file()) is not None:
        need_whole(file)
    is_new = file is not None and not file.exists()
    now = datetime.now(UTC)
    found = planned(now)
    if not found.steps:
        print("The tables are as this version needs them: there is nothing to do.")
        return 0
    print(f"Steps: {len(found.steps)}. Database: {found.megabytes} MB.")
    for step in found.steps:
        print(f"  {step}")
    if is_new:
        print(NEW.format(file=file))
    elif found.copy:
        print(f"A copy {'would be' if plan else 'is'} made first, and kept for a week: {found.copy}")
    else:
        print(_why_no_copy())
    if not plan:
        prepare_database(now)
        print("Done.")
    return 0


def _why_no_copy() -> str:
    from django.db import connection

    from leeward.backup.services import copies_server

    if connection.vendor != "postgresql" or copies_server():
        return "There is nothing to copy first."
    return (
        "No copy is made first, and no backup can be: pg_dump, which makes both, is not installed here. Install PostgreSQL’s programs, of the "
        "server’s version or newer."
    )
