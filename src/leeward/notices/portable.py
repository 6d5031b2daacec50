"""The notices' sections in the settings file: own texts as they are in force, and the directory of contacts with public
keys. For a channel other than mail only its name is exported: its settings may be secret and are entered again by hand.

Earlier versions, measurements of contacts, and unconfirmed entries are not exported.
"""

from collections.abc import Iterable
from typing import get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.foundation.patterns import Pattern
from leeward.notices.channels import registry
from leeward.notices.models import CONTACT_KINDS, Contact, Wording
from leeward.notices.queries.labels import ENTRIES_WAIT, TEXT_WAITS
from leeward.notices.queries.waiting import entries_waiting
from leeward.notices.rules.wordings import Kind
from leeward.notices.services.contacts import ContactDetails, import_contacts
from leeward.notices.services.keys import remove_key, set_key
from leeward.notices.services.wordings import save_wording, ship_again
from leeward.people.queries import portal_changes_waiting
from leeward.people.rules.reach import POLICE_TEXT
from leeward.people.settings_file import Plain, Section, offer

TEXT = {"subject": str, "body": str, "is_shipped": bool}
CONTACT = {
    "name": str, "languages": list, "retired": bool, "certificate": str, "wants_xarf": bool, "channel": str, "service": str,
}  # fmt: skip
AT_ONCE = 1000
_TAG = Pattern(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_COUNTRY = Pattern(r"[A-Z]{2}")


def _texts(hotline_id: int) -> Plain:
    rows = Wording.objects.filter(is_current=True).order_by("kind", "language", "country")
    return {
        "/".join(part for part in (row.kind, row.language, row.country) if part): {
            "subject": row.subject,
            "body": row.body,
            "is_shipped": row.is_shipped,
        }
        for row in rows
    }


def _take_texts(hotline_id: int, values: Plain, actor: Actor) -> None:
    known = _texts(hotline_id)
    for name, fields in values.items():
        kind, language, country = _named(name)
        wanted = {"subject": "", "body": "", "is_shipped": False, **known.get(name, {}), **fields}
        if wanted["is_shipped"]:
            ship_again(kind=kind, language=language, country=country, hotline_id=hotline_id, actor=actor)
        else:
            save_wording(
                kind=kind,
                language=language,
                country=country,
                subject=wanted["subject"],
                body=wanted["body"],
                hotline_id=hotline_id,
                actor=actor,
            )


def _named(name: str) -> tuple[Kind, str, str]:
    """Return the recipients, the language, and the country ("" for all)."""
    kind, language, country = (*name.split("/"), "", "")[:3]
    known = next((one for one in get_args(Kind) if one == kind), None)
    if known is None or not _TAG.fullmatch(language) or name.count("/") > 2 or not _is_country(country):
        raise BadInput(what=name[:60], why=_("a text is named kind/language or kind/language/COUNTRY"))
    return known, language, country


def _is_country(code: str) -> bool:
    return not code or bool(_COUNTRY.fullmatch(code))


def _contacts(hotline_id: int) -> Plain:
    rows = Contact.objects.filter(unconfirmed=False).order_by("kind", "country", "email")
    return {
        f"{row.kind}/{row.country}/{row.email}": {
            "name": row.name,
            "languages": list(row.languages),
            "retired": row.retired,
            "certificate": row.certificate,
            "wants_xarf": row.wants_xarf,
            "channel": row.channel,
            "service": row.service,
        }
        for row in rows.only(
            "kind",
            "country",
            "email",
            "name",
            "languages",
            "retired",
            "certificate",
            "wants_xarf",
            "channel",
            "service",
        )
    }


def _take_contacts(hotline_id: int, values: Plain, actor: Actor) -> None:
    """Import all contacts at once, then the certificates that differ, one by one."""
    split = {name: _of_contact(name) for name in values}
    known = _entries(email for _kind, _country, email in split.values())
    details = []
    for name, fields in values.items():
        kind, country, email = split[name]
        entry = known.get(split[name])
        had = (entry.name, entry.languages, entry.retired) if entry else ("", [], False)
        details.append(
            ContactDetails(
                kind=kind,
                country=country,
                email=email,
                name=fields.get("name", had[0]),
                languages=tuple(map(str, fields.get("languages", had[1]))),
                retired=fields.get("retired", had[2]),
                wants_xarf=fields.get("wants_xarf"),
                service=fields.get("service"),
            )
        )
    import_contacts(details, hotline_id=hotline_id, actor=actor)
    wanted = {split[name]: row["certificate"].strip() for name, row in values.items() if "certificate" in row}
    entries = _entries(email for _kind, _country, email in wanted)
    for key, certificate in wanted.items():
        if key not in entries:  # it waits for a second person; its key is imported once the contact exists
            continue
        if certificate and certificate != entries[key].certificate:
            set_key(entries[key].pk, certificate, actor=actor)
        elif not certificate and entries[key].certificate:
            remove_key(entries[key].pk, actor=actor)


def _channels_to_set(hotline_id: int, values: Plain) -> list[str]:
    """Return the contacts that have a channel in the file but not here."""
    wanted = {_of_contact(name): row["channel"] for name, row in values.items() if row.get("channel")}
    known = _entries(email for _kind, _country, email in wanted)
    missing = {key: name for key, name in wanted.items() if key not in known or known[key].channel != name}
    return [_to_set(key[2], name) for key, name in missing.items()]


def _to_set(email: str, channel: str) -> str:
    found = registry.channels().get(channel)
    if found is not None:
        return str(found.by_hand(email))
    text = _("Notices to %(name)s went by “%(channel)s”, which is not installed here; they go by mail.")
    return text % {"name": email, "channel": channel[:20]}


def _contacts_by_hand(hotline_id: int, values: Plain) -> list[str]:
    waiting = entries_waiting(values, hotline_id)
    lines = [str(ENTRIES_WAIT) % {"entries": ", ".join(waiting)}] if waiting else []
    return lines + _channels_to_set(hotline_id, values)


def _texts_by_hand(hotline_id: int, values: Plain) -> list[str]:
    waiting = {row.about.rstrip("/") for row in portal_changes_waiting(hotline_id) if row.what == POLICE_TEXT}
    return [str(TEXT_WAITS) % {"name": name} for name in values if name in waiting]


def _of_contact(name: str) -> tuple[str, str, str]:
    kind, country, email = (*name.split("/", 2), "", "")[:3]
    if kind not in CONTACT_KINDS or not _is_country(country) or not email:
        why = _("a contact is named kind/COUNTRY/address, and the kinds are %(kinds)s")
        raise BadInput(what=name[:60], why=why % {"kinds": ", ".join(CONTACT_KINDS)})
    return kind, country, email.strip().lower()


def _entries(addresses: Iterable[str]) -> dict[tuple[str, str, str], Contact]:
    every = list(dict.fromkeys(addresses))
    found: dict[tuple[str, str, str], Contact] = {}
    for start in range(0, len(every), AT_ONCE):
        for row in Contact.objects.filter(email__in=every[start : start + AT_ONCE]):
            found[row.kind, row.country, row.email] = row
    return found


offer(
    Section(
        "texts",
        TEXT,
        _texts,
        _take_texts,
        is_table=True,
        title=gettext_lazy("Notice texts"),
        by_hand=_texts_by_hand,
    )
)
offer(
    Section(
        "contacts",
        CONTACT,
        _contacts,
        _take_contacts,
        is_table=True,
        title=gettext_lazy("Contacts"),
        by_hand=_contacts_by_hand,
    )
)
