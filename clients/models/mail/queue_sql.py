"""The one statement that puts messages into the outbox, for one subject as for many."""

from .kinds import SOURCES

NO_ADDRESS = "There is no e-mail address."
MAIL_OFF = "The client gets no mail."
SENDER_CHANGED = "Whom mail is from was changed while it waited, and no test message had gone out yet."

# Who has no address is in the list too, withheld. The client's own address, unless there is none and a contact has one.
_QUEUE = """
    INSERT INTO clients_mailmessage (
        client_id, kind, subject_id, level, key, contact_id, about, state, why, typed, data, due_at, queued_at,
        queued_by_id, queued_by_name
    )
    SELECT subject.client_id, %(kind)s, subject.id, %(level)s,
           concat_ws(' ', %(kind)s, subject.id, nullif(%(level)s, 0), nullif(%(part)s, '')),
           recipient.contact_id, left(subject.about, 40),
           CASE WHEN withheld.why = '' THEN 'waiting' ELSE 'withheld' END, withheld.why,
           %(typed)s, %(data)s::jsonb, %(at)s, %(at)s, %(by)s, %(by_name)s
    FROM ({source}) subject
    JOIN clients_client client ON client.id = subject.client_id
    CROSS JOIN LATERAL (
        SELECT NULL::bigint AS contact_id, client.email
        WHERE client.email <> '' OR NOT EXISTS (
            SELECT FROM clients_contact WHERE client_id = client.id AND {role} AND email <> '')
        UNION ALL
        SELECT id, email FROM clients_contact
        WHERE client_id = client.id AND {role} AND email <> '' AND upper(email) <> upper(client.email)
    ) recipient
    CROSS JOIN LATERAL (
        SELECT CASE WHEN client.no_mail AND NOT %(by_hand)s THEN %(mail_off)s
                    WHEN recipient.email = '' THEN %(no_address)s ELSE '' END AS why
    ) withheld
    ORDER BY subject.id, recipient.contact_id NULLS FIRST
    ON CONFLICT (key, contact_id) DO UPDATE SET
        state = EXCLUDED.state, why = '', due_at = EXCLUDED.due_at, queued_at = EXCLUDED.queued_at,
        queued_by_id = EXCLUDED.queued_by_id, queued_by_name = EXCLUDED.queued_by_name
        WHERE clients_mailmessage.state = 'withheld' AND EXCLUDED.state = 'waiting'
"""


def queue_sql(kind: str) -> str:
    """SQL that puts a message for each recipient of `%(ids)s` into the outbox; what was withheld is queued again."""
    source = SOURCES[kind]
    role = f"roles @> ARRAY['{source.role}']::varchar[]" if source.role else "false"
    return _QUEUE.format(source=source.sql, role=role)
