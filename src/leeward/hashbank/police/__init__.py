"""How police query the hash bank: the client, the API and the officer's page."""
