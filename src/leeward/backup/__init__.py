"""Backups that restore: made while the installation runs, sealed to a key that it doesn't have, proved before they are needed."""
