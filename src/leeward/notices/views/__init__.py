"""The pages behind the links that we send, and the desk's pages about notices."""
