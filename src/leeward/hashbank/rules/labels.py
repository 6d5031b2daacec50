"""The facts stated by the labels of other lists. Nothing is inferred beyond that. Pure."""

from collections.abc import Mapping

_STAGES = {"A": "prepubescent", "B": "pubescent"}
SCHEMES = ("industry", "uk", "sap")


def facts_of_label(scheme: str, label: str) -> Mapping[str, str]:
    """Return the facts that a label states: the industry's A1 to B2, the United Kingdom's A to C, SAP 1 to 5."""
    label = label.strip().upper()
    if scheme == "industry" and len(label) == 2 and label[0] in _STAGES and label[1] in "12":
        return {"pubertal_stage": _STAGES[label[0]], **({"act": "explicit_posing"} if label[1] == "2" else {})}
    if scheme == "uk" and label in ("A", "B", "C"):
        return {"act": f"uk_{label.lower()}"}
    if scheme == "sap" and label in ("1", "2", "3", "4", "5"):
        return {"act": f"sap_{label}"}
    return {}
