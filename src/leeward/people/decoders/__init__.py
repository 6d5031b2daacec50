"""What reads files that staff upload, in a child process (`foundation/sandbox`). No Django here."""
