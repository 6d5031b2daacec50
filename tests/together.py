"""Which tests one process runs together: those of a group (`xdist_group`), and of a file that makes something once for all its tests.

pytest-xdist 3.8 gives a test its group by a name that pytest 9.2 no longer reads: whatever is made once in a module was made in every
process.
"""

import pytest


def keep_together(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name each test's group after its own name, where the process that hands out the tests looks for it."""
    if not config.option.__dict__.get("loadgroup"):
        return
    for item in items:
        if (group := group_of(item)) and not item.nodeid.endswith(f"@{group}"):
            item._id = type(item._id).parse(f"{item.nodeid}@{group}")


def group_of(item: pytest.Item) -> str:
    """The group of a test; "" where any process may run it."""
    if marks := list(item.iter_markers("xdist_group")):
        return str(marks[0].args[0])
    known = getattr(item, "_fixtureinfo", None)
    fixtures = [one for same in known.name2fixturedefs.values() for one in same] if known else []
    is_made_once = any(one.scope == "module" and one.baseid for one in fixtures)  # by a plugin: without a base
    return item.nodeid.partition("::")[0].removesuffix(".py").replace("/", "-") if is_made_once else ""
