"""Why a settings file is taken out: the log keeps the word, never a sentence. Pure."""

WHYS = ("copy", "move", "another", "check")
