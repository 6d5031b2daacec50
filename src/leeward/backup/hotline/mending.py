"""Puts what is missing of one hotline back under its old numbers, into the installation that its file came from and that goes on for
others. What is there stays as it is: nobody can tell damage from later work."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, UniqueConstraint

from leeward.backup.errors import HotlineNotMoved
from leeward.backup.hotline.rows import fields_of, is_dated, rows_of, tables, write_file, written
from leeward.backup.rules.belonging import PASSED

_ROWS = 500
_ROW, _TIP, _CHECKPOINT = "audit.AuditRow", "audit.AuditTip", "audit.AuditCheckpoint"
_COSIGNATURE, _JOB = "audit.AuditCosignature", "jobs.Job"
# Of these it is said which were put back.
NOTED = (
    "notices.Message",
    "notices.NoticeCase",
    "notices.Referral",
    "intake.Report",
    "intake.Item",
    "intake.ReporterMessage",
    "intake.ReviewRequest",
    "intake.OutsideAppeal",
    "people.User",
    "people.ApiToken",
    "people.Invitation",
    "outputs.Submission",
    "providers.ProviderLine",
)
# Tables whose rows are known by other fields than their number: what they are asked for by, all fields, and that which names the hotline.
_KNOWN_BY = {
    _ROW: ("number", ("chain", "number"), "chain"),
    "audit.AuditHead": ("number", ("chain", "number"), "chain"),
    "audit.AuditTile": ("number", ("chain", "level", "number"), "chain"),
    _CHECKPOINT: ("size", ("chain", "body"), "chain"),
    _COSIGNATURE: ("checkpoint_id", ("checkpoint_id", "vkey", "seen_at"), ""),
    _JOB: ("subject_id", ("kind", "subject_id", "hotline_id"), "hotline_id"),
}
_ACCOUNT = "people.User"
# What opens something to somebody, or says who they are, by the field that names their account: it comes back with that account alone.
_OF_ACCOUNTS = {"mfa.Authenticator": "user_id", "account.EmailAddress": "user_id", "oncall.CalendarFeed": "person_id"}
_EXPORTED = "hotline.exported"
_CALLED = {_ACCOUNT: "account"}
_OF_A_TIP = ("number", "hash", "at", "signature", "peaks", "salt")


@dataclass(slots=True)
class TableFound:
    """One table: how many rows of the file are missing here, differ here, are the same, and how many were put back."""

    table: str
    missing: int = 0
    differing: int = 0
    same: int = 0
    put_back: int = 0


@dataclass(slots=True)
class Mended:
    """What a file has that is missing here. `log_differs_at` is the first row of the log that is another here, `newest_row` the
    last that both have; `numbers` are those of messages, reports with their parts, requests and accounts that were put back, `quiet` says
    how many jobs stay out, since they would reach others."""

    tables: dict[str, TableFound] = field(default_factory=dict)
    log_differs_at: int | None = None
    newest_row: int = 0
    numbers: dict[str, set[int]] = field(default_factory=lambda: {label: set() for label in NOTED})
    quiet: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows were put back."""
        return sum(one.put_back for one in self.tables.values())


class Mender:
    """Compares lines with what is here and puts back what is missing, within the caller's transaction. `only` names tables or parts of the
    program (nothing: all); `speaks` says of a kind of jobs whether it reaches others, `shows` of a table and its field
    whether a value may be said; `readies` is given rows before they come back."""

    def __init__(
        self,
        hotline_id: int,
        only: Collection[str],
        speaks: Callable[[str], bool],
        shows: Callable[[str, str], bool],
        readies: Callable[[Sequence[Any]], None],
    ) -> None:
        self._hotline_id, self._only, self._speaks, self._shows, self._readies = (
            hotline_id,
            only,
            speaks,
            shows,
            readies,
        )
        self._tables = {model._meta.label: (model, path) for model, path in tables()}
        self._model: type[Model] | None = None
        self._path = ""
        self._waiting: list[Model] = []
        self._checkpoints: dict[int, int] = {}
        self._exported: int | None = None
        self._accounts: set[int] = set()  # that were put back
        self.found = Mended()
        self.files: list[dict[str, str]] = []

    def take(self, line: Any) -> None:
        """Take one line. Raises HotlineNotMoved."""
        if isinstance(line, list) and self._model is not None:
            given = zip(fields_of(self._model), line, strict=True)
            values = {one.attname: None if value is None else one.to_python(value) for one, value in given}
            self._waiting.append(self._model(**values))
            if len(self._waiting) >= _ROWS:
                self.finish()
        elif isinstance(line, dict) and "file" in line:
            if not Path(settings.LEEWARD.data_dir, line["file"]).exists():
                self.files.append(line)
        elif isinstance(line, dict) and line.get("table") in self._tables:
            self.finish()
            self._model, self._path = self._tables[line["table"]]
            if line["fields"] != [one.attname for one in fields_of(self._model)]:
                raise HotlineNotMoved(why=f"its table {line['table']} has other columns than ours")
            self.found.tables[line["table"]] = TableFound(line["table"])
        else:
            raise HotlineNotMoved(why="it names a table that is not here")

    def finish(self) -> None:
        """Compare what waits."""
        rows, self._waiting = self._waiting, []
        if self._model is None or not rows:
            return
        label = self._model._meta.label
        if label in PASSED:
            return
        if label == _TIP:
            self._tip(rows[0])
        elif label in _KNOWN_BY:
            self._by_fields(label, rows)
        else:
            self._by_number(self._model, rows)

    def write_files(self) -> None:
        """Put back the files that rows name and that are missing."""
        for line in self.files:
            write_file(line)

    def _by_number(self, model: type[Model], rows: list[Model]) -> None:
        numbers = [row.pk for row in rows]
        here = model._base_manager.in_bulk(numbers)
        ours = set(rows_of(model, self._path, self._hotline_id).filter(pk__in=numbers).values_list("pk", flat=True))
        missing = []
        for row in rows:
            if row.pk not in here:
                missing.append(row)
            elif row.pk not in ours:
                raise HotlineNotMoved(why=f"the number {row.pk} of {model._meta.label} is taken by another hotline")
            else:
                self._count(row, here[row.pk])
        self._put(model, missing)

    def _by_fields(self, label: str, rows: list[Any]) -> None:
        asked, names, owner = _KNOWN_BY[label]
        if label == _COSIGNATURE:
            for row in rows:
                row.checkpoint_id = self._checkpoints.get(row.checkpoint_id, 0)
        if owner and any(getattr(row, owner) != self._hotline_id for row in rows):
            raise HotlineNotMoved(why="it holds the log or jobs of another hotline")
        model = type(rows[0])
        query = model._base_manager.filter(**{f"{asked}__in": {getattr(row, asked) for row in rows}})
        here = {_key(row, names): row for row in (query.filter(**{owner: self._hotline_id}) if owner else query)}
        missing = []
        for row in rows:
            before = here.get(_key(row, names))
            if label == _CHECKPOINT and before is not None:
                self._checkpoints[row.pk] = before.pk
            if before is not None:
                self._count(row, before, is_momentary=label == _JOB)
            elif label == _JOB and self._speaks(row.kind):
                self.found.quiet += 1
            elif label != _COSIGNATURE or row.checkpoint_id:
                missing.append(row)
            if label == _ROW:
                self._compare_log(row, before)
        self._put(model, missing)

    def _compare_log(self, row: Any, here: Any) -> None:
        """Note the first row of the log that is another here. That of the exporting itself may be: a copy of the database wrote it, and it
        is the last one."""
        if self.found.log_differs_at is None and self._exported is not None:
            self.found.log_differs_at = self._exported
        if here is None or here.hash == row.hash:
            self.found.newest_row = max(self.found.newest_row, row.number)
        if self.found.log_differs_at is None and here is not None and here.hash != row.hash:
            if row.event == _EXPORTED:
                self._exported = row.number
            else:
                self.found.log_differs_at = row.number

    def _tip(self, row: Any) -> None:
        """Let the tip follow the rows that were put back at the end of the log."""
        tips: Any = apps.get_model(_TIP)
        here = tips.objects.filter(chain=self._hotline_id).first()
        if row.chain != self._hotline_id:
            raise HotlineNotMoved(why="it holds the log or jobs of another hotline")
        if here is None:
            self._put(tips, [row])
        elif here.number >= row.number or not self._may_put(_TIP):
            self.found.tables[_TIP].same += 1
        else:
            self.found.tables[_TIP].missing += 1
            self.found.tables[_TIP].put_back += tips.objects.filter(chain=row.chain).update(
                **{name: getattr(row, name) for name in _OF_A_TIP}
            )

    def _count(self, row: Any, here: Any, *, is_momentary: bool = False) -> None:
        label = row._meta.label
        skipped = {row._meta.pk.attname} if label in _KNOWN_BY else set()
        is_same = is_momentary or all(
            written(one, row) == written(one, here)
            or one.attname in skipped
            or (one.is_relation and getattr(row, one.attname) is None)  # it names a row of another hotline
            for one in fields_of(type(row))
        )
        if is_same:
            self.found.tables[label].same += 1
        else:
            self.found.tables[label].differing += 1

    def _put(self, model: type[Model], missing: list[Any]) -> None:
        label = model._meta.label
        self.found.tables[label].missing += len(missing)
        missing = self._with_their_accounts(missing, _OF_ACCOUNTS[label]) if label in _OF_ACCOUNTS else missing
        if not missing or not self._may_put(label):
            return
        numbers = [row.pk for row in missing]
        self._readies(missing)
        for row in missing:
            if label in _KNOWN_BY:
                row.pk = None
        try:
            with transaction.atomic():
                self._insert(model, missing)
        except IntegrityError as error:
            raise (_taken(model, self._path, self._hotline_id, missing, self._shows) or error) from None
        if label == _CHECKPOINT:
            self._checkpoints |= {number: row.pk for number, row in zip(numbers, missing, strict=True)}
        if label in NOTED:
            self.found.numbers[label].update(numbers)
        if label == _ACCOUNT:
            self._accounts.update(numbers)
        self.found.tables[label].put_back += len(missing)

    def _with_their_accounts(self, rows: list[Any], names: str) -> list[Any]:
        """Return those whose accounts are missing too, or all where they are named: a second factor of an account that is here was taken
        off it since, by two people, and may be in somebody else's hands; an address or a calendar's link was ended."""
        if self._only:
            return rows
        accounts: Any = apps.get_model(_ACCOUNT)
        asked = {getattr(one, names) for one in rows}
        here = set(accounts.objects.filter(pk__in=asked).values_list("pk", flat=True))
        return [one for one in rows if getattr(one, names) not in here - self._accounts]

    def _insert(self, model: type[Model], missing: list[Any]) -> None:
        if model._meta.label == _CHECKPOINT or is_dated(model):
            for row in missing:
                row.save_base(raw=True, force_insert=True)  # as it is: Django would date it anew
        else:
            model._base_manager.bulk_create(missing)

    def _may_put(self, label: str) -> bool:
        app = label.partition(".")[0]
        if app == "audit" and self.found.log_differs_at is not None:
            return False  # what follows another row belongs to another history
        return not self._only or label in self._only or app in self._only


def unknown_in(only: Collection[str]) -> list[str]:
    """Return those of these names that are neither tables nor parts of the program."""
    labels = {model._meta.label for model, _path in tables()}
    return sorted(set(only) - labels - {app.label for app in apps.get_app_configs()})


def _key(row: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _taken(
    model: type[Model], path: str, hotline_id: int, rows: Iterable[Any], shows: Callable[[str, str], bool]
) -> HotlineNotMoved | None:
    """Return the refusal that names the first of these rows of a hotline whose place another row here has; None if there is none.
    `shows` says of a table and its field whether a value may be said: it is neither sealed nor about a person."""
    label = model._meta.label
    word = _CALLED.get(label, str(model._meta.verbose_name))
    for row in rows:
        for names, condition in _only_once(model):
            other = _other(model, row, names, condition)
            if other is None:
                continue
            is_ours = rows_of(model, path, hotline_id).filter(pk=other.pk).exists()
            whose = "" if is_ours else " of another hotline"
            alike = [name for name in names if name != "hotline"]
            alike = [f"{name} “{_raw(row, name)}”" if shows(label, name) else name for name in alike]
            way_out = (
                f"Change or delete {word} {other.pk} here, then try again, or name the other tables of the list with --only."
                if is_ours
                else "Its hotline works with it: leave it as it is, and name the other tables of the list with --only."
            )
            return HotlineNotMoved(
                way_out,
                why=f"{word} {row.pk} ({label}) can’t come back, since {word} {other.pk}{whose} has the same {' and '.join(alike)} here",
            )
    return None


def _only_once(model: type[Model]) -> Iterator[tuple[tuple[str, ...], Q | None]]:
    """Yield the fields whose values together only one row may have, and among which rows; None: all."""
    for one in model._meta.concrete_fields:
        if one.unique and not one.primary_key:
            yield (one.name,), None
    for names in model._meta.unique_together:
        yield tuple(names), None
    for rule in model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and rule.fields:
            yield tuple(rule.fields), rule.condition


def _other(model: type[Model], row: Any, names: tuple[str, ...], condition: Q | None) -> Any:
    values = {model._meta.get_field(name).attname: _raw(row, name) for name in names}  # type: ignore[union-attr]
    if None in values.values():
        return None  # nothing is like nothing
    others = model._base_manager.filter(**values).exclude(pk=row.pk)
    if condition is not None:
        own = {one.name: _raw(row, one.name) for one in model._meta.concrete_fields}
        if not condition.check(own):
            return None
        others = others.filter(condition)
    return others.first()


def _raw(row: Any, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)
