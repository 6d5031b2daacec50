"""What typed text names: services, accounts, groups, numbers. Start in `line.py`; `known_services.py` and `words.py` are the data."""
