"""Everything that happened to a case, and the hotline's log."""
