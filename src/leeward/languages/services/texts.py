"""Shared texts in force: every hotline that uses a language shows them. Whoever runs the server changes them at once;
staff on the desk propose (`proposals.py`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polib
from django.db import transaction
from django.utils.translation import gettext as _

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.foundation.whole_text import whole
from leeward.languages import overlay
from leeward.languages.errors import (
    LanguageIsUnknown,
    NotACatalogue,
    TextIsUnknown,
    TranslationDoesNotFit,
    TranslationIsEmpty,
)
from leeward.languages.messages import catalogues
from leeward.languages.models import LanguageReview, ReviewedText
from leeward.languages.texts import Source, fitting, forms_of, key_of, plural_rule, sources
from leeward.people.services import authorize

MOST_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Brought:
    """What a PO file would change, or changed: texts by key with their forms, how many stay, and what was refused and why."""

    changes: dict[str, tuple[str, ...]]
    same: int
    refused: list[tuple[str, str]]


def review_texts(language: str, translations: Mapping[str, Sequence[str]], *, actor: Actor) -> int:
    """Bring texts (key -> forms) into force, imported by whoever runs the server; all or none. Return how many.

    Pages show them within seconds. Raises NotAllowed, LanguageIsUnknown, TextIsUnknown, TranslationIsEmpty,
    TranslationDoesNotFit.
    """
    known = allowed(language, "language.translate", actor)
    _only_command(actor)
    good = {key: fitting(known.get(key), forms) for key, forms in translations.items()}
    with hotline_transaction(INSTALLATION):
        put_into_force(language, good, by=actor.name or actor.kind)
        note("translation.reviewed", language, len(good), actor)
    return len(good)


def read_po(language: str, data: bytes, *, actor: Actor) -> Brought:
    """Return what a PO file would change; nothing is stored. Fuzzy and empty entries are left out.

    Raises NotAllowed, LanguageIsUnknown, NotACatalogue.
    """
    known = allowed(language, "language.translate", actor)
    if len(data) > MOST_BYTES:
        raise NotACatalogue(why=_("it has more than 8 MB"))
    try:
        catalogue = polib.pofile(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, OSError, ValueError, IndexError, AttributeError) as error:
        raise NotACatalogue(why=" ".join(str(error).split())[:120]) from None
    if not len(catalogue):
        raise NotACatalogue(why=_("it contains no text"))
    read = {row.key: tuple(row.forms) for row in ReviewedText.objects.filter(language=language)}
    brought = Brought({}, 0, [])
    same = 0
    for entry in catalogue:
        key = key_of(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")
        forms = forms_of(entry)
        if entry.obsolete or entry.fuzzy or not any(forms):
            continue
        if read.get(key) == forms:
            same += 1
            continue
        try:
            brought.changes[key] = fitting(known.get(key), forms)
        except (TextIsUnknown, TranslationDoesNotFit, TranslationIsEmpty) as error:
            brought.refused.append((entry.msgid, error.text))
    return Brought(brought.changes, same, brought.refused)


def review_language(language: str, *, by: str, actor: Actor) -> None:
    """Record that a native speaker, `by`, has reviewed a language. Raises NotAllowed, LanguageIsUnknown, BadInput."""
    allowed(language, "language.review", actor)
    _only_command(actor)
    with hotline_transaction(INSTALLATION):
        say_read_through(language, by=reader(by))
        note("language.reviewed", language, 0, actor)


def reader(by: str) -> str:
    """Return the name of a native speaker as it is stored. Raises BadInput."""
    name = whole(" ".join(by.split()), 120)
    if not name:
        raise BadInput(what=_("the name"), why=_("state who has read it"))
    return name


def _only_command(actor: Actor) -> None:
    if actor.kind != "command":
        raise NotAllowed(reason=_("shared texts need two people"))


def allowed(language: str, act: str, actor: Actor) -> dict[str, Source]:
    """Return every text of a language for somebody who may do this. Raises NotAllowed, LanguageIsUnknown."""
    authorize(actor, act, None)
    if language not in catalogues():
        raise LanguageIsUnknown(language=language[:16])
    return sources(language)


def put_into_force(language: str, translations: Mapping[str, tuple[str, ...]], *, by: str) -> None:
    """Put these texts into force; empty forms restore the catalogue's text. In the caller's transaction."""
    now = datetime.now(UTC)
    ReviewedText.objects.bulk_create(
        [
            ReviewedText(language=language, key=key, forms=list(forms), by=by, at=now)
            for key, forms in translations.items()
            if forms
        ],
        update_conflicts=True,
        unique_fields=["language", "key"],
        update_fields=["forms", "by", "at"],
        batch_size=200,
    )
    forgotten = [key for key, forms in translations.items() if not forms]
    ReviewedText.objects.filter(language=language, key__in=forgotten).delete()
    transaction.on_commit(lambda: _publish(language))


def say_read_through(language: str, *, by: str) -> None:
    """Record that a native speaker has reviewed a language, in the caller's transaction."""
    LanguageReview.objects.create(language=language, by=by, at=datetime.now(UTC))


def _publish(language: str) -> None:
    known = sources(language)
    rows = ReviewedText.objects.filter(language=language).order_by("key")
    texts = [(known[row.key], tuple(row.forms)) for row in rows if row.key in known]
    overlay.write(language, texts, plural_rule=plural_rule(language))


def note(event: str, language: str, texts: int, actor: Actor, **facts: object) -> None:
    """Record an act on shared texts in the installation's log."""
    logged = {"language": language, "texts": texts, **facts}
    record(event, actor=actor, hotline_id=None, subject=f"language:{language}", facts=logged)
