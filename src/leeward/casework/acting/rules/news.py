"""Which answers of those who were told are news of a case. Pure."""


def news_of_host(answer: str, text: str) -> str:
    """Return what is new by an answer to a notice, or "" where nobody must look: the content moved, or they disagree or won't act, or did
    what was asked about a name, or wrote something."""
    if answer in ("moved", "disputed", "wrong_contact", "declined"):
        return f"notice_{answer}"
    return "notice_answered" if text or answer in ("provided", "corrected") else ""
