"""What the signer has in its folder: its two keys, and how far it has signed."""

import base64
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from leeward.audit.rules.merkle import EMPTY_ROOT, is_continued
from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, NoteRefused, cosigned_text, hash_in
from leeward.audit.rules.restoring import Restoring

STATE = "state.json"
BEGUN = "begun.json"  # when the first checkpoint of each log was signed: beside the state, which older versions read
LOCK = "lock"
KINDS = {LOG: "log", WITNESS: "witness"}
FILES = (STATE, BEGUN, LOCK, *(f"{kind}.key" for kind in KINDS.values()))  # all that the folder of a signer holds


class Refused(Exception):
    """The signer doesn't sign this; `size` and `root` (base64) are how far it has signed, where that is the reason."""

    def __init__(self, why: str, size: int | None = None, root: str | None = None) -> None:
        super().__init__(why)
        self.size, self.root = size, root


class Lost(Refused):
    """A key of the signer, or how far it has signed, is missing or damaged: no signature of it is to be had any more."""


class Signer:
    """The keys and the state in one folder, which is made at the first use; one process at a time uses it."""

    def __init__(self, folder: Path) -> None:
        """Read or make the keys. Raises Lost if the state is missing or damaged although there are keys, and if keys are missing
        although something was signed: nothing is overwritten then."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            missing = {kind for kind in KINDS if not self._path(kind).exists()}
            if len(missing) == len(KINDS) and not os.path.lexists(folder / STATE):
                self._write(STATE, json.dumps({kind: {} for kind in KINDS.values()}).encode())
            may_make = missing if missing and self._is_untouched() else set()
            self._keys = {kind: self._key(kind, is_new=kind in may_make) for kind in KINDS}
            self._state()

    def public(self, kind: int) -> bytes:
        """Return a public key (32 bytes)."""
        return self._keys[kind].public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def checkpoint(self, checkpoint: Checkpoint, proof: list[bytes]) -> bytes:
        """Sign a checkpoint of our own log that continues the largest one signed; raises Refused."""
        return self._signed(LOG, checkpoint, proof, checkpoint.text.encode())

    def cosign(self, checkpoint: Checkpoint, proof: list[bytes], at: int) -> bytes:
        """Sign that at `at` this was the largest state known of somebody else's log; raises Refused."""
        return self._signed(WITNESS, checkpoint, proof, cosigned_text(checkpoint.text, at))

    def restoring(self, restoring: Restoring) -> bytes:
        """Sign that the installation of our own log was restored from a backup; raises Refused for a log that was never signed here."""
        with self._locked():
            if restoring.origin not in self._state()[KINDS[LOG]]:
                raise Refused("nothing of this log was signed here", 0, base64.b64encode(EMPTY_ROOT).decode())
            return self._keys[LOG].sign(restoring.text.encode())

    def logs(self) -> dict[str, tuple[int, int | None]]:
        """Return how many rows of each log of our own were signed, by its name, and when it was begun (seconds since 1970, None where
        nobody knows any more)."""
        with self._locked():
            begun = self._begun()
            return {name: (size, begun.get(name)) for name, (size, _root) in self._state()[KINDS[LOG]].items()}

    def _signed(self, kind: int, new: Checkpoint, proof: list[bytes], text: bytes) -> bytes:
        with self._locked():
            state = self._state()
            known = state[KINDS[kind]]
            size, root = known.get(new.origin, (0, base64.b64encode(EMPTY_ROOT).decode()))
            if new.size < size:
                raise Refused(f"{size} rows were signed before, and now there are {new.size}", size, root)
            if not is_continued(size, new.size, hash_in(root), new.root, proof):
                raise Refused(f"this is not the log of which {size} rows were signed", size, root)
            if kind == LOG and new.origin not in known:
                self._write(BEGUN, json.dumps({new.origin: int(time.time())} | self._begun()).encode())
            known[new.origin] = (new.size, base64.b64encode(new.root).decode())
            self._write(STATE, json.dumps(state).encode())
            return self._keys[kind].sign(text)

    def _is_untouched(self) -> bool:
        """Return whether nothing was ever signed: then making the folder may have been interrupted between its files."""
        try:
            return not any(self._state().values())
        except Refused:
            return False

    def _state(self) -> dict[str, dict[str, tuple[int, str]]]:
        try:
            state = json.loads((self._folder / STATE).read_bytes())
            for kind in KINDS.values():
                for size, root in state[kind].values():
                    if not isinstance(size, int) or len(hash_in(root)) != len(EMPTY_ROOT):
                        raise ValueError
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Lost(f"{self._folder / STATE} is missing or damaged, and it says how far was signed") from error
        return dict(state)

    def _begun(self) -> dict[str, int]:
        try:
            found = dict(json.loads((self._folder / BEGUN).read_bytes()))
        except (OSError, ValueError, TypeError):
            return {}
        return {name: at for name, at in found.items() if isinstance(at, int)}

    def _path(self, kind: int) -> Path:
        return self._folder / f"{KINDS[kind]}.key"

    def _key(self, kind: int, *, is_new: bool) -> Ed25519PrivateKey:
        path = self._path(kind)
        if not is_new and not path.exists():
            raise Lost(f"{path} is missing, and {self._folder / STATE} doesn't say that nothing was signed with it yet")
        if is_new:
            made = Ed25519PrivateKey.generate()
            self._write(path.name, made.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        try:
            return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
        except (OSError, ValueError) as error:
            raise Lost(f"{path} is missing or damaged") from error

    def _write(self, name: str, content: bytes) -> None:
        """Replace a file so that after a crash it is the old or the new one."""
        fresh = self._folder / f"{name}.new"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / name)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        file = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)


def refusal(refused: Refused) -> dict[str, Any]:
    """Return the answer that goes over the line where something is refused."""
    is_lost = {"lost": True} if isinstance(refused, Lost) else {}
    return {"refused": str(refused), "size": refused.size, "root": refused.root} | is_lost


def answered(signer: Signer, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to one request, both as they go over the line."""
    acts: dict[str, Callable[[], dict[str, Any]]] = {
        "keys": lambda: {KINDS[kind]: base64.b64encode(signer.public(kind)).decode() for kind in KINDS},
        "logs": lambda: {"logs": signer.logs()},
        "checkpoint": lambda: _encoded(signer.checkpoint(_checkpoint(request), _proof(request))),
        "restoring": lambda: _encoded(signer.restoring(Restoring.read(str(request["restoring"])))),
        "cosign": lambda: _encoded(signer.cosign(_checkpoint(request), _proof(request), int(request["time"]))),
    }
    try:
        return acts[str(request["act"])]()
    except Refused as refused:
        return refusal(refused)
    except OSError as error:
        return {"refused": (error.strerror or str(error)).lower(), "size": None}
    except (KeyError, TypeError, ValueError, OverflowError, NoteRefused):
        return {"refused": "this request can't be read", "size": None}


def _checkpoint(request: Mapping[str, Any]) -> Checkpoint:
    return Checkpoint.read(str(request["checkpoint"]))


def _proof(request: Mapping[str, Any]) -> list[bytes]:
    return [hash_in(each) for each in request["proof"]]


def _encoded(signature: bytes) -> dict[str, Any]:
    return {"signature": base64.b64encode(signature).decode()}
