"""Compiles the catalogues while the wheel or the source archive is made, so that none leaves without its translations."""

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Compiled(BuildHookInterface):
    """Writes each `locale/<language>/LC_MESSAGES/django.mo`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is newer than its .mo; in an editable installation `tools/bootstrap.py` does it."""
        if version == "editable":
            return
        for source in sorted(Path(self.root).glob("locale/*/LC_MESSAGES/django.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                target.write_bytes(polib.pofile(str(source)).to_binary())
