"""Reasons for exporting a settings file: the log stores the code, never a sentence. Pure."""

WHYS = ("copy", "move", "another", "check")
