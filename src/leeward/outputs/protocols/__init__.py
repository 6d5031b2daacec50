"""The protocols of receivers: one request at a time, each answer read within limits. No database."""
