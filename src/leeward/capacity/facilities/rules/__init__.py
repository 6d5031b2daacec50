"""How long devices wait, which licences end, which contacts somebody has checked. Pure."""
