"""What a role of PostgreSQL really can do in our database, by its own rights, everybody's, or those of a role that it may become.

Asked of the database, since grants of others can't be taken away by whoever owns the tables: those of another owner or grantor, and
memberships.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

NAMED_MOST = 20
type May = tuple[str, str, str]  # a table, a column or "" for all of it, a verb

# A role's attributes by which it reads whatever it likes, or becomes who does.
_ATTRIBUTES = {
    "rolsuper": "SUPERUSER", "rolbypassrls": "BYPASSRLS", "rolcreaterole": "CREATEROLE", "rolreplication": "REPLICATION",
}  # fmt: skip
# Extensions bring views of their own that everybody may read, and that show nobody more than their own.
_OURS = """
    n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = {catalogue}::regclass AND d.objid = {oid} AND d.deptype = 'e')
"""
_TABLES = _OURS.format(catalogue="'pg_class'", oid="c.oid") + " AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
_ROLES = f"""
    SELECT r.rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication,
        (SELECT min(c.oid::regclass::text) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relowner = r.oid AND {_TABLES})
    FROM pg_roles r WHERE r.rolname = %(role)s OR pg_has_role(%(role)s, r.oid, 'MEMBER') ORDER BY r.rolname <> %(role)s, r.rolname
"""  # noqa: S608
_OWNER = "SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'django_migrations'"
_SCHEMA = "CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END"
_RIGHTS = f"""
    SELECT {_SCHEMA} || c.relname, '', verb, c.oid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) verb
    WHERE {_TABLES} AND has_schema_privilege(%(role)s, n.oid, 'USAGE') AND has_table_privilege(%(role)s, c.oid, verb)
    UNION ALL
    SELECT {_SCHEMA} || c.relname, a.attname, verb, c.oid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) verb
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE {_TABLES} AND has_schema_privilege(%(role)s, n.oid, 'USAGE') AND NOT has_table_privilege(%(role)s, c.oid, verb)
        AND has_any_column_privilege(%(role)s, c.oid, verb) AND has_column_privilege(%(role)s, c.oid, a.attnum, verb)
    UNION ALL
    SELECT {_SCHEMA} || c.relname, '', verb, c.oid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest(ARRAY['SELECT', 'USAGE', 'UPDATE']) verb
    WHERE {_OURS.format(catalogue="'pg_class'", oid="c.oid")} AND c.relkind = 'S'
        AND has_schema_privilege(%(role)s, n.oid, 'USAGE') AND has_sequence_privilege(%(role)s, c.oid, verb)
    ORDER BY 1, 2, 3
"""  # noqa: S608 - our own words
_MEMBERS = """
    SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
    WHERE m.roleid = (SELECT oid FROM pg_roles WHERE rolname = %(name)s) AND (r.rolname = %(role)s OR pg_has_role(%(role)s, r.oid, 'MEMBER'))
    ORDER BY r.rolname <> %(role)s
"""
# Who gave it to whom: grants to everybody first, whose grantee is 0.
_GRANTS = """
    SELECT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END, g.grantor::regrole::text,
        c.relowner = g.grantor, c.relkind = 'S'
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = %(column)s,
        LATERAL aclexplode(CASE WHEN %(column)s = '' THEN c.relacl ELSE a.attacl END) g
    WHERE c.oid = %(oid)s AND g.privilege_type = %(verb)s AND g.grantee <> c.relowner
        AND (g.grantee = 0 OR pg_has_role(%(role)s, g.grantee, 'MEMBER'))
    ORDER BY g.grantee LIMIT 1
"""
# Whoever may make something in our schema can have its owner run it; what runs with its owner's rights reads what they may.
_SCHEMAS = f"""
    SELECT n.nspname FROM pg_namespace n
    WHERE {_OURS.format(catalogue="'pg_namespace'", oid="n.oid")} AND has_schema_privilege(%(role)s, n.oid, 'CREATE') ORDER BY 1
"""  # noqa: S608
_FUNCTIONS = f"""
    SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE {_OURS.format(catalogue="'pg_proc'", oid="p.oid")} AND p.prosecdef AND has_schema_privilege(%(role)s, n.oid, 'USAGE')
        AND has_function_privilege(%(role)s, p.oid, 'EXECUTE') ORDER BY 1
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Excess:
    """One thing that a role can do and shouldn't, as the end of a sentence that begins with "It", and what takes it away."""

    what: str
    statement: str


def excesses(role: str, allowed: frozenset[May]) -> list[Excess]:
    """Return what the role can do beyond `allowed`, the gravest first, and not what only follows from that; no more than a page."""
    reach = _asked(_ROLES, role=role)
    found = [one for row in reach for one in _of_role(role, *row[:-1], owned=row[-1])]
    if any(is_superuser for _name, is_superuser, *_rest in reach):
        return found  # all else follows
    is_grave = bool(found)
    for name, *_rest in reach:
        found += _in_schemas(name)
        for table, column, verb, oid in _asked(_RIGHTS, role=name):
            if {(table, column, verb), (table, "", verb)} & allowed:
                continue
            if grant := _of_grant(name, table, column, verb, oid):
                found.append(grant)
            elif not is_grave:
                found.append(Excess(f"has {verb} on {table}", f"REVOKE {verb} ON {table} FROM whoever has it"))
            if len(found) >= NAMED_MOST:
                break
    return list(dict.fromkeys(found))


def login() -> str:
    """Return the role that this process signed in as, whatever it is set to now."""
    return str(_asked("SELECT session_user")[0][0])


def is_role(name: str) -> bool:
    """Return whether there is such a role."""
    return bool(_asked("SELECT 1 FROM pg_roles WHERE rolname = %(role)s", role=name))


def _of_role(role: str, name: str, *attributes: bool, owned: str | None) -> Iterator[Excess]:
    if name != role:
        if owned or any(attributes) or name.startswith("pg_"):
            yield Excess(f"is a member of {name}", _leaving(role, name))
        return
    for has, attribute in zip(attributes, _ATTRIBUTES.values(), strict=True):
        if has:
            yield Excess(f"has the attribute {attribute}", f'ALTER ROLE "{role}" NO{attribute}')
    if owned:  # it can give itself what was taken away
        [(owner,)] = _asked(_OWNER)
        to = f'"{owner}"' if owner != role else "another role than the public face’s"
        yield Excess(f"owns {owned}", f"ALTER TABLE {owned} OWNER TO {to}")


def _leaving(role: str, name: str) -> str:
    """Return the statement after which a role is no member of another: it may be one by a third that lies between."""
    between = _asked(_MEMBERS, role=role, name=name)
    if not between:  # no grant makes whoever owns the database a member
        return f'ALTER DATABASE "{connection.settings_dict["NAME"]}" OWNER TO another role than "{role}"'
    return f'REVOKE "{name}" FROM "{between[0][0]}"'


def _in_schemas(role: str) -> Iterator[Excess]:
    for (name,) in _asked(_SCHEMAS, role=role):
        yield Excess(
            f"may make tables and functions in the schema {name}",
            f'REVOKE CREATE ON SCHEMA "{name}" FROM PUBLIC, "{role}"',
        )
    for (name,) in _asked(_FUNCTIONS, role=role):
        yield Excess(
            f"may call {name}, which runs with its owner’s rights",
            f'REVOKE ALL ON FUNCTION {name} FROM PUBLIC, "{role}"',
        )


def _of_grant(role: str, table: str, column: str, verb: str, oid: int) -> Excess | None:
    given = _asked(_GRANTS, role=role, column=column, oid=oid, verb=verb)
    if not given:
        return None
    [(to, by, is_owners, is_sequence)] = given
    of = f" ({column})" if column else ""
    revoked = f"REVOKE {verb}{of} ON {'SEQUENCE ' if is_sequence else ''}{table} FROM {to} CASCADE"
    return Excess(
        f"has {verb}{of} on {table}, granted to {to}", revoked if is_owners else f"SET ROLE {by}; {revoked}; RESET ROLE"
    )


def _asked(query: str, **values: str | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
