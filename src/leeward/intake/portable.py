"""Intake's section of the settings file: a hotline's own questions to reporters, and the shipped ones it has hidden."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.foundation.patterns import Pattern
from leeward.intake.models import CannedQuestion
from leeward.intake.rules.canned import SHIPPED, YES_NO
from leeward.intake.services.asking import keep_question, switch_question
from leeward.people.services.checking import check_languages
from leeward.people.settings_file import Plain, Section, offer

QUESTION = {"form": str, "texts": dict, "is_off": bool}
_CODE = Pattern(r"[A-Za-z0-9_-]{1,30}")


def _questions(hotline_id: int) -> Plain:
    found: dict[str, Plain] = {}
    for row in CannedQuestion.objects.filter(hotline_id=hotline_id).order_by("code"):
        own = {} if row.code in SHIPPED else {"form": row.form, "texts": dict(sorted(row.texts.items()))}
        if own or row.is_off:
            found[row.code] = {**own, "is_off": row.is_off}
    return found


def _take_questions(hotline_id: int, values: Plain, actor: Actor) -> None:
    known = {row.code: row for row in CannedQuestion.objects.filter(hotline_id=hotline_id)}
    for code, fields in values.items():
        if not _CODE.fullmatch(code):
            raise BadInput(what=code[:60], why=_("a code has at most 30 letters, digits and hyphens"))
        row, named = known.get(code), {"form", "texts"} & set(fields)
        if named or (row is None and code not in SHIPPED):
            texts = {**(row.texts if row else {}), **fields.get("texts", {})}
            check_languages(list(texts))
            keep_question(
                code,
                texts={tag: str(text) for tag, text in texts.items()},
                form=fields.get("form", row.form if row else YES_NO),
                hotline_id=hotline_id,
                actor=actor,
                is_new=row is None,
            )
        if "is_off" in fields:
            switch_question(code, is_off=fields["is_off"], hotline_id=hotline_id, actor=actor)


offer(
    Section(
        "questions", QUESTION, _questions, _take_questions, is_table=True, title=gettext_lazy("Questions to reporters")
    )
)
