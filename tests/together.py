"""Which tests one process runs together: those of a group (`xdist_group`), and otherwise those of a file.

Handed out one by one, thousands of tests keep whoever hands them out busy, and each process makes anew what a file's tests share.
pytest-xdist 3.8 gives a test its group by a name that pytest 9.2 no longer reads.
"""

import pytest
from xdist.scheduler import LoadGroupScheduling


class ByFile(LoadGroupScheduling):
    """Hands out whole files, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        """The test's group, or its file."""
        group = super()._split_scope(nodeid)
        return nodeid.partition("::")[0] if group == nodeid else str(group)


def keep_together(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name each test's group after its own name, where the process that hands out the tests looks for it."""
    if not config.option.__dict__.get("loadgroup"):
        return
    for item in items:
        if (group := group_of(item)) and not item.nodeid.endswith(f"@{group}"):
            item._id = type(item._id).parse(f"{item.nodeid}@{group}")


def group_of(item: pytest.Item) -> str:
    """The group of a test; "" where it goes with its file."""
    marks = list(item.iter_markers("xdist_group"))
    return str(marks[0].args[0]) if marks else ""


def shares_something(item: pytest.Item) -> bool:
    """Whether something is made once for all tests of this one's file, or of its group."""
    known = getattr(item, "_fixtureinfo", None)
    fixtures = [one for same in known.name2fixturedefs.values() for one in same] if known else []
    made_once = any(one.scope == "module" and one.baseid for one in fixtures)  # by a plugin: without a base
    return made_once or bool(group_of(item))
