"""Further people at a client: added, edited, removed."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.errors import BusinessError
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, Client, Contact, ContactRole, FormKey
from clients.models.client_queryset import ClientGone

CONTACT_FIELDS = ("first_name", "last_name", "email", "phone", "roles")


@db_transaction.atomic
def add_contact(*, client: Client, by: Actor, key: FormKey | None = None, **details: Any) -> Contact:
    """Keep one more person at the client; `details` are CONTACT_FIELDS. An e-mail address stands once per client.

    Raises BusinessError, or django's ValidationError where a detail is not valid.
    """
    client = Client.objects.lock_one(client.pk)
    form = FormKey.objects.begin(key, "contact.add", Contact, client=client, by=by, **details)
    if form.repeated:
        return form.outcome(Contact)[0]
    contact = Contact(client=client, **details)
    _check(contact)
    contact.save(force_insert=True)
    _record(contact, by, "added", "Contact added")
    form.finish("the contact was added", contact)
    return contact


@db_transaction.atomic
def edit_contact(*, contact: Contact, by: Actor, seen: Seen | None = None, **details: Any) -> Contact:
    """Give a contact other details; `seen` is what staff had before them.

    Raises BusinessError (ChangedMeanwhile among them), or django's ValidationError where a detail is not valid.
    """
    contact = _locked(contact)
    details["roles"] = ordered_roles(details.get("roles", contact.roles))
    changes = changes_to_store(stored=details_of(contact), typed=details, seen=seen)
    if not changes:
        raise BusinessError("Nothing was changed on this contact.")
    for name, value in changes.items():
        setattr(contact, name, value)
    _check(contact)
    contact.save(update_fields=list(changes))
    labels = ", ".join(str(field.verbose_name) for field in Contact._meta.fields if field.name in changes)
    _record(contact, by, "changed", f"Contact changed: {labels}")
    return contact


@db_transaction.atomic
def remove_contact(*, contact: Contact, by: Actor) -> Contact:
    """Forget a person at the client, with the addresses; the activity keeps the name."""
    contact = _locked(contact)
    _record(contact, by, "removed", "Contact removed")
    Contact.objects.filter(pk=contact.pk).delete()
    return contact


def details_of(contact: Contact) -> dict[str, Any]:
    """A contact's details as they are stored."""
    return {name: getattr(contact, name) for name in CONTACT_FIELDS}


def ordered_roles(roles: Iterable[str]) -> list[str]:
    """Each role once, always in the same order."""
    return [role.value for role in ContactRole if role in set(roles)]


def _locked(contact: Contact) -> Contact:
    """The contact as it is now, behind its client's lock."""
    client = Client.objects.lock_one(contact.client_id)
    fresh = Contact.objects.filter(pk=contact.pk).first()
    if fresh is None:
        raise BusinessError(f"The contact {contact} was removed meanwhile; nothing was done.")
    if fresh.client_id != client.pk:
        raise ClientGone
    fresh.client = client
    return fresh


def _check(contact: Contact) -> None:
    contact.roles = ordered_roles(contact.roles)
    same = Contact.objects.filter(client=contact.client, email__iexact=contact.email).exclude(pk=contact.pk)
    if other := same.first():
        raise BusinessError(f"{other} has this e-mail address already; each stands once per client.", field="email")
    contact.full_clean(validate_constraints=False)


def _record(contact: Contact, by: Actor, verb: str, summary: str) -> None:
    """The person's name stands in the note; no address or phone, which would stay after the contact is removed."""
    note, data = contact.name, {"contact": contact.pk}
    Activity.objects.record(by=by, client=contact.client, verb=f"contact.{verb}", summary=summary, note=note, data=data)
