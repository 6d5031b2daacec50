"""A report that may have gone before a restoring: the step in which it waits for a person, and with which it goes on. Pure."""

from leeward.outputs.rules import cybertip_steps, iccam_steps

UNSURE, ARRIVED = "unsure", "arrived"
FIRST = {"cybertipline": cybertip_steps.SUBMIT, "iccam": iccam_steps.REPORT}


def again(service: str, *, is_number_known: bool) -> str:
    """Return the step with which a report is sent again. ICCAM takes our reference once; the CyberTipline says of a number that is
    known whether its report was finished."""
    return cybertip_steps.DOUBT if service == "cybertipline" and is_number_known else FIRST[service]
