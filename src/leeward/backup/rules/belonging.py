"""Which tables a hotline takes along when it moves to an installation of its own, and by which path their rows name it."""

HOTLINE = "hotline"
# The tables without a foreign key of that name. A table that is neither here nor left out stops a test.
PATHS = {
    "account.EmailAddress": "user__hotline",
    "audit.AuditCheckpoint": "chain",
    "audit.AuditCosignature": "checkpoint__chain",
    "audit.AuditHead": "chain",
    "audit.AuditRow": "chain",
    "audit.AuditTile": "chain",
    "audit.AuditTip": "chain",
    "casework.SampledAssessment_readers": "sampledassessment__hotline",
    "jobs.Job": "hotline_id",
    "mfa.Authenticator": "user__hotline",
    "people.Helpline": "portal__hotline",
    "people.Hotline": "pk",
    "people.Recording": "portal__hotline",
    "publishing.Subscriber_lists": "subscriber__hotline",
}
_OF_INSTALLATION = "the installation's own; the new one has its own"
_OF_MOMENT = "of the moment; made anew"
_SHARED = "shared by all hotlines; carried over as files of law and of languages"
_UNUSED = "Leeward uses no row of it"
LEFT_OUT = {
    "account.EmailConfirmation": _UNUSED,
    "audit.KeyPrint": _OF_INSTALLATION,
    "auth.Group": _UNUSED,
    "auth.Group_permissions": _UNUSED,
    "auth.Permission": _UNUSED,
    "backup.LostTime": _OF_INSTALLATION,
    "backup.Restoration": _OF_INSTALLATION,
    "contenttypes.ContentType": _OF_INSTALLATION,
    "installation.Change": _OF_INSTALLATION,
    "installation.Chosen": _OF_INSTALLATION,
    "installation.Trial": _OF_INSTALLATION,
    "jobs.ClockJump": _OF_MOMENT,
    "jobs.WorkerBeat": _OF_MOMENT,
    "languages.LanguageReview": _SHARED,
    "languages.ReviewedText": _SHARED,
    "languages.TextProposal": _SHARED,
    "laws.LawFile": _SHARED,
    "laws.LawRegister": _SHARED,
    "laws.LawRevision": _SHARED,
    "notices.SentSince": _OF_INSTALLATION,
    "notices.SentSource": _OF_INSTALLATION,
    "publishing.StopCount": "counts the stop page of the installation, not of a hotline",
    "sealing.DataKey": "texts are opened as they leave, and get keys of the new installation there",
    "sealing.OlderWords": _OF_MOMENT,
    "sealing.WordsKey": _OF_INSTALLATION,
    "sealing.WordsStore": _OF_INSTALLATION,
    "sessions.Session": "everybody signs in again",
    "site.Outside": _OF_MOMENT,
    "site.SentAlarm": _OF_MOMENT,
    "spool.Arrival": "waits for the desk for a moment; what waits still is taken in before a hotline leaves",
    "spool.Card": "written anew by the new installation, from its reports",
    "spool.Emptied": _OF_MOMENT,
    "spool.Mark": _OF_MOMENT,
    "spool.Taken": _OF_MOMENT,
    "web_security.Bucket": _OF_MOMENT,
    "web_security.UsedKey": _OF_MOMENT,
    "witnessing.Contradiction": _OF_INSTALLATION,
    "witnessing.WatchedLog": _OF_INSTALLATION,
    "witnessing.Witness": _OF_INSTALLATION,
}
# Rows that get a number of the new installation, which has rows of its own there; nothing but a cosignature refers to them.
RENUMBERED = frozenset(
    {
        "audit.AuditCheckpoint",
        "audit.AuditCosignature",
        "audit.AuditHead",
        "audit.AuditRow",
        "audit.AuditTile",
        "jobs.Job",
    }
)
# Tables whose rows last for seconds: where an installation goes on, what they waited for was carried out or undone since.
PASSED = frozenset({"casework.PendingAction"})
# The files in the data directory that rows name: the rows, their field, the files.
FILES = (
    ("publishing.Publication", "sha256", ("lists/states/{}.gz", "lists/snapshots/{}.snapshot")),
    ("publishing.Hold", "then_sha256", ("lists/states/{}.gz",)),
)
_DIGITS, _HEX = 64, frozenset("0123456789abcdef")


def path_of(label: str, keys: frozenset[str]) -> str | None:
    """Return the path by which a table's rows name their hotline, given the names of its foreign keys; None for a table that is left
    out. Raises LookupError for one of which nobody has decided."""
    if label in LEFT_OUT:
        return None
    if label in PATHS:
        return PATHS[label]
    if HOTLINE in keys:
        return HOTLINE
    raise LookupError(label)


def is_place(path: str) -> bool:
    """Return whether a file of a moved hotline may be written at this path: no other than those of `FILES`."""
    for _label, _field, patterns in FILES:
        for pattern in patterns:
            before, _, after = pattern.partition("{}")
            name = path.removeprefix(before).removesuffix(after)
            if path == f"{before}{name}{after}" and len(name) == _DIGITS and set(name) <= _HEX:
                return True
    return False
