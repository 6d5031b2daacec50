"""Bulk scans of files, archives, mailboxes and object stores against known hashes; start with README.md beside this file."""
