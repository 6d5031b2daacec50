"""The public face's process notices when its file was replaced: what it wrote into the old one would be lost."""

import logging
import os
import threading
import time
from pathlib import Path

CHECK_SECONDS = 1.0
log = logging.getLogger(__name__)


def end_without(path: Path) -> None:
    """End this process as soon as another file, or none, is where its database was; it is started again then."""
    inode = _inode(path)

    def look() -> None:
        while _inode(path) == inode:
            time.sleep(CHECK_SECONDS)
        log.error("public.file_replaced")
        os._exit(1)

    threading.Thread(target=look, name="public-file", daemon=True).start()


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
