"""How tests that type commands set an installation up."""

SET_UP = (
    "setup",
    "--open",
    "--country=JM",
    "--name=Hotline",
    "--languages=en",
    "--mode=assess",
    "--admin-email=a@hotline.example",
    "--admin-name=Ada",
)
