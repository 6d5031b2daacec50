"""Real servers on loopback for addresses: SSH's file transfer by paramiko, and a small one that speaks Azure's blob protocol."""
