"""Pure rules for notices: the ladder, what an answer means, how mail is read, what a mail server's reply means."""
