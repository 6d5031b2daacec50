"""The signer: the only process that reads the key of the log's checkpoints. It keeps the largest size and root that it has
signed outside the database, and never signs a smaller tree or another one.

It is used by `audit.signing`, runs without Django, and knows nothing of rows.
"""
