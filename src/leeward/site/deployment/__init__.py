"""`leeward doctor --deploy`: does this installation keep what THREAT_MODEL.md promises? Start in `report.py`."""
