"""Who may be a counsellor, and how notes are kept. Pure."""
