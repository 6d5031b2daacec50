"""What the police ask of the hash bank: the client, the API, the page."""
