"""What templates stand on: how they are loaded, what each may use, Django's sentences in our catalogues."""
