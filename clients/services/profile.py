"""Opening a client's account and keeping its profile."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db import transaction as db_transaction

from billing_admin.actor import Actor
from billing_admin.db.locks import lock_key, lock_typed_words
from billing_admin.errors import BusinessError
from billing_admin.money.amounts import money_text
from billing_admin.seen import Seen, changes_to_store
from clients.models import Activity, Client, FormKey
from clients.models.activity import Deed
from clients.models.custom_field import PREFIX
from clients.selectors.custom_fields import custom_fields
from clients.selectors.summary import duplicates_of, without_tag
from credits.services.adjust import BalanceChange, adjust_balance

from .custom_fields import with_values


class EmailInUse(BusinessError):
    """Another client has the e-mail address, or one alike, and staff have not said that both may."""

    def __init__(self, clients: list[Client], email: str) -> None:
        self.clients = clients
        same = any(client.email.lower() == email.lower() for client in clients)
        super().__init__(
            "Another client already has this e-mail address."
            if same
            else "Another client has an e-mail address that differs by what stands after its “+” only.",
            field="email",
        )


@db_transaction.atomic
def open_client(*, by: Actor, key: FormKey | None = None, shares_email: bool = True, **profile: Any) -> Client:
    """Open an account; `profile` are fields of Client. The number is the next one unless the profile has one.

    Two of the same e-mail address are allowed, but where not `shares_email` only if no client has it yet. The same form
    (`key`) sent again gets the client that it made, and `key.repeated`.

    Raises EmailInUse, KeyReused, or django's ValidationError where the profile is not valid.
    """
    form = FormKey.objects.begin(key, "open_client", Client, client=None, by=by, **profile)
    if form.repeated:
        return form.outcome(Client)[0]
    if not shares_email and (email := profile.get("email")):
        lock_key(f"e-mail address {without_tag(email).lower()}")
        if others := list(duplicates_of(email)):
            raise EmailInUse(others, email)
    client = Client(**profile)
    client.full_clean(exclude=[] if "number" in profile else ["number"])
    _insert(client, draws="number" not in profile)
    Activity.objects.record(by=by, client=client, verb="client.opened", summary=f"Client {client.name} added")
    form.client = client
    form.finish(f"client {client.number} was added")
    return client


def _insert(client: Client, *, draws: bool) -> None:
    """Store a new client. A drawn number that an import brings in its file at that moment is given up for the next."""
    while True:
        try:
            with db_transaction.atomic():
                return client.save(force_insert=True)
        except IntegrityError as error:
            if not draws or "clients_client_number_key" not in str(error):
                raise


class ProfileUnchanged(BusinessError):
    """Nothing on the form differs from what is stored."""


@db_transaction.atomic
def edit_client(*, client: Client, by: Actor, seen: Seen | None = None, **profile: Any) -> Client:
    """Store changed profile fields and write down which, with the values before and after.

    Of the fields that an installation defines, the values stand with the client alone: they may name another.

    `seen` is what staff had before them: what they left alone keeps what is stored now.

    Raises ProfileUnchanged, ChangedMeanwhile, or django's ValidationError where the profile is not valid.
    """
    if any(name.startswith(PREFIX) or name == "exemption_reason" for name in profile):
        lock_typed_words()
    client = Client.objects.lock_one(client.pk)
    before = {name: _stored(client, name) for name in profile}
    changes = changes_to_store(stored=before, typed=profile, seen=seen)
    if not changes:
        raise ProfileUnchanged("Nothing was changed on the profile.")
    custom = {name: value for name, value in changes.items() if name.startswith(PREFIX)}
    if custom:
        client.custom = with_values(client.custom, custom)
    fields = [name for name in changes if name not in custom]
    for name in fields:
        setattr(client, name, changes[name])
    fields += client.drop_exemption()
    client.full_clean(exclude=["number"])
    client.save(update_fields=[*fields, *(["custom"] if custom else []), "updated_at"])
    labels = ", ".join(str(field.verbose_name) for field in Client._meta.fields if field.name in fields)
    # What may name another client stands with the client alone.
    told = [name for name in changes if name in fields and name != "exemption_reason"]
    data = {name: [str(before[name] or ""), str(_stored(client, name) or "")] for name in told}
    deeds = [Deed("client.edited", f"Profile changed: {labels}", data=data)] if fields else []
    if custom:  # What they are called was typed: it stands in the note.
        called = ", ".join(field.name for field in custom_fields() if field.field_name in custom)
        deeds.append(Deed("client.fields_changed", "Fields of the profile changed", called))
    Activity.objects.record_all(deeds, by=by, client=client)
    return client


def _stored(client: Client, name: str) -> Any:
    return client.custom.get(name.removeprefix(PREFIX), "") if name.startswith(PREFIX) else getattr(client, name)


@db_transaction.atomic
def save_profile(
    *,
    client: Client,
    by: Actor,
    changes: Mapping[str, Any],
    seen: Seen | None = None,
    balances: Sequence[BalanceChange] = (),
) -> str:
    """Store what the Profile says, its credit balances with it: all of it or nothing. Returns what was saved, in words.

    Raises ProfileUnchanged, ChangedMeanwhile, BalanceMoved, or django's ValidationError where the profile is not valid.
    """
    said = []
    try:
        client = edit_client(client=client, by=by, seen=seen, **changes)
        said.append(f"Profile of {client.name} saved.")
    except ProfileUnchanged:
        if not balances:
            raise
    for change in balances:
        adjust_balance(
            client=client,
            seen=change.seen,
            balance=change.balance,
            by=by,
            reason=change.reason,
            agreed=change.agreed,
        )
        said.append(
            f"Credit balance of {client.name} set from {money_text(change.seen)} to {money_text(change.balance)}."
        )
    return " ".join(said)
