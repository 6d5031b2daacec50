"""Quality's pages on the desk, and the public page of the procedure."""
