"""What a record of training may say, how tables are read, and what is missing. Pure."""
