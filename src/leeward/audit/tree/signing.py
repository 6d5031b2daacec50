"""The way to the signer: over its socket where it runs as a process of its own user, otherwise as a child for one request.

A child is started only where the signer's folder is this user's, and where there is one or was never any: one that made keys of its own
beside the true ones would sign what nobody accepts.
"""

import base64
import json
import os
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from leeward.audit.errors import SignerChanged, SignerLost, SignerRefused, SignerSilent
from leeward.audit.models import KeyPrint
from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, Key, cosigned_text
from leeward.audit.rules.restoring import Restoring
from leeward.audit.signer.__main__ import SOCKET
from leeward.audit.signer.state import FILES, STATE

SECONDS = 30.0
MOST_ANSWER_BYTES = 4 << 20  # of many logs
_NAMES = {LOG: "log", WITNESS: "witness"}


def folder() -> Path:
    """Return the signer's folder."""
    config = settings.LEEWARD
    return Path(config.signer_dir or Path(config.data_dir) / "signer")


def is_missing() -> bool:
    """Return whether there is no signer: none is named, and nothing of one is here, as beside a copy of the database. One that lost a part
    of what is in its folder is not missing: it is asked, and says so."""
    return not settings.LEEWARD.signer_dir and not any(_is_there(folder() / name) for name in (SOCKET, *FILES))


def listens() -> bool:
    """Return whether a signer has its socket here, or may have: a folder that nobody else can look into hides it."""
    return _is_there(folder() / SOCKET)


def is_begun() -> bool:
    """Return whether a signer is here, or something of one, that can be asked without making anything: a key, or how far it has signed."""
    return (
        _is_there(folder() / "log.key")
        or has_signed()
        or listens()
        or (bool(settings.LEEWARD.signer_dir) and not is_ours())
    )


def has_signed() -> bool:
    """Return whether the signer's folder, if this user can read it, says that something of a log of ours was signed, or says it in a way
    that nobody can read any more."""
    try:
        raw = (folder() / STATE).read_bytes()
    except OSError:
        return False
    try:
        return bool(json.loads(raw)[_NAMES[LOG]])
    except (ValueError, KeyError, TypeError):
        return True


def is_ours() -> bool:
    """Return whether the signer, unless one listens, is a child of this process and its folder is this user's."""
    return not _is_of_another()


def asked_log_key() -> bytes:
    """Return the public key of our log (32 bytes) as the signer tells it now. Raises SignerSilent and SignerRefused."""
    _keys.cache_clear()
    return key("signer", LOG).raw


def key(name: str, kind: int) -> Key:
    """Return the signer's public key of a kind under a name. Raises SignerSilent and SignerRefused."""
    return Key(name, kind, base64.b64decode(_keys(folder())[_NAMES[kind]]))


def sign_checkpoint(checkpoint: Checkpoint, proof: list[bytes]) -> bytes:
    """Have a checkpoint of our log signed; the proof shows that it continues the largest one signed. Raises SignerSilent,
    and SignerRefused if it doesn't."""
    signature = _signature({"act": "checkpoint", **_asked(checkpoint, proof)})
    return _checked(signature, checkpoint.text.encode(), LOG)


def cosign(checkpoint: Checkpoint, proof: list[bytes], at: int) -> bytes:
    """Have a checkpoint of another log signed as seen at `at`. Raises SignerSilent and SignerRefused."""
    signature = _signature({"act": "cosign", "time": at, **_asked(checkpoint, proof)})
    return _checked(signature, cosigned_text(checkpoint.text, at), WITNESS)


def sign_restoring(restoring: Restoring) -> bytes:
    """Have it signed that the installation of our own log was restored. Raises SignerSilent, and SignerRefused for a log that this signer
    never signed."""
    signature = _signature({"act": "restoring", "restoring": restoring.text})
    return _checked(signature, restoring.text.encode(), LOG)


def signed_logs() -> dict[str, tuple[int, int | None]]:
    """Return how many rows of each of our logs the signer has signed, by the name, and when it signed the first (seconds since 1970;
    None: nobody knows any more). Raises SignerSilent and SignerRefused."""
    return {name: (size, begun) for name, (size, begun) in _answer({"act": "logs"})["logs"].items()}


def _asked(checkpoint: Checkpoint, proof: list[bytes]) -> dict[str, Any]:
    return {"checkpoint": checkpoint.text, "proof": [base64.b64encode(each).decode() for each in proof]}


@cache
def _keys(_folder: Path) -> dict[str, str]:
    return _answer({"act": "keys"})


def _signature(request: dict[str, Any]) -> bytes:
    return base64.b64decode(_answer(request)["signature"])


def _checked(signature: bytes, text: bytes, kind: int) -> bytes:
    """Return the signature if it holds: a signer that was put in the place of another has another key than is remembered here."""
    try:
        Ed25519PublicKey.from_public_bytes(key("signer", kind).raw).verify(signature, text)
    except InvalidSignature as error:
        _keys.cache_clear()
        raise SignerChanged(why="its key is another one than before", size=None, root=None) from error
    return signature


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(request).encode() + b"\n"
    try:
        raw = _over_socket(text)
    except (FileNotFoundError, ConnectionRefusedError) as error:  # no such process here
        if _is_of_another():
            raise SignerSilent(why=_why_not_asked(error)) from error
        if _is_elsewhere():
            raise SignerSilent(why="nothing of it is here, and its key is known already") from error
        raw = _by_child(text)
    except OSError as error:
        raise SignerSilent(why=_why_not_asked(error)) from error
    try:
        answer = dict(json.loads(raw))
    except ValueError as error:
        raise SignerSilent(why="its answer can't be read") from error
    if answer.get("lost"):
        raise SignerLost(why=str(answer["refused"]))
    if "refused" in answer and answer.get("size") is None:  # not about rows: its folder is unusable, the disk is full
        raise SignerSilent(why=str(answer["refused"]))
    if "refused" in answer:
        raise SignerRefused(why=str(answer["refused"]), size=answer.get("size"), root=answer.get("root"))
    return answer


def _over_socket(text: bytes) -> bytes:
    """Ask the running signer. Its folder is opened first: the address of a socket must be short."""
    opened = os.open(folder(), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(SECONDS)
            line.connect(f"/proc/self/fd/{opened}/{SOCKET}")
            line.sendall(text)
            with line.makefile("rb") as file:
                return file.readline(MOST_ANSWER_BYTES)
    finally:
        os.close(opened)


def _is_of_another() -> bool:
    """Return whether the signer's folder, or that of its socket, is another user's: then no child of ours can stand in for it."""
    try:
        return folder().stat().st_uid != os.geteuid()
    except FileNotFoundError:
        return bool(settings.LEEWARD.signer_dir) and not _may_make()
    except OSError:
        return True


def _is_elsewhere() -> bool:
    """Return whether there is a signer and nothing of it here, as on a machine of the API's own: a child would make keys of its own."""
    is_begun = any(_is_there(folder() / name) for name in (STATE, *(f"{kind}.key" for kind in _NAMES.values())))
    return not is_begun and KeyPrint.objects.filter(name=f"{_NAMES[LOG]}.key").exists()


def _why_not_asked(error: OSError) -> str:
    """Return why nobody was asked, in a few words. Where no signer listens and its folder is another user's, that is the reason: only
    that user's processes may start one."""
    why = (error.strerror or str(error)).lower()
    if isinstance(error, FileNotFoundError) and folder().exists():
        return f"{folder()} belongs to another user, and nobody answers there"
    return why


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True  # somebody else's folder: whether it is there can't be seen, and it is asked


def _may_make() -> bool:
    above = folder().parent
    return above.exists() and above.stat().st_uid == os.geteuid()


def _by_child(text: bytes) -> bytes:
    command = [sys.executable, "-P", "-m", "leeward.audit.signer", str(folder()), "--one"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}  # no secrets
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=text, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SignerSilent(why="it can't be started") from error
    return done.stdout
