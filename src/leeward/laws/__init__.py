"""The law: what each country has, what it makes of a set of facts, what is missing, and the bill that closes it."""

from leeward.laws.files.packaged import packaged_acts
from leeward.laws.rules.acts import give_vocabulary

give_vocabulary(packaged_acts())
