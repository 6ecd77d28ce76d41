"""What is longer than the profile of a client takes: its beginning is the field, the whole of it stands beside."""

from collections.abc import Mapping

from .table import Values

# What a profile takes of each: see clients.models.Client.
LONGEST = {
    "first_name": 100, "last_name": 100, "company_name": 200, "email": 254, "phone": 40, "tax_id": 40,
    "address_1": 200, "address_2": 200, "city": 100, "region": 100, "postcode": 20,
}  # fmt: skip


def keep_long_beside(values: Values, changes: list[str], said: Mapping[str, str]) -> list[str]:
    """Cut each field to what it takes; returns a line for each that was longer. `said` is what a field is called."""
    whole = []
    for name, longest in LONGEST.items():
        if len(value := values.get(name, "")) > longest:
            whole.append(f"{said[name]}: {value}")
            changes.append(f"{said[name]} is longer than {longest} characters, and is kept whole beside")
            # The beginning of an address is the address of somebody else.
            values[name] = "" if name == "email" else value[:longest].rstrip()
    return whole
