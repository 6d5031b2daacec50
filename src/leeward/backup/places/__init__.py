"""Where backups lie: a folder of this machine, one of an SFTP server, or an object store. All three have the same face.

Needs no installation and no Django, so that it works on any machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from leeward.backup.places.face import CHUNKS, VERIFIED, Place, Where, is_remote, shown
from leeward.backup.places.folder import LOCK, Folder
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _

__all__ = ["CHUNKS", "LOCK", "VERIFIED", "Folder", "Place", "Where", "is_remote", "opened", "shown"]
_KINDS = {"s3": ("leeward.backup.places.s3", "boto3"), "sftp": ("leeward.backup.places.sftp", "paramiko")}


@contextmanager
def opened(where: Where) -> Iterator[Place]:
    """Open a place by its path or its address (`s3://bucket/folder`, `sftp://user@server:22/folder`). Raises BadInput for an address
    that can't be used, and OSError where its server can't be reached."""
    if not is_remote(where):
        yield Folder(Path(where))
        return
    scheme = str(where).partition("://")[0].lower()
    if scheme not in _KINDS:
        raise BadInput(what=shown(where), why=_("a place for backups is a folder, or begins with s3:// or sftp://"))
    module, package = _KINDS[scheme]
    try:
        connected = import_module(module).connected
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {package, "botocore"}:
            raise
        raise BadInput(
            what=shown(where), why=_("it needs the package {package}, which is not installed", package=package)
        ) from None
    with connected(str(where)) as place:
        yield place
