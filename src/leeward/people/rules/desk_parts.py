"""The parts of the desk that a hotline may leave out of its navigation. Whatever concerns somebody in danger (cases,
reports, the people on call) can't be left out."""

BLOCKING = "blocking"
BANK = "bank"
QUALITY = "quality"
LAW = "law"
EXCHANGE = "exchange"
LANGUAGES = "languages"
KEYS = "keys"
PARTS = (BLOCKING, BANK, QUALITY, EXCHANGE, LAW, LANGUAGES, KEYS)
