"""Which changes redirect reports or a portal's visitors: those take two people. Pure."""

from collections.abc import Mapping

# Whether visitors can find a portal and report there.
FORM = ("is_open", "takes_reports")
# Whom the portal tells and when, and where it sends its visitors.
LEADS = (
    "country",
    "mode",
    "police_name",
    "police_email",
    "police_for_hosts",
    "police_on_danger",
    "police_on_urgent",
    "own_picture",
    "own_removal",
    "emergency_number",
    "reached_at",
    "exit_url",
    "languages",
)
# When the day of the portal's staff begins and ends, and with it what they may look at in a day.
DAY = ("time_zone",)
GUARDED = FORM + LEADS + DAY
# Of a hotline: the address to which recipients reply.
OF_HOTLINE = ("email",)
# The subjects of a change: the portal's own fields, where its pages go, the hotline's fields, how its police are
# written to.
PORTAL, ON_CALL_MAIL, PAGE_WEBHOOK = "portal", "on_call_mail", "page_webhook"
HOTLINE, POLICE_CONTACT, POLICE_TEXT = "hotline", "police_contact", "police_text"
# Of the installation: the server that sends every letter of every hotline, and the other settings that decide what
# arrives here, what is seen of a place, and how long a host waits for the police. Such a change is about a group of them.
MAIL_SERVER, SETTINGS = "mail_server", "installation"
# Another hotline that reports are exchanged with.
PEER = "peer"
# A helpline that a portal names; what a portal says that its police do.
HELPLINE = "helpline"
POLICE_WORDS = "police_words"
# A recording of a public page, which visitors can play.
RECORDING = "recording"
# An organisation to which cases are reported by a program.
RECEIVER = "receiver"
# With which portal being on call is shared, and the number of the police that those on call are told.
PARTNER, POLICE_NUMBER = "partner", "police_number"
KINDS = (
    PORTAL,
    ON_CALL_MAIL,
    PAGE_WEBHOOK,
    HOTLINE,
    POLICE_CONTACT,
    POLICE_TEXT,
    MAIL_SERVER,
    SETTINGS,
    PEER,
    HELPLINE,
    POLICE_WORDS,
    RECORDING,
    RECEIVER,
    PARTNER,
    POLICE_NUMBER,
)

# What a letter is about where a change is about one thing only; those of a portal's own fields depend on the fields.
TOPICS = {
    ON_CALL_MAIL: "paging",
    PAGE_WEBHOOK: "paging",
    HOTLINE: "police_letter",
    POLICE_CONTACT: "police_letter",
    POLICE_TEXT: "police_letter",
    HELPLINE: "reach",
    PARTNER: "calling",
    POLICE_NUMBER: "calling",
    **{one: one for one in (MAIL_SERVER, SETTINGS, PEER, POLICE_WORDS, RECORDING, RECEIVER)},
}


def waiting_fields(before: Mapping[str, object], wanted: Mapping[str, object]) -> frozenset[str]:
    """Return the guarded fields that would change. One person alone can't change them for a portal in use, nor fill in
    an empty one, since a default may apply (the directory's police do). Languages may be added at the end: visitors
    lose nothing by it."""
    changed = {name for name in GUARDED if name in wanted and before[name] != wanted[name]}
    if "languages" in changed and _only_adds(before["languages"], wanted["languages"]):
        changed.remove("languages")
    return frozenset(changed)


def _only_adds(before: object, wanted: object) -> bool:
    return isinstance(before, list) and isinstance(wanted, list) and wanted[: len(before)] == before


def matters(what: str, before: Mapping[str, object], wanted: Mapping[str, object]) -> list[str]:
    """Return the topics about which people are notified, each in its own letter: a form is closed or opened, the day of its
    staff begins at another time, a portal leads elsewhere ("reach"), or the topic of everything else that takes two."""
    if what in TOPICS:
        return [TOPICS[what]]
    changed = {name for name in wanted if before.get(name) != wanted[name]}
    shut = [name for name in FORM if name in changed and not wanted[name]]
    opened = [name for name in FORM if name in changed and wanted[name]]
    found = [about for about, names in (("form_shut", shut), ("form_open", opened)) if names]
    found += ["day"] if changed.intersection(DAY) else []
    leads_elsewhere = any(name in changed and name in before for name in LEADS)
    return [*found, "reach"] if leads_elsewhere or not found else found
