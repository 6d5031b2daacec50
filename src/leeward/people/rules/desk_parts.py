"""The parts of the desk that a hotline may not use: they can be left out of its navigation. What somebody in danger needs, the
cases, the reports and the people on call, is not among them."""

BLOCKING = "blocking"
BANK = "bank"
QUALITY = "quality"
LAW = "law"
LANGUAGES = "languages"
KEYS = "keys"
PARTS = (BLOCKING, BANK, QUALITY, LAW, LANGUAGES, KEYS)
