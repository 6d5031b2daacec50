"""What the whole installation is set to: the machine's environment before what administrators chose on the desk before the defaults."""
