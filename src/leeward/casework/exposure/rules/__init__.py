"""What is decided here, without Django, files, network or clock."""
