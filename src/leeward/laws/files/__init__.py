"""The files of the register: reading and writing them, the packaged files, treaties."""
