"""Codes as the choices of a field."""


def choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return codes as the choices of a field; their labels are elsewhere."""
    return [(code, code) for code in codes]
