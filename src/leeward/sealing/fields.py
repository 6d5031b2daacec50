"""A column whose text is sealed when it is stored, and opened when somebody asks for it."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact, In
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext

from leeward.sealing import keys, store
from leeward.sealing.errors import WordsKeyUnusable, WordsLocked
from leeward.sealing.key_copy import DataKeyRow
from leeward.sealing.rules.sealed_text import (
    BETWEEN,
    KEY_BYTES,
    NAME_BYTES,
    SALT_BYTES,
    Unopened,
    is_sealed,
    names_in,
    open_text,
    own_names_in,
    seal_text,
)


class Sealed:
    """A text as it is stored. It opens where this process has the key, and is a sentence that says so where it can't be opened:
    never an exception on a list, and never nothing."""

    __slots__ = ("_opened", "place", "raw")

    def __init__(self, raw: str, place: str, opened: str | None = None) -> None:
        self.raw, self.place, self._opened = raw, place, opened

    @property
    def names(self) -> list[bytes]:
        """Return the names of its keys, one for each time that it was added to; none where the text itself is damaged."""
        try:
            return names_in(self.raw)
        except Unopened:
            return []

    @property
    def own_names(self) -> list[bytes]:
        """Return the names of those keys that no other text needs."""
        try:
            return own_names_in(self.raw)
        except Unopened:
            return []

    @property
    def is_open(self) -> bool:
        """Return whether it was opened before."""
        return self._opened is not None

    def open(self) -> str:
        """Return the text, or the sentence that stands for it."""
        try:
            return self.open_strictly()
        except WordsLocked:
            return gettext("[These words are sealed, and can’t be opened here.]")

    def open_strictly(self) -> str:
        """Return the text, to be used further. Raises WordsLocked where this process has no key; where the text's own key is gone,
        the sentence that says so is all there is."""
        if not open_all([self]):
            raise WordsLocked
        if self._opened is not None:
            return self._opened
        return gettext("[These words were sealed, and their key is gone.]")

    def take(self, held: Mapping[bytes, bytes]) -> None:
        """Open it with its keys, if they are among these."""
        try:
            self._opened = open_text(self.raw, keys=held, place=self.place)
        except Unopened:
            self._opened = None

    def and_more(self, text: str) -> "Sealed":
        """Return it with a text added below it; nothing is opened for that."""
        (more,) = seal_texts([(text, self.place)])
        return Sealed(f"{self.raw}{BETWEEN}{more.raw}", self.place)

    def __str__(self) -> str:
        return self.open()

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


def open_all(texts: Iterable[Sealed]) -> bool:
    """Open texts together, with one look into the store; what can't be opened stays as it is. Return whether this process had the key
    that it needed for them, and the store."""
    waiting = [text for text in texts if not text.is_open]
    held = list(keys.identities()) if waiting else []
    if not held:
        return not waiting
    from pyrage import DecryptError, decrypt

    try:
        wrapped = store.get([name for text in waiting for name in text.names])
    except WordsKeyUnusable:
        return False
    unwrapped = {}
    for name, sealed in wrapped.items():
        with suppress(DecryptError):
            unwrapped[name] = decrypt(sealed, held)
    for text in waiting:
        text.take(unwrapped)
    return True


def open_rows(rows: Iterable[models.Model]) -> None:
    """Open every sealed text of some rows together, before they are read one by one."""
    open_all(value for row in rows for value in row.__dict__.values() if isinstance(value, Sealed))


def opened_rows[Row: models.Model](rows: Iterable[Row]) -> list[Row]:
    """Return rows with their sealed texts opened."""
    found = list(rows)
    open_rows(found)
    return found


def with_more(row: models.Model, name: str, text: str) -> "Sealed | str":
    """Return what a row holds in a column with a text added below it, to be stored. A process without the key can do that."""
    kept = row.__dict__[name]
    if isinstance(kept, Sealed):
        return kept.and_more(text)
    return "\n\n".join(part for part in (kept, text) if part)


def stored(row: models.Model, name: str) -> Any:
    """Return what a row holds in a column, a sealed text as it is stored: to be kept in `JSONWithSealed` for a while, and put back."""
    value = row.__dict__.get(name)
    return value.raw if isinstance(value, Sealed) else getattr(row, name)


def opened_strictly(row: models.Model, name: str) -> str:
    """Return the text that a row holds in a column, to be used further. Raises WordsLocked."""
    value = row.__dict__[name]
    return value.open_strictly() if isinstance(value, Sealed) else str(value)


def opened(value: Any) -> Any:
    """Return a value of `values_list` with its text opened."""
    return value.open() if isinstance(value, Sealed) else value


def seal_texts(texts: Sequence[tuple[str, str]]) -> list[Sealed]:
    """Return texts sealed for their places, each with a new key, which is in the store now."""
    fresh = _new_keys(len(texts))
    store.put([row for row, _key in fresh])
    return [
        Sealed(seal_text(text, key=key, name=row.name, place=place), place, text)
        for (text, place), (row, key) in zip(texts, fresh, strict=True)
    ]


def sealed_ahead(model: type[models.Model], texts: Mapping[str, str]) -> "dict[str, str | Sealed]":
    """Return texts for columns of a new row, by name, sealed before the transaction that stores it begins: whoever waits for that
    waits for no disk with keys. As they are where keys are a table, which are stored in that transaction with their texts."""
    named = [name for name, text in texts.items() if text] if store.is_apart() else []
    places = [cast("SealedText", model._meta.get_field(name)).place for name in named]
    sealed = seal_texts([(texts[name], place) for name, place in zip(named, places, strict=True)]) if named else []
    return {**texts, **dict(zip(named, sealed, strict=True))}


def seal_together(text: str, place: str) -> Sealed:
    """Return a text sealed for its place with a key that it shares with others of this process and day."""
    name, key = _shared_key()
    salt = secrets.token_bytes(SALT_BYTES)
    return Sealed(seal_text(text, key=key, name=name, place=place, salt=salt), place, text)


class _Together:
    """The key for texts of many: of which store, of which day, for whom it is wrapped; its name and itself. All at once, for threads."""

    held: tuple[tuple[str, int, str], bytes, bytes] | None = None


def forget_shared_key() -> None:
    """Let what is sealed from now on have another key together."""
    _Together.held = None


def _shared_key() -> tuple[bytes, bytes]:
    """Return today's key for texts of many. On PostgreSQL it is used by others only when the transaction that made it is in."""
    of = (store.named(), store.today(), keys.recipients()[1])
    held = _Together.held
    if held is not None and held[0] == of:
        return held[1:]
    ((row, key),) = _new_keys(1)
    store.put([row])

    def hold() -> None:
        _Together.held = (of, row.name, key)

    store.when_kept(hold)
    return row.name, key


def _new_keys(number: int) -> list[tuple[DataKeyRow, bytes]]:
    from pyrage import encrypt

    (to, mark), found = keys.recipients(), []
    for _one in range(number):
        key = secrets.token_bytes(KEY_BYTES)
        found.append((DataKeyRow(secrets.token_bytes(NAME_BYTES), bytes(encrypt(key, to)), mark, store.today()), key))
    return found


class _Opening(DeferredAttribute):
    """What a row's attribute gives: the text, opened when somebody asks for it."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        if instance is not None and not value.is_open:
            open_rows([instance])
        return value.open()

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


_LOOKUPS = frozenset({"exact", "in", "isnull", "startswith"})


class SealedText(models.TextField):  # type: ignore[type-arg] # its values are text on both sides
    """Text that only the desk’s key opens. The empty text stays empty, so that “has one” can be asked of the database; no other
    comparison can. An update of several rows with one text would give them one key: write these one by one. Older rows may still
    hold plain text until `services.seal_older` has come to them.
    """

    descriptor_class = _Opening

    def __init__(self, *args: Any, together: bool = False, **options: Any) -> None:
        """`together`: texts that nobody takes back one by one, and that are looked through by the thousand, have a key together."""
        super().__init__(*args, **options)
        self.together = together

    def deconstruct(self) -> Any:
        """Return how it is made, for a migration."""
        name, path, args, options = super().deconstruct()
        return name, path, args, options | ({"together": True} if self.together else {})

    def sealed(self, texts: Sequence[str]) -> list[Sealed]:
        """Return texts sealed for this column."""
        if self.together:
            return [seal_together(text, self.place) for text in texts]
        return seal_texts([(text, self.place) for text in texts])

    @property
    def place(self) -> str:
        """Return the table and the column that a text of this field is sealed for."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse what would compare sealed texts as if they were words."""
        return super().get_lookup(lookup_name) if lookup_name in _LOOKUPS else None

    def from_db_value(self, value: Any, expression: object, connection: BaseDatabaseWrapper) -> Any:
        """Take a stored text as it is; it is opened later."""
        return self.taken(value)

    def taken(self, value: Any) -> Any:
        """Return what a row of this column has for what `stored` gave."""
        return Sealed(value, self.place) if is_sealed(value) else value

    def kept(self, value: Any) -> Any:
        """Return what `stored` gave, sealed also where the row has plain text from before there were keys."""
        return self.sealed([value])[0].raw if _is_plain(value) and not is_sealed(value) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's own
        """Seal all texts of a row together: one write into the store."""
        values = model_instance.__dict__
        if self.attname not in values:
            return super().pre_save(model_instance, add)
        if _is_plain(values[self.attname]):
            if self.together:
                (values[self.attname],) = self.sealed([values[self.attname]])
                return values[self.attname]
            fields = [
                field
                for field in model_instance._meta.concrete_fields
                if isinstance(field, SealedText) and not field.together and _is_plain(values.get(field.attname))
            ]
            sealed = seal_texts([(values[field.attname], field.place) for field in fields])
            values.update({field.attname: text for field, text in zip(fields, sealed, strict=True)})
        return values[self.attname]

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Seal what an update writes."""
        if isinstance(value, Sealed):
            return value.raw
        return self.sealed([value])[0].raw if _is_plain(value) else super().get_db_prep_save(value, connection)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the text, for a file that goes elsewhere. Raises WordsLocked."""
        value = obj.__dict__.get(self.attname)
        return value.open_strictly() if isinstance(value, Sealed) else str(self.value_from_object(obj))


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and value != ""


@SealedText.register_lookup
class _Nothing(Exact):
    """Whether there is a text is all that can be asked: any other comparison would never hold, and nobody would notice."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("A sealed text can only be compared with the empty one.")
        return super().get_prep_lookup()


@SealedText.register_lookup
class _Among(In):
    def get_prep_lookup(self) -> Any:
        raise FieldError("A sealed text can only be compared with the empty one.")


class JSONWithSealed(models.JSONField):
    """What is kept of a row for a while, its sealed texts as `stored` gave them: `services.sweep` keeps their keys for as long."""


def sealed_within(value: Any) -> Iterator[Sealed]:
    """Yield every sealed text in what such a column holds."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from sealed_within(one)
    elif is_sealed(value):
        yield Sealed(value, "")


def columns() -> list[SealedText]:
    """Return every field of this kind, of all tables."""
    from django.apps import apps

    return [
        field for model in apps.get_models() for field in model._meta.concrete_fields if isinstance(field, SealedText)
    ]


def keepers() -> list[JSONWithSealed]:
    """Return every field that keeps sealed texts of other rows, of all tables."""
    from django.apps import apps

    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, JSONWithSealed)
    ]
