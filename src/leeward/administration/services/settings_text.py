"""A settings file as text: written, and parsed with one clear sentence for any error."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import NoneType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.foundation.errors import BadInput
from leeward.people.settings_file import VERSION, Kind, Plain, Section

MOST_BYTES = 2_000_000
MOST_NAME = 500
HEAD, OF = "leeward_settings", "of"
_KINDS: dict[type, Promise] = {
    str: gettext_lazy("text"),
    int: gettext_lazy("a whole number"),
    float: gettext_lazy("a number"),
    bool: gettext_lazy("true or false"),
    list: gettext_lazy("a list"),
    dict: gettext_lazy("a table"),
    NoneType: gettext_lazy("null"),
}


def written(hotline: str, parts: Mapping[str, Plain]) -> str:
    """Return the file: JSON, the same settings always as the same text. Raises BadInput if it would be too long to import."""
    text = json.dumps({HEAD: VERSION, OF: hotline, **parts}, indent=2, ensure_ascii=False) + "\n"
    if len(text.encode()) > MOST_BYTES:
        longest = max(parts, key=lambda name: len(json.dumps(parts[name])))
        raise BadInput(
            _("Leave a part out: the longest is %(part)s.") % {"part": longest},
            what=_("The file"),
            why=_("it would be longer than 2 MB"),
        )
    return text


def read(text: str, known: Iterable[Section], only: Collection[str] = ()) -> tuple[str, dict[str, Plain]]:
    """Return the hotline that a file names ("" for none) and its sections, or `only` some of them. Raises BadInput."""
    document, by_name = _table(text), {section.name: section for section in known}
    version, of = document.pop(HEAD, None), document.pop(OF, "")
    if type(version) is not int:
        raise _bad(_("it has no %(head)s; leeward settings export writes one") % {"head": HEAD})
    if not 1 <= version <= VERSION:
        text = _("its version is %(version)d, and this Leeward knows %(known)d")
        raise _bad(text % {"version": min(version, 10**9), "known": VERSION})
    for name, values in document.items():
        _check(by_name.get(name), name, values)
    return (of if isinstance(of, str) else ""), {
        name: values for name, values in document.items() if not only or name in only
    }


def _table(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES or len(text.encode(errors="replace")) > MOST_BYTES:
        raise _bad(_("it is longer than 2 MB"))
    try:
        document = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_each_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        raise _bad(_("it is not valid JSON from line %(line)d, column %(column)d") % where) from error
    except (ValueError, RecursionError) as error:
        raise _bad(_("it is not JSON")) from error
    if not isinstance(document, dict):
        raise _bad(_("it has no %(head)s; leeward settings export writes one") % {"head": HEAD})
    return document


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(what=_shown(name), why=_("it is there twice"))
        found[name] = value
    return found


def _no_number(word: str) -> float:
    raise BadInput(what=word, why=_("it is not a number"))


def _bad(why: str) -> BadInput:
    return BadInput(what=_("The file"), why=why)


def _check(section: Section | None, name: str, values: Any) -> None:
    if section is None:
        raise BadInput(what=_shown(name), why=_("there is no such section"))
    rows: Iterable[tuple[str, Any]] = [("", values)]
    if section.is_table and isinstance(values, dict):
        rows = values.items()
    for key, row in rows:
        place = f"{name}.{_shown(key)}" if key else name
        if not isinstance(row, dict) or len(key) > MOST_NAME or not _can_be_kept([key]):
            raise BadInput(what=place, why=_("it is not a table of names and values"))
        for field, value in row.items():
            if field not in section.keys:
                raise BadInput(what=f"{place}.{_shown(field)}", why=_("there is no such setting"))
            _check_value(f"{place}.{field}", value, section.keys[field])


def _check_value(place: str, value: Any, kind: Kind) -> None:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if type(value) not in kinds and not (float in kinds and type(value) is int):
        wanted = " / ".join(str(_KINDS[one]) for one in kinds)
        raise BadInput(what=place, why=_("it must be %(kind)s") % {"kind": wanted})
    inside = list(_inside(value))
    if not all(type(one) in (str, int) for one in inside if one is not value):
        raise BadInput(what=place, why=_("it must hold nothing but texts and whole numbers"))
    if not _can_be_kept(inside):
        raise BadInput(what=place, why=_("it has a character that can’t be stored"))


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        yield from (*value, *value.values())
    else:
        yield value


def _can_be_kept(values: Iterable[Any]) -> bool:
    """Return whether every text can be stored and shown: no NUL, no lone surrogates."""
    return not any(
        "\0" in one or any("\ud800" <= sign <= "\udfff" for sign in one) for one in values if type(one) is str
    )


def _shown(name: str) -> str:
    """Return a name from a file, short enough for a sentence."""
    short = name if len(name) <= 60 else f"{name[:59]}…"
    return short.encode(errors="replace").decode()
