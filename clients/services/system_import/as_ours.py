"""A staged client as it would stand here: one piece of SQL, by which it is judged, compared and brought.

Nothing is cut or lost: what its profile here cannot have stands in `kept`, a line each, which becomes a note.
"""

# As forms take an address of e-mail; letters of other alphabets may stand in its domain.
EMAIL = (
    r"^[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*"
    r"@([[:alnum:]]([[:alnum:]-]{0,61}[[:alnum:]])?\.)+[[:alnum:]-]{2,63}$"
)

# What is taken as it stands: column → (its longest text, what it is called in notes and differences).
PLAIN = {
    "first_name": (100, "First name"),
    "last_name": (100, "Last name"),
    "company_name": (200, "Company name"),
    "phone": (40, "Phone"),
    "tax_id": (40, "Tax ID"),
    "address_1": (200, "Address"),
    "address_2": (200, "Address, second line"),
    "city": (100, "City"),
    "region": (100, "State or region"),
    "postcode": (20, "Postcode"),
}

_TAKEN = {name: f"left(staged.{name}, {longest})" for name, (longest, _) in PLAIN.items()}
_TAKEN["company_name"] = "CASE WHEN meant.has_no_name THEN 'Client ' || staged.source_id ELSE {} END".format(
    _TAKEN["company_name"]
)
# Column of `Client` → what it gets.
VALUES = _TAKEN | {
    "email": "CASE WHEN meant.email_fits THEN staged.email ELSE '' END",
    "country": "coalesce(meant.country, '')",
    "language": "coalesce(meant.language, '')",
    "status": "coalesce(meant.status, 'inactive')",
    "tax_exempt": "staged.tax_exempt",
    "custom": "typed.custom",
}
LABELS = {name: label for name, (_, label) in PLAIN.items()} | {
    "email": "E-mail address", "country": "Country", "language": "Language", "status": "Status",
    "tax_exempt": "Tax exempt", "custom": "Fields of the profile",
}  # fmt: skip

_LONGER = ", ".join(
    f"CASE WHEN length(staged.{name}) > {longest} AND strpos(staged.texts, staged.{name}) = 0 "
    f"THEN '{label}: ' || staged.{name} END"
    for name, (longest, label) in PLAIN.items()
)
_KEPT = f"""concat_ws(E'\\n', nullif(staged.texts, ''), {_LONGER},
    CASE WHEN NOT meant.email_fits THEN 'E-mail address: ' || staged.email END,
    CASE WHEN meant.country IS NULL AND staged.country <> '' THEN 'Country: ' || staged.country END,
    CASE WHEN meant.language IS NULL AND staged.language <> '' THEN 'Language: ' || staged.language END,
    CASE WHEN meant.status IS NULL THEN 'Status: ' || staged.status END,
    CASE WHEN staged.no_reminders THEN 'Reminders of payment: off' END,
    typed.refused)"""
_TOLD = """concat_ws(' ',
    CASE WHEN meant.has_no_name THEN 'It has no name there and is called Client ' || staged.source_id || ' here.' END,
    CASE WHEN NOT meant.email_fits THEN 'Its e-mail address is none and stands in a note.' END,
    CASE WHEN meant.country IS NULL AND staged.country <> '' THEN 'Its country is none and stands in a note.' END,
    CASE WHEN meant.language IS NULL AND staged.language <> '' THEN 'Its language is none and stands in a note.' END,
    CASE WHEN meant.status IS NULL THEN 'Its status is none of ours: it comes as inactive.' END,
    CASE WHEN meant.group_name IS NULL AND staged."group" NOT IN ('', '0') THEN 'Its group is not there.' END,
    CASE WHEN staged.no_reminders THEN 'It got no reminders there; a note says so.' END,
    CASE WHEN typed.refused IS NOT NULL THEN 'Fields of its profile that do not fit stand in a note.' END)"""

# By this a later import sees that the client was changed there.
_PARTS = (
    *PLAIN, "email", "country", "currency", "status", '"group"', "language", "tax_exempt::text", "no_reminders::text",
    "notes", "texts", "custom::text",
)  # fmt: skip
DIGEST = (
    "hashtextextended(concat_ws(E'\\x1f', "
    + ", ".join(f"staged.{part}" for part in _PARTS)
    + ", coalesce(staged.created_on::text, '')), 0)"
)

_TYPED = """
    SELECT coalesce(jsonb_object_agg(id, fits) FILTER (WHERE fits IS NOT NULL), '{}') AS custom,
           string_agg(name || ': ' || said, E'\\n' ORDER BY name) FILTER (WHERE fits IS NULL) AS refused
    FROM (
        SELECT field.id, coalesce(field.name, 'Field ' || given.key) AS name, given.said, CASE field.kind
            WHEN 'text' THEN CASE WHEN said !~ '[[:cntrl:]]' AND length(said) <= 200 THEN said END
            WHEN 'number' THEN CASE WHEN said ~ '^[0-9]{1,15}([.][0-9]{1,6})?$' THEN trim_scale(said::numeric)::text END
            WHEN 'date' THEN
                CASE WHEN said ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND pg_input_is_valid(said, 'date') THEN said END
            WHEN 'choice' THEN (
                SELECT choice FROM jsonb_array_elements_text(field.choices) choice WHERE upper(choice) = upper(said)
                LIMIT 1)
            WHEN 'yes_no' THEN CASE WHEN lower(said) IN ('on', 'yes', '1', 'true') THEN 'yes'
                                    WHEN lower(said) IN ('off', 'no', '0', 'false') THEN 'no' END
        END AS fits
        FROM jsonb_each_text(staged.custom) given (key, said)
        LEFT JOIN jsonb_to_recordset(%(fields)s::jsonb)
            AS field (key text, id text, name text, kind text, choices jsonb) ON field.key = given.key
        WHERE btrim(said) <> ''
    ) each
"""

# The clients of the staged ids from `first` to `last` that are not done. `reference_id` and `here_id`: as whom it came
# before. `wanted`: the number that it has there, where it can have it here too.
AS_OURS = f"""
    SELECT staged.id, staged.source_id, staged.notes, staged.balance, staged.created_on, staged.currency AS currency_id,
           meant.currency, meant.group_name, {", ".join(f"{value} AS {name}" for name, value in VALUES.items())},
           {_KEPT} AS kept, {_TOLD} AS told, {DIGEST} AS digest,
           reference.id AS reference_id, reference.client_id AS here_id, reference.digest AS digest_here,
           CASE WHEN meant.number IS NOT NULL
                 AND NOT EXISTS (SELECT FROM clients_client WHERE number = meant.number)
                 AND NOT EXISTS (SELECT FROM clients_clientnumberalias WHERE number = meant.number)
                 AND NOT EXISTS (SELECT FROM clients_clientdeletion WHERE number = meant.number)
                THEN meant.number END AS wanted
    FROM billing_admin_stagedclient staged
    CROSS JOIN LATERAL (
        SELECT %(currencies)s::jsonb ->> staged.currency AS currency,
               %(countries)s::jsonb ->> staged.country AS country,
               %(languages)s::jsonb ->> staged.language AS language,
               %(statuses)s::jsonb ->> staged.status AS status, %(groups)s::jsonb ->> staged."group" AS group_name,
               btrim(staged.first_name || staged.last_name || staged.company_name) = '' AS has_no_name,
               staged.email = '' OR staged.email ~ %(email)s AND length(staged.email) <= 254 AS email_fits,
               CASE WHEN staged.source_id ~ '^[1-9][0-9]{{0,9}}$' THEN staged.source_id::bigint END AS number
    ) meant
    CROSS JOIN LATERAL ({_TYPED}) typed
    LEFT JOIN clients_externalreference reference
      ON reference.source = %(source)s AND reference.kind = 'client' AND reference.part = 0
     AND reference.external_id = staged.source_id COLLATE "default"
    WHERE staged.of_id = %(run)s AND staged.id BETWEEN %(first)s AND %(last)s AND NOT staged.is_done
"""
