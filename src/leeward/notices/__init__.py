"""Telling people outside: police referrals, notices to hosts, the ladder, the outbox, the mailbox."""
