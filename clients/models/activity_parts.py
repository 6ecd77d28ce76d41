"""What of an activity is personal and may be emptied, and the digests by which the chain of seals holds the rest.

SQL on the columns of `clients_activity`. Seals hang on every expression here: none of them changes, nor does the place
of a verb. A verb that is in no list counts as personal, so that a new one needs no thought.
"""

# What these say beside their note is in our words, with figures, numbers and ids: it stays when a client is deleted.
_PLAIN = {
    "billable_items": "imported",
    "client": "closed reopened merged merged_away merge_undone told_apart exported deleted fields_changed "
    "reminders_paused reminders_resumed",
    "clients": "imported",
    "contact": "added changed removed",
    "credit": "added applied released expired removed balance_adjusted edited transferred entry_reversed reversed "
    "rest_taken_back",
    "credit_batch": "booked reversed",
    "credit_note": "issued",
    "document": "added deleted",
    "invoice": "drafted issued cancelled written_off write_off_reversed",
    "invoices": "generated",
    "note": "added changed pinned unpinned",
    "payment": "recorded attached refunded reversed shortfall_billed",
    "payments": "imported",
    "reminder": "held",
}
PLAIN_VERBS = tuple(f"{subject}.{done}" for subject, deeds in sorted(_PLAIN.items()) for done in deeds.split())

_LISTED = "ARRAY[" + ", ".join(f"'{verb}'" for verb in PLAIN_VERBS) + "]"


def _is_plain(row: str) -> str:
    return f"{row}verb = ANY ({_LISTED})"


def _has_plain_summary(row: str) -> str:
    """What an edit says of a profile is which fields; the values stand in its data."""
    return f"({_is_plain(row)} OR {row}verb = 'client.edited')"


def is_personal(row: str = "") -> str:
    """SQL condition: something of the row may have to be emptied one day. `row`: a prefix of its columns, `NEW.`."""
    return f"({row}note <> '' OR NOT {_is_plain(row)})"


def personal(salt: str, row: str = "") -> str:
    """SQL expression of the digest of what is personal, with a salt without which nobody finds out what it was."""
    return (
        f"sha256({salt} || convert_to(ROW({row}note, CASE WHEN NOT {_has_plain_summary(row)} THEN {row}summary END, "
        f"CASE WHEN NOT {_is_plain(row)} THEN {row}data END)::text, 'UTF8'))"
    )


# A new salt: 122 bits of chance.
SALT = "uuid_send(gen_random_uuid())"

# The digest of a row that its seal holds. Whose it is now, `client_id`, is not in it: a merge changes that. Whose it
# was when it was written, `written_for` out of WrittenRows, is.
HASH = (
    f"sha256(convert_to(ROW(id, actor_id, actor_name, verb, CASE WHEN {_has_plain_summary('')} THEN summary END, "
    f"encode(timestamptz_send(at), 'hex'), CASE WHEN {_is_plain('')} THEN data END, source, "
    "encode(personal, 'hex'), written_for)::text, 'UTF8'))"
)

# For an UPDATE that empties what is personal and throws the salt away; and what is so afterwards.
EMPTY = f"""
    note = '', summary = CASE WHEN {_has_plain_summary("")} THEN summary ELSE '' END,
    data = CASE WHEN {_is_plain("")} THEN data ELSE '{{}}' END, salt = NULL
"""
IS_EMPTY = (
    f"(note = '' AND (summary = '' OR {_has_plain_summary('')}) AND (data = '{{}}' OR {_is_plain('')}) "
    "AND salt IS NULL)"
)
