"""Finds the compiled kernels where numba is available; everything has a plain NumPy form where it is not."""

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
    """Return the module of kernels of this name, or None.

    None without a compatible numba, on a big-endian machine, or where a program may not run code it has compiled
    (systemd's MemoryDenyWriteExecute, SELinux). Compiled code is cached beside the kernels, in the user's cache folder
    or in NUMBA_CACHE_DIR, so that a second start compiles nothing; where none of these is writable, every start
    compiles again.
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
    """Give numba a private cache folder, since code in it is executed, and remove it on exit."""
    import numba

    folder = tempfile.mkdtemp(prefix="leeward-kernels-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]  # numba makes its settings as it starts
