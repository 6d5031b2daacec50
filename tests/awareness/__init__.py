"""Learning material: the catalogue, the public page, cards."""
