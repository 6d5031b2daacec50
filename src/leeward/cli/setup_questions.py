"""The questions of `leeward setup`: each answer is checked and stored as it is given, so that an interrupted setup can
continue.

Fields of the portal are those of the desk's wizard, and its form checks them.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from django import forms
from django.conf import settings

from leeward.foundation.errors import BadInput, LeewardError
from leeward.people.countries import suggestion_for
from leeward.people.forms import PortalForm
from leeward.people.queries import hotlines, is_name_free
from leeward.people.queries import own_name as name_of_language
from leeward.people.rules.helplines import can_be_dialled
from leeward.people.rules.modes import MODES
from leeward.people.rules.names import tidy_name

KEPT_IN = "setup.json"
type Answers = dict[str, str]
type Check = Callable[[str, Answers], str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: `check` returns the answer as it is stored, or raises with a sentence saying why not."""

    name: str
    text: str
    check: Check
    suggest: Callable[[Answers], str | None] = field(default=lambda _answers: None)
    is_needed: bool = False


def _of_form(name: str, field_of_form: str = "") -> Check:
    """Check with the wizard's form, looking only at this one field."""

    def check(text: str, answers: Answers) -> str:
        key = field_of_form or name
        form = PortalForm({key: text}, languages=list(_languages().items()))
        for sentence in form.errors.get(key, []):
            raise BadInput(what=repr(text[:100]), why=str(sentence).rstrip("."))
        return str(form.cleaned_data.get(key, text))

    return check


def _optional(check: Check) -> Check:
    return lambda text, answers: check(text, answers) if text.strip() else ""


def _dialled(text: str, answers: Answers) -> str:
    if not can_be_dialled(text.strip()):
        raise BadInput(what=repr(text[:100]), why="this is no number that people can dial")
    return text.strip()


def _country(text: str, answers: Answers) -> str:
    code = text.strip().upper()
    if suggestion_for(code, datetime.now(UTC).date()) is None:
        raise BadInput(what=repr(text[:100]), why="it is not the two letters of a country, for example JM")
    return code


def _named(text: str, answers: Answers) -> str:
    name = tidy_name(text)
    if not 0 < len(name) <= 120:
        raise BadInput(what="the name", why="it must have 1 to 120 characters")
    return name


def _slug(text: str, answers: Answers) -> str:
    slug = _of_form("slug")(text.strip(), answers)
    if not is_name_free(slug) or slug in {row.slug for row in hotlines()}:
        raise BadInput(what=slug, why="this name is taken, or it is the name of one of our own pages")
    return slug


def _tags(text: str, answers: Answers) -> str:
    tags, known = list(dict.fromkeys(tag.strip().lower() for tag in text.split(",") if tag.strip())), _languages()
    unknown = [tag for tag in tags if tag not in known]
    if unknown or not tags:
        why = f"pages can be shown in {', '.join(known)}, separated by commas, the first one first"
        raise BadInput(what=f"{', '.join(unknown) or 'no language'}"[:100], why=why)
    return ",".join(tags)


def _mode(text: str, answers: Answers) -> str:
    if text.strip() not in MODES:
        raise BadInput(what=repr(text[:100]), why="it is assess or post_box")
    return text.strip()


def _email(text: str, answers: Answers) -> str:
    try:
        return str(forms.EmailField(max_length=254).clean(text.strip()))
    except forms.ValidationError as error:
        raise BadInput(what=repr(text[:100]), why=" ".join(error.messages).rstrip(".").lower()) from None


def _days(text: str, answers: Answers) -> str:
    days = sorted({day.strip() for day in text.split(",") if day.strip()})
    if not days or not set(days) <= set("1234567"):
        raise BadInput(
            what=repr(text[:100]), why="these are numbers from 1 (Monday) to 7 with commas between: 1,2,3,4,5"
        )
    return ",".join(days)


def _languages() -> Mapping[str, str]:
    return {tag: name_of_language(tag) for tag, _ in settings.LANGUAGES}


def _default_languages(answers: Answers) -> str:
    known = suggestion_for(answers["country"], datetime.now(UTC).date())
    return ",".join(tag for tag in known.languages if tag in _languages()) if known else "en"


def _zone(answers: Answers) -> str:
    known = suggestion_for(answers["country"], datetime.now(UTC).date())
    return known.zones[0] if known and known.zones else "UTC"


def _country_name(answers: Answers) -> str:
    known = suggestion_for(answers["country"], datetime.now(UTC).date())
    return known.name if known else answers["country"]


QUESTIONS = (
    Question("country", "Country (two letters)", _country, is_needed=True),
    Question("name", "Name of the hotline", _named, lambda kept: f"Hotline of {_country_name(kept)}", is_needed=True),
    Question("mode", "Mode: assess (analysts decide) or post_box (passes on to the police)", _mode, lambda _: "assess", is_needed=True),
    Question("portal", "Name of the portal in addresses", _slug, lambda kept: kept["country"].lower()),
    Question("portal_name", "Name of the portal, as visitors see it", _named, _country_name),
    Question("languages", "Languages, the first one first, with commas between", _tags, _default_languages, is_needed=True),
    Question("emergency_number", "Emergency number (needed before the portal opens)", _optional(_of_form("emergency_number")), lambda _: ""),
    Question("helpline_name", "Child helpline: its name", _optional(_named), lambda _: ""),
    Question("helpline_number", "Child helpline: its number", _optional(_dialled), lambda _: ""),
    Question("police_name", "Police unit: its name", _optional(_of_form("police_name")), lambda _: ""),
    Question("police_email", "Where referrals to the police go (e-mail)", _optional(_of_form("police_email")), lambda _: ""),
    Question("exit_url", "Where “Leave this page” leads", _of_form("exit_url"), lambda _: "https://worldweather.wmo.int/"),
    Question("time_zone", "Time zone", _of_form("time_zone"), _zone),
    Question("working_days", "Working days, 1 is Monday", _days, lambda _: "1,2,3,4,5"),
    Question("admin_email", "The first administrator's e-mail address", _email, is_needed=True),
    Question("admin_name", "The first administrator's name", _named, is_needed=True),
)  # fmt: skip


def answers_for(given: Mapping[str, str | None], place: Path) -> Answers:
    """Return every answer: as given on the command line, as stored by an interrupted setup, or as typed now.

    If everything required was given, nothing is asked and the rest has its defaults. Raises BadInput for invalid
    options; invalid typed answers are asked for again instead.
    """
    kept = _kept(place)
    if kept:
        print(
            "Continuing the setup that was interrupted: " + ", ".join(f"{name} {text}" for name, text in kept.items())
        )
    asks = any(one.is_needed and not given.get(one.name) and one.name not in kept for one in QUESTIONS) or bool(kept)
    answers: Answers = {}
    for one in QUESTIONS:
        if (text := given.get(one.name)) is not None:
            answers[one.name] = one.check(text, answers)
        elif one.name in kept and (again := _still_good(one, kept[one.name], answers)) is not None:
            answers[one.name] = again
        elif asks:
            answers[one.name] = _answer_to(one, answers)
            _keep(place, answers)
        else:
            answers[one.name] = one.check(one.suggest(answers) or "", answers)
    return answers


def forget(place: Path) -> None:
    """Delete the stored answers, because the setup is done."""
    (place / KEPT_IN).unlink(missing_ok=True)


def _answer_to(one: Question, answers: Answers) -> str:
    while True:
        typed = typer.prompt(one.text, default=one.suggest(answers), show_default=bool(one.suggest(answers)))
        try:
            return one.check(str(typed), answers)
        except LeewardError as error:
            print(error.text)


def _still_good(one: Question, text: str, answers: Answers) -> str | None:
    try:
        return one.check(text, answers)
    except LeewardError:
        return None


def _kept(place: Path) -> Answers:
    try:
        read: Any = json.loads((place / KEPT_IN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {one.name: str(read[one.name]) for one in QUESTIONS if one.name in read} if isinstance(read, dict) else {}


def _keep(place: Path, answers: Answers) -> None:
    fresh = place / f"{KEPT_IN}.new"
    fresh.write_text(json.dumps(answers), encoding="utf-8")
    os.replace(fresh, place / KEPT_IN)
