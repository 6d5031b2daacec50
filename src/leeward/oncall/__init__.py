"""Who is on call, and who is paged about what can't wait."""
