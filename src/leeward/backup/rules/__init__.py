"""Pure rules of backups: where files are cut, what a manifest says, what is kept."""
