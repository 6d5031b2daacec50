"""The rows of one hotline, out of the database into lines and back, whatever the tables are: by Django's register of models."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, ForeignKey, Model, QuerySet

from leeward.audit.keys import is_signed, sign
from leeward.audit.rules.chain import signed_text
from leeward.backup.errors import HotlineNotMoved
from leeward.backup.rules.belonging import FILES, RENUMBERED, is_place, path_of

_ROWS = 1000
_PERSON = "people.User"
_SIGNED = frozenset({"audit.AuditHead", "audit.AuditTip"})


def tables() -> list[tuple[type[Model], str]]:
    """Return every table whose rows a hotline takes along, and the path by which they name it."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        keys = frozenset(field.name for field in fields_of(model) if field.is_relation)
        path = path_of(model._meta.label, keys)
        if path is not None:
            found.append((model, path))
    return found


def lines_of(hotline_id: int) -> Iterator[Any]:
    """Yield a line for each table, row and file of a hotline. A reference to a row of another hotline (who made an account, whose
    rota answers in turn) is left empty; a row that is only about a person there (an invitation to a review, their draft) stays
    behind. Raises HotlineNotMoved where neither can be."""
    paths = dict(tables())
    for model, path in paths.items():
        rows = rows_of(model, path, hotline_id)
        yield {"table": model._meta.label, "fields": [field.attname for field in fields_of(model)]}
        foreign = _foreign(model, rows, paths, hotline_id)
        staying = {number for number, column in foreign if not column}
        for row in rows.order_by("pk").iterator(_ROWS):
            if row.pk not in staying:
                yield [
                    None if (row.pk, field.attname) in foreign else written(field, row) for field in fields_of(model)
                ]
    yield from _files(hotline_id)


class Loader:
    """Puts lines into the tables of a database that has no hotline; within the caller's transaction."""

    def __init__(self, log_key: str) -> None:
        self._log_key = log_key
        self._models = {model._meta.label: model for model, _path in tables()}
        self._model: type[Model] | None = None
        self._waiting: list[Model] = []
        self._checkpoints: dict[int, int] = {}
        self.rows = 0

    def take(self, line: Any) -> None:
        """Take one line. Raises HotlineNotMoved."""
        if isinstance(line, list) and self._model is not None:
            self._take_row(self._model, line)
        elif isinstance(line, dict) and "file" in line:
            write_file(line)
        elif isinstance(line, dict) and line.get("table") in self._models:
            self.finish()
            self._model = self._models[line["table"]]
            if line["fields"] != [field.attname for field in fields_of(self._model)]:
                raise HotlineNotMoved(why=f"its table {line['table']} has other columns than ours")
        else:
            raise HotlineNotMoved(why="it names a table that is not here")

    def finish(self) -> None:
        """Store what waits."""
        if self._model is not None and self._waiting:
            self._model._base_manager.bulk_create(self._waiting)
        self._waiting = []

    def _take_row(self, model: type[Model], values: list[Any]) -> None:
        label = model._meta.label
        row = model(
            **{
                field.attname: None if value is None else field.to_python(value)
                for field, value in zip(fields_of(model), values, strict=True)
            }
        )
        self.rows += 1
        number = row.pk
        if label in RENUMBERED:
            row.pk = None
        if label in _SIGNED:
            self._sign_again(row)
        if label == "audit.AuditCosignature":
            row.__dict__["checkpoint_id"] = self._checkpoints[row.__dict__["checkpoint_id"]]
        if label == "audit.AuditCheckpoint" or is_dated(model):
            row.save_base(raw=True, force_insert=True)  # as it is: Django would date it anew
            if label == "audit.AuditCheckpoint":
                self._checkpoints[number] = row.pk
            return
        self._waiting.append(row)
        if len(self._waiting) >= _ROWS:
            self.finish()

    def _sign_again(self, row: Any) -> None:
        """Sign a head that the former installation's key signed: here it is checked by ours. The tip of a chain needs none."""
        if not row.signature:
            return
        text = signed_text(chain=row.chain, number=row.number, row=row.hash, at=row.at)
        if row.number and not is_signed(text, row.signature, self._log_key):
            raise HotlineNotMoved(why=f"the signature of row {row.number} of its log doesn’t hold")
        row.signature = sign(text) if row.number else row.signature


def fields_of(model: type[Model]) -> list["Field[Any, Any]"]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def rows_of(model: type[Model], path: str, hotline_id: int) -> QuerySet[Any]:
    return model._base_manager.filter(**{path: hotline_id})


def written(field: "Field[Any, Any]", row: Model) -> Any:
    return None if field.value_from_object(row) is None else field.value_to_string(row)


def _foreign(
    model: type[Model], rows: QuerySet[Any], paths: dict[type[Model], str], hotline_id: int
) -> set[tuple[Any, str]]:
    """Return where rows refer to a row of another hotline: the row's key and the column, "" for a row that can't be without."""
    found = set()
    for field in fields_of(model):
        if not isinstance(field, ForeignKey) or field.name == "hotline":
            continue
        target: Any = field.related_model
        ours = rows_of(target, paths[target], hotline_id).values("pk") if target in paths else []
        there = rows.filter(**{f"{field.name}__isnull": False}).exclude(**{f"{field.attname}__in": ours})
        numbers = set(there.values_list("pk", flat=True))
        is_about_a_person = target._meta.label == _PERSON and not model._meta.related_objects
        if numbers and not field.null and not is_about_a_person:
            raise HotlineNotMoved(why=f"{model._meta.label}.{field.name} refers to a row of another hotline")
        found |= {(number, field.attname if field.null else "") for number in numbers}
    return found


def is_dated(model: type[Model]) -> bool:
    return any(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) for field in fields_of(model))


def _files(hotline_id: int) -> Iterator[Any]:
    data, done = Path(settings.LEEWARD.data_dir), set()
    for label, field, patterns in FILES:
        rows = rows_of(apps.get_model(label), "hotline", hotline_id).exclude(**{field: ""})
        for name in rows.values_list(field, flat=True).distinct():
            for path in (pattern.format(name) for pattern in patterns):
                if path not in done and (data / path).exists():
                    done.add(path)
                    yield {"file": path, "content": base64.b64encode((data / path).read_bytes()).decode("ascii")}


def write_file(line: dict[str, str]) -> None:
    """Write a file under its name, which its content gave it: one that stays behind after a failure is nobody's."""
    if not is_place(line["file"]):
        raise HotlineNotMoved(why="it holds a file that belongs to no hotline")
    path = Path(settings.LEEWARD.data_dir) / line["file"]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.new")
    part.write_bytes(base64.b64decode(line["content"]))
    part.chmod(0o600)
    part.replace(path)
