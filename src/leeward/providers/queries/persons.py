"""People who act for a provider, for whoever asks for their own data."""

from typing import Any

from leeward.providers.models import ProviderPerson


def clerks_with(email: str, most: int) -> list[tuple[int, str, str]]:
    """Return people with this address: number, name, and the provider."""
    found = (
        ProviderPerson.objects.filter(email__iexact=email).order_by("id") if email else ProviderPerson.objects.none()
    )
    return [(row.pk, row.name, row.provider.legal_name) for row in found.select_related("provider")[:most]]


def clerk(number: int) -> ProviderPerson | None:
    """Return one of them, or None."""
    return ProviderPerson.objects.filter(pk=number).first()


def data_of_clerk(number: int) -> dict[str, list[dict[str, Any]]]:
    """Return what is here of one of them."""
    fields = ("name", "email", "role", "provider__legal_name", "added_at", "ended_at")
    return {"provider": list(ProviderPerson.objects.filter(pk=number).values(*fields))}
