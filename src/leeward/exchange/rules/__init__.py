"""What two hotlines may say to each other about an item, and what follows from it. Pure."""
