"""What the public pages of the register show."""
