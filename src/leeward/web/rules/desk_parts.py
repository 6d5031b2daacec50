"""The parts of the desk that a hotline may not use. What somebody in danger needs is not among them."""

BLOCKING = "blocking"
BANK = "bank"
QUALITY = "quality"
LAW = "law"
LANGUAGES = "languages"
KEYS = "keys"

PARTS = (BLOCKING, BANK, QUALITY, LAW, LANGUAGES, KEYS)
