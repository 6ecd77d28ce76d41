"""What a database consists of, object by object, as text that can be compared."""

import re

from psycopg import Connection

_QUERIES = {
    "extension": "SELECT extname, '' FROM pg_extension",
    "column": """
        SELECT table_name || '.' || column_name,
               concat_ws(' ', udt_name, character_maximum_length, numeric_precision, numeric_scale, is_nullable,
                         coalesce(column_default, ''), collation_name, is_identity, generation_expression)
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraint": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) || ' ' || convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": """
        SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) || ' ' || tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    # Those of the extensions come with them.
    "function": """
        SELECT oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    """,
    "sequence": "SELECT sequencename, concat_ws(' ', data_type, start_value, increment_by, cycle) FROM pg_sequences",
    "storage": "SELECT relname, reloptions::text FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r'",
    "permission": """
        SELECT app_label || '.' || codename, '' FROM auth_permission
        JOIN django_content_type type ON type.id = content_type_id
    """,
    "group": """
        SELECT "group".name || ': ' || app_label || '.' || codename, ''
        FROM auth_group "group" JOIN auth_group_permissions ON group_id = "group".id
        JOIN auth_permission permission ON permission.id = permission_id
        JOIN django_content_type type ON type.id = content_type_id
    """,
    "migration": "SELECT app || '.' || name, '' FROM django_migrations",
}


# A check that was dumped and restored says the same with other casts and brackets.
_CASTS = re.compile(r"::(?:character varying|text)(?:\[\])?|[()]")


def schema_of(session: Connection) -> dict[str, str]:
    """`kind name` → its definition, of every object of the database."""
    return {
        f"{kind} {name}": _CASTS.sub("", definition)
        for kind, query in _QUERIES.items()
        for name, definition in session.execute(query).fetchall()
    }


def differences(fresh: dict[str, str], upgraded: dict[str, str]) -> list[str]:
    """What an upgraded database lacks, has too much or has otherwise than a fresh one; a line each."""
    return [
        *(f"missing: {name}" for name in sorted(fresh.keys() - upgraded.keys())),
        *(f"too much: {name}" for name in sorted(upgraded.keys() - fresh.keys())),
        *(
            f"otherwise: {name}: {upgraded[name]!r} instead of {fresh[name]!r}"
            for name in sorted(fresh.keys() & upgraded.keys())
            if fresh[name] != upgraded[name]
        ),
    ]
