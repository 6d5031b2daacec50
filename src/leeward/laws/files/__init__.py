"""The files of the register: reading and writing them, those that come with the program, treaties."""
