"""The two roles of a database: one owns and migrates it, the other serves and cannot get past the triggers.

The serving role is no superuser and owns nothing, so that it can neither switch triggers off nor change a table, and it
can make no function. `manage.py make_database_roles` makes both for a database; the embedded server does at its start.
Nothing here imports Django, because the embedded server is started before it.
"""

from collections.abc import Iterator

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

_MAINTAIN_SINCE = 170_000

# What belongs to somebody else, and as which kind it is to be given to the owner. Not what came with an extension, nor
# a sequence that goes with its column or a type with its table.
_OTHERS_OBJECTS = """
    SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass::text, relowner
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
                      AND deptype IN ('a', 'i', 'e'))
    UNION ALL
    SELECT 'ROUTINE', oid::regprocedure::text, proowner FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
    UNION ALL
    SELECT 'TYPE', oid::regtype::text, typowner FROM pg_type
    WHERE typnamespace = 'public'::regnamespace
      AND (typtype IN ('e', 'd') OR EXISTS (SELECT FROM pg_class WHERE oid = typrelid AND relkind = 'c'))
      AND NOT EXISTS (
          SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid AND deptype = 'e')
    UNION ALL SELECT 'SCHEMA', 'public', nspowner FROM pg_namespace WHERE nspname = 'public'
    UNION ALL SELECT 'DATABASE', quote_ident(datname), datdba FROM pg_database WHERE datname = current_database()
"""

_SERVING_MAY = {
    "TABLES": "SELECT, INSERT, UPDATE, DELETE",
    "SEQUENCES": "USAGE, SELECT, UPDATE",
    "ROUTINES": "EXECUTE",
}


def make_roles(
    session: psycopg.Connection, *, owner: str, serving: str, passwords: dict[str, str] | None = None
) -> list[str]:
    """Make both roles where they are missing, and give each of them what it needs in this database and no more.

    All or nothing, and harmless to repeat. `passwords` leave this process only as what the server keeps of them. The
    session is an administrator's. Returns what was done, in sentences.
    """
    with session.transaction():
        said = [*_make(session, owner), *_make(session, serving)]
        for role, password in (passwords or {}).items():
            kept = session.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
            _execute(session, "ALTER ROLE {} PASSWORD {}", Identifier(role), Literal(kept))
            said.append(f"{role} has the password that was given.")
        said += _restrict(session, owner, serving)
        said += _give_everything(session, owner)
        _grant(session, owner, serving)
    return said


def _make(session: psycopg.Connection, role: str) -> Iterator[str]:
    if not _value(session, "SELECT count(*) FROM pg_roles WHERE rolname = {}", Literal(role)):
        _execute(session, "CREATE ROLE {} LOGIN", Identifier(role))
        yield f"The role {role} was made."


def _restrict(session: psycopg.Connection, owner: str, serving: str) -> Iterator[str]:
    """Take from the serving role what would let it past the triggers, whoever gave it."""
    powers = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
    if _value(session, f"SELECT {powers} FROM pg_roles WHERE rolname = {{}}", Literal(serving)):
        _execute(
            session, "ALTER ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS", Identifier(serving)
        )
        yield f"{serving} lost the powers of an administrator."
    if _value(
        session,
        """SELECT count(*) FROM pg_auth_members WHERE roleid = {}::regrole AND member = {}::regrole""",
        Literal(_quoted(owner)), Literal(_quoted(serving)),
    ):  # fmt: skip
        _execute(session, "REVOKE {} FROM {}", Identifier(owner), Identifier(serving))
        yield f"{serving} is no member of {owner} any more."


def _give_everything(session: psycopg.Connection, owner: str) -> Iterator[str]:
    """Make the owner own the database, its schema and all that is in it."""
    found = session.execute(
        SQL("SELECT * FROM ({}) found WHERE relowner <> {}::regrole").format(
            SQL(_OTHERS_OBJECTS), Literal(_quoted(owner))
        )
    ).fetchall()
    if not found:
        return
    if not _value(session, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        _execute(session, "GRANT {} TO CURRENT_USER", Identifier(owner))
    for kind, name, _ in found:
        session.execute(SQL("ALTER {} {} OWNER TO {}").format(SQL(kind), SQL(name), Identifier(owner)))
    yield f"{owner} owns the database and all that is in it."


def _grant(session: psycopg.Connection, owner: str, serving: str) -> None:
    both = {"owner": Identifier(owner), "serving": Identifier(serving)}
    database = Identifier(session.info.dbname)
    _execute(session, "REVOKE ALL ON DATABASE {database} FROM {serving}", database=database, **both)
    _execute(session, "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {serving}", database=database, **both)
    _execute(session, "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {serving}", **both)
    _execute(session, "GRANT USAGE ON SCHEMA public TO {serving}", **both)
    for kind, may in _SERVING_MAY.items():
        if kind == "TABLES" and session.info.server_version >= _MAINTAIN_SINCE:
            may += ", MAINTAIN"  # so that it can have the statistics of a table renewed that it has just filled
        to = "GRANT {may} ON ALL {kind} IN SCHEMA public TO {serving}"
        later = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT {may} ON {kind} TO {serving}"
        for statement in (to, later):
            _execute(session, statement, may=SQL(may), kind=SQL(kind), **both)
    if _value(session, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        # Who may make temporary tables may make functions beside them, unless no language is theirs to use.
        _execute(session, "REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC, {serving}", **both)
        _execute(session, "GRANT USAGE ON LANGUAGE plpgsql, sql TO {owner}", **both)


def _quoted(role: str) -> str:
    """As a cast to regrole reads it."""
    return '"' + role.replace('"', '""') + '"'


def _execute(session: psycopg.Connection, statement: str, *parts: Composable, **named: Composable) -> None:
    session.execute(SQL(statement).format(*parts, **named))


def _value(session: psycopg.Connection, statement: str, *parts: Composable) -> object:
    row = session.execute(SQL(statement).format(*parts)).fetchone()
    return row[0] if row else None
