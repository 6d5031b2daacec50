"""Finds the compiled kernels where numba can be had; everything has a plain NumPy form where it can't."""

import atexit
import importlib
import logging
import shutil
import sys
import tempfile
from functools import cache
from types import ModuleType

logger = logging.getLogger(__name__)


@cache
def compiled(name: str) -> ModuleType | None:
    """Return the module of kernels of this name; None without a numba that fits, on a big-endian machine, or where a program may
    not run what it compiled (systemd's MemoryDenyWriteExecute, SELinux).

    What numba compiles is kept beside the kernels or in the user's cache folder (or in NUMBA_CACHE_DIR), so that a second
    start compiles nothing; where none of these can be written, every start compiles for itself.
    """
    if sys.byteorder != "little":
        return None
    try:
        if not _may_run_compiled_code():
            return None
        try:
            return importlib.import_module(name)
        except RuntimeError:
            _compile_for_this_process_only()
            return importlib.import_module(name)
    except ImportError:
        return None


@cache
def _may_run_compiled_code() -> bool:
    from llvmlite.binding import check_jit_execution

    try:
        check_jit_execution()
    except OSError as error:
        logger.warning("Known images are hashed and searched many times slower than they could be: %s", error)
        return False
    return True


def _compile_for_this_process_only() -> None:
    """Give numba a folder that nobody else can write into (what it reads from there is run), and remove it at the end."""
    import numba

    folder = tempfile.mkdtemp(prefix="leeward-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]  # numba makes its settings as it starts
