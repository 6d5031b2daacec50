"""Checks an installation's secret and keys against the fingerprints in its database.

A key is made once, when the database has no fingerprint of it. After that a missing, damaged or different key prevents
the start: if silently made anew, a secret would open no receipt and no link, and a key would sign what nobody can
verify.
"""

import hmac
from collections.abc import Collection, Iterator
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.errors import KeyUnusable, WrongFingerprint, read_key
from leeward.audit.keys import DOCUMENTS, KEYS, is_damaged, is_signed, key_path, make_key, public_key, write_public
from leeward.audit.models import AuditHead, AuditTip, KeyPrint
from leeward.audit.rules.chain import signed_text
from leeward.audit.rules.fingerprints import fingerprint_of
from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation import own_files
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound

SECRET = "secret"  # noqa: S105 - the name of its file
PUBLIC = "public.key"  # made from the secret: only a face that lacks that can have another one
NAMES = (SECRET, *KEYS)
LEAST_SECRET_BYTES = 24
NEW = "new"
_SHOWN = 32  # hexadecimal digits: 128 bits


def settle(now: datetime) -> None:
    """Check every key against its fingerprint, and store the fingerprint of one that the database doesn't know yet; a
    key that never existed is made. What was left where making one was cut off is deleted. Raises KeyUnusable."""
    for found in problems():
        raise found
    known = set(KeyPrint.objects.values_list("name", flat=True))
    for name in NAMES:
        if name not in known:
            KeyPrint.objects.get_or_create(name=name, defaults={"print": _made(name), "kept_at": now})
    if PUBLIC not in known:
        _keep_print_for_the_face(now)
    write_public()
    for name in NAMES:
        own_files.sweep(key_path(name))


def problems(names: Collection[str] = NAMES) -> Iterator[KeyUnusable]:
    """Return what is wrong with the keys; reads the files each time, also that of the secret, which a process holds from its start."""
    known = dict(KeyPrint.objects.values_list("name", "print"))
    for name in names:
        try:
            if what := _wrong_with(name, known.get(name)):
                yield KeyUnusable(name=name, what=what)
        except KeyUnusable as error:
            yield error


def accept(name: str, *, shown: str, actor: Actor, now: datetime) -> str:
    """Accept a key as it is now, or make a new one if it is missing, because the previous one is lost for good; return
    its fingerprint.

    `shown` is the fingerprint that the person accepting it was shown: `fingerprint_now`. Raises NotFound, and
    WrongFingerprint if it is of a different key.
    """
    if not hmac.compare_digest(_bare(shown).encode(), _bare(fingerprint_now(name)).encode()):
        raise WrongFingerprint(name=name)
    if name != SECRET and is_damaged(name):
        key_path(name).replace(key_path(name).with_name(f"{name}.damaged"))
    with hotline_transaction(INSTALLATION):
        was = KeyPrint.objects.filter(name=name).values_list("print", flat=True).first() or ""
        KeyPrint.objects.update_or_create(name=name, defaults={"print": _made(name), "kept_at": now})
        if name == SECRET:
            _keep_print_for_the_face(now)
        fingerprint = fingerprint_now(name)
        facts = {"key": name, "fingerprint": fingerprint, "instead_of": was[:_SHOWN]}
        record("key.accepted", actor=actor, hotline_id=None, subject="installation:1", facts=facts)
    if name == DOCUMENTS:
        write_public()
    return fingerprint


def fingerprint_now(name: str) -> str:
    """Return a key's current fingerprint for comparison, in groups of four; NEW if the key is missing or damaged, so
    that a new one would be made. Raises NotFound."""
    if name not in NAMES:
        raise NotFound(what=_("key"))
    if name != SECRET and (is_damaged(name) or not key_path(name).exists()):
        return NEW
    whole = _print(name)[:_SHOWN]
    return " ".join(whole[at : at + 4] for at in range(0, _SHOWN, 4))


def _keep_print_for_the_face(now: datetime) -> None:
    KeyPrint.objects.update_or_create(name=PUBLIC, defaults={"print": _print(PUBLIC), "kept_at": now})


def _bare(fingerprint: str) -> str:
    return "".join(fingerprint.split()).casefold()


def _made(name: str) -> str:
    """Return the fingerprint of a key, making the key if it doesn't exist."""
    if name != SECRET and not key_path(name).exists():
        make_key(key_path(name))
    return _print(name)


def _print(name: str) -> str:
    own = {SECRET: lambda: settings.LEEWARD.secret_bytes, PUBLIC: lambda: settings.LEEWARD.public_key}
    return fingerprint_of(name, own.get(name, lambda: read_key(key_path(name)))())


def _wrong_with_secret(known: str | None) -> str:
    """Compare what is in the file now, which may have been lost or exchanged since this process read it: the next one starts with that."""
    in_use = settings.LEEWARD.secret_bytes  # made here, in a new installation
    given, path = settings.LEEWARD.secret, settings.LEEWARD.data_dir / SECRET
    if not given and not path.exists():
        return _("is missing")
    secret = given.encode() or read_key(path).strip()
    if min(len(secret), len(in_use)) < LEAST_SECRET_BYTES:
        return _("is shorter than %(least)d characters") % {"least": LEAST_SECRET_BYTES}
    if not known or fingerprint_of(SECRET, secret) == known:
        return ""
    if given and path.is_file() and fingerprint_of(SECRET, read_key(path).strip()) == known:
        return _("is the right one in LEEWARD_DATA, but LEEWARD_SECRET is set and takes its place: unset it")
    return _("is not the one that this database was made with")


def _wrong_with(name: str, known: str | None) -> str:
    if name == SECRET:
        return _wrong_with_secret(known)
    if name == PUBLIC:
        return _("is not the one that this database was made with") if known and _print(name) != known else ""
    if not key_path(name).exists():
        return _("is missing") if known or (name == DOCUMENTS and _newest_head() is not None) else ""
    if is_damaged(name):
        return _("is damaged")
    is_another = _print(name) != known if known else name == DOCUMENTS and not _signed_the_log()
    return _("is not the one that this database was made with") if is_another else ""


def _signed_the_log() -> bool:
    """Return whether the key signed the log, as it did when databases had no fingerprints yet."""
    head = _newest_head()
    if head is None:
        return True
    text = signed_text(chain=head.chain, number=head.number, row=head.hash, at=head.at)
    return is_signed(text, head.signature, public_key())


def _newest_head() -> AuditHead | AuditTip | None:
    """Return what a key of this name signed last of the log; None since the signer does that."""
    tip = AuditTip.objects.exclude(signature="").order_by("-at").first()
    return tip or AuditHead.objects.order_by("-at").first()
