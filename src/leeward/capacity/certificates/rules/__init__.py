"""What a certificate says, in the words of Open Badges 3.0. Pure."""
