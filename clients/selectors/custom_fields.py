"""The fields of a profile that the installation has defined."""

from django.db.models import QuerySet

from clients.models import Client, CustomField


def custom_fields() -> QuerySet[CustomField]:
    """Those that are shown, in the order in which they were defined."""
    return CustomField.objects.filter(is_on=True).order_by("pk")


def custom_values_of(client: Client) -> list[tuple[str, str]]:
    """Name and value, in words, of those that say something about the client; no statement where none does."""
    if not client.custom:
        return []
    return [
        (field.name, field.words(value)) for field in custom_fields() if (value := client.custom.get(str(field.pk), ""))
    ]
