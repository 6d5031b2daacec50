"""Two keys as words that people read to each other over the telephone: the same on both sides, or somebody is between. Pure."""

import hashlib

# One for each byte: no two begin alike, and none is easily taken for another.
WORDS = tuple(
    """
    acorn amber anchor apple apron arrow aspen atlas autumn awning bacon badge baker balcony bamboo banana barrel
    basket beacon beaver bell bench berry bicycle biscuit blanket blossom boat bonnet bottle boulder bracelet branch
    bread bridge bronze brush bucket button cabbage cabin cactus camel candle canoe canvas carpet carrot castle
    cedar cello cement chalk cherry chimney cinema circle clay cliff clock clover cobweb coconut coffee comet
    compass copper coral cotton cradle crane cricket crown crystal curtain cushion dahlia daisy dancer delta desert
    diamond dinner dolphin donkey dragon drum eagle echo elbow elephant engine evening falcon feather fennel ferry
    fiddle finger flag flute forest fossil fountain fox frost galaxy garden garlic gate ginger glacier globe goat
    gravel guitar hammer harbour harvest hazel hedge helmet heron hill honey horizon hotel iron island ivory jacket
    jasmine jewel journal jungle kayak kettle kitchen kite ladder lagoon lantern laurel letter linen lizard lobster
    lotus magnet mango maple marble meadow melon mirror mitten monsoon mountain museum mustard napkin needle nest
    nickel noodle nutmeg oasis ocean olive onion orange orchard otter oven oyster paddle palace panda paper parrot
    pebble pencil pepper piano pigeon pillow planet plum pocket pony potato prairie pudding pumpkin puzzle quarry
    quilt rabbit radish rainbow raven reef ribbon river robin rocket rope saddle saffron salmon sandal saturn scarf
    school seagull shadow shell silver sketch slipper snow sofa spider spoon squirrel stable summer swan table
    teapot temple thunder tiger tomato tractor trumpet tulip tunnel turtle umbrella valley vanilla velvet village
    violin volcano wagon walnut water whale willow window winter yacht yellow zebra
    """.split()
)
# 96 bits through a slow hash: whoever stands between two hotlines would have to find two keys that give the same words.
COUNT = 12
_COST = {"n": 2**14, "r": 8, "p": 1}


def key_words(one: bytes, another: bytes) -> tuple[str, ...]:
    """Return the words for two public keys, whichever is given first."""
    both = b"".join(sorted((one, another)))
    digest = hashlib.scrypt(both, salt=b"leeward exchange key words", dklen=COUNT, **_COST)
    return tuple(WORDS[byte] for byte in digest)
