"""The law: what each country has, how it applies to a set of facts, what is missing, and the bill that closes the gap."""

from leeward.laws.files.packaged import packaged_acts
from leeward.laws.rules.acts import give_vocabulary

give_vocabulary(packaged_acts())
