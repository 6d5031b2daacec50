"""Run in a child process (`foundation/sandbox`): an FIU's schema, which comes from outside. No Django."""
