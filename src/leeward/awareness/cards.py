"""Cards, leaflets and posters of a portal as PDF, what radio and text messages say, and all of it in one ZIP for schools."""

import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from leeward.awareness.errors import CodeTooLong
from leeward.awareness.labels import AUDIENCES
from leeward.awareness.rules.cards import MOST_CODE, SIZES, fits_in_code, short_address
from leeward.awareness.rules.messages import plain_letters
from leeward.awareness.sentences import TEN
from leeward.foundation.errors import BadInput
from leeward.foundation.sandbox.paper import as_pdf
from leeward.people.queries import HelplineRow, PortalRow, shown_helplines
from leeward.people.rules.helplines import ADULT, CHILD, in_order

SCHOOL = ("child", "parent", "teacher")
FILES = {"a6": "card-a6.pdf", "a5": "leaflet-a5.pdf", "a3": "poster-a3.pdf"}
_EPOCH = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands on every card of a portal: its page in a language, its numbers."""

    portal: PortalRow
    address: str
    helpline: HelplineRow | None

    @property
    def typed(self) -> str:
        """Return the address as people type it."""
        return short_address(self.address)


def can_be_made() -> bool:
    """Return whether the library that makes PDFs is installed."""
    return find_spec("weasyprint") is not None


def language_of(portal: PortalRow, wanted: str) -> str:
    """Return the language if the portal has it, else its first that is installed."""
    installed = {tag for tag, _name in settings.LANGUAGES}
    offered = [tag for tag in portal.languages if tag in installed] or ["en"]
    return wanted if wanted in offered else offered[0]


def facts_of(portal: PortalRow, language: str) -> Facts:
    """Return the facts of a portal's cards; the active language is that of the card."""
    extra = "" if not portal.languages or language == portal.languages[0] else f"{language}/"
    line = next(iter(in_order(shown_helplines(portal.id), (CHILD, ADULT))), None)
    return Facts(portal, f"{str(settings.LEEWARD.base_url).rstrip('/')}/{portal.slug}/{extra}", line)


def card(portal: PortalRow, language: str, size: str, code: str = "") -> bytes:
    """Return a card as PDF. Raises CodeTooLong, BadInput, PaperNotMade."""
    with translation.override(language_of(portal, language)):
        facts = facts_of(portal, language_of(portal, language))
        values = {"facts": facts, "size": SIZES[size], "code": drawn(code or facts.address)}
        return _pdf(render_to_string("awareness/public_card.html", values))


def drawn(text: str) -> SafeString:
    """Return a code for a phone as SVG, dark on white, with what it says for whoever can’t see it. Raises CodeTooLong, BadInput."""
    if len(text) > MOST_CODE:
        raise CodeTooLong(most=MOST_CODE, number=len(text))
    if not fits_in_code(text):
        raise BadInput(what=_("The address in the code"), why=_("it has characters that can’t be seen"))
    code = segno.make_qr(text, error="m").svg_inline(border=4, light="#fff", omitsize=True, title=text)
    return mark_safe(code)  # noqa: S308 - segno escapes the title


def radio(facts: Facts) -> str:
    """Return what can be read out on the radio in half a minute."""
    parts = [
        _(
            "Have you seen pictures on the Internet that harm a child? Does somebody frighten you there? You can report "
            "it at %(address)s. You don’t have to say who you are."
        )
        % {"address": facts.typed}
    ]
    if facts.helpline and facts.helpline.number:
        parts.append(
            _("If you want to talk: %(name)s, %(number)s.")
            % {"name": facts.helpline.title, "number": facts.helpline.number}
        )
    parts.append(_danger(facts))
    return " ".join(parts)


def short_message(facts: Facts) -> str:
    """Return what a text message says, with no letter that a network charges for without need."""
    message = _("Seen pictures online that harm a child? Report without your name: %(address)s") % {
        "address": facts.typed
    }
    return plain_letters(f"{message} {_danger(facts)}")


def _danger(facts: Facts) -> str:
    if facts.portal.emergency_number:
        return _("In danger now: call %(number)s.") % {"number": facts.portal.emergency_number}
    return _("In danger now: call the police.")


def school_pack(portal: PortalRow, language: str) -> bytes:
    """Return everything for a school as one ZIP, the same bytes for the same portal and language. Raises PaperNotMade."""
    tag = language_of(portal, language)
    made: dict[str, bytes] = {}
    with translation.override(tag):
        facts = facts_of(portal, tag)
        for audience in SCHOOL:
            lines = [f"{number}. {sentence}" for number, sentence in enumerate(TEN[audience], 1)]
            head = [_("When something happened"), str(AUDIENCES[audience]), ""]
            made[f"when-something-happened-{audience}.txt"] = _text([*head, *lines, "", facts.address])
        made["radio.txt"] = _text([radio(facts)])
        made["text-message.txt"] = _text([short_message(facts)])
    for size, name in FILES.items():
        if can_be_made():
            made[name] = card(portal, tag, size)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in sorted(made):
            pack.writestr(zipfile.ZipInfo(f"{portal.slug}-{tag}/{name}", _EPOCH), made[name])
    return out.getvalue()


def _text(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


@lru_cache(maxsize=64)
def _pdf(html: str) -> bytes:
    """Return a card as PDF; visitors can ask only for a few of them, so each is made once."""
    return as_pdf(html)
