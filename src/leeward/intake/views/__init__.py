"""The pages of intake: the public ones without script, cookie or session, and the desk's."""
