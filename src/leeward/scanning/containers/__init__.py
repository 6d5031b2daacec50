"""Things inside things: archives, mailboxes, messages. Every reader is lazy, bounded and works on streams in memory."""
