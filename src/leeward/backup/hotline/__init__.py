"""One hotline of an installation: its file, its rows, taken out, brought in, put back."""
