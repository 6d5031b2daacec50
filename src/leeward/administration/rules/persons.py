"""What happens to each kind of data about a person when they are erased: what goes, what stays and why. Pure."""

KINDS = ("reporter", "appeal", "staff", "contact", "trainee", "clerk")
BY_RECEIPT = ("reporter", "appeal")  # found by 16 digits and by nothing else
ACTS = ("export", "erase")
# By kind: what goes, and what stays, in the order of the page; the sentences are in labels.py.
GOES: dict[str, tuple[str, ...]] = {
    "reporter": ("words", "reporter_contact", "receipt"),
    "appeal": ("words", "reporter_contact", "receipt"),
    "staff": ("account", "invitations", "copies"),
    "contact": ("entry",),
    "trainee": ("training",),
    "clerk": ("clerk",),
}
STAYS: dict[str, tuple[str, ...]] = {
    "reporter": ("addresses", "told", "log", "backups"),
    "appeal": ("addresses", "told", "log", "backups"),
    "staff": ("acts", "log", "backups"),
    "contact": ("letters", "log", "backups"),
    "trainee": ("results", "certificates", "log", "backups"),
    "clerk": ("filed", "log", "backups"),
}
# What must be done first, by kind.
FIRST: dict[str, str] = {"staff": "close_account", "contact": "retire_contact", "clerk": "end_clerk"}
