"""Real servers on loopback that backups are sent to, and what can go wrong between: sshd, moto's S3, a line that is cut."""
