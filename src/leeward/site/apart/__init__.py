"""The public face's own SQLite file, beside the database that only the desk's side opens."""
