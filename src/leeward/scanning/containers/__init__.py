"""Readers of containers: archives, mailboxes, messages. All are lazy, bounded and work on streams in memory."""
