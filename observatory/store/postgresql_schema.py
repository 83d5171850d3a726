"""The tables of a store as PostgreSQL has them, with the triggers that make them append-only, and its roles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Float,
    MetaData,
    Table,
    Text,
    inspect,
    make_url,
    text,
)
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from observatory.store import schema

_ROW_INSERT, _CHANGE = 7, 58  # pg_trigger.tgtype: BEFORE, for each row; BEFORE, for each statement
_EVENTS = {
    _ROW_INSERT: "BEFORE INSERT ON {table} FOR EACH ROW",
    _CHANGE: "BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT",
}
META, NUMBERS = "store_meta", "store_numbers"
_DIALECT = make_url("postgresql+psycopg://").get_dialect()()
_PREPARER = _DIALECT.identifier_preparer

_REFUSAL = "RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME, ERRCODE = '55000'"
# Bodies of the functions of triggers; {schema} is that of the tables, so that no temporary table can take their place.
_BODIES = {
    "observatory_refuse": "BEGIN {refusal}; END",
    "observatory_no_addition": (
        "BEGIN IF EXISTS (SELECT 1 FROM {schema}.publications WHERE vintage = NEW.vintage) THEN "
        "{refusal}; END IF; RETURN NEW; END"
    ),
    "observatory_only_whole": (
        "BEGIN IF NOT EXISTS (SELECT 1 FROM {schema}.vintages v JOIN {schema}.replays r ON r.vintage = v.id "
        "WHERE v.id = NEW.vintage) THEN {refusal}; END IF; RETURN NEW; END"
    ),
    # Numbers without holes, as of SQLite's AUTOINCREMENT: what was rolled back has used none.
    "observatory_number": (
        "DECLARE number integer; BEGIN UPDATE {schema}.store_numbers SET last = greatest(last, "
        "coalesce(NEW.id, last + 1)) WHERE name = TG_TABLE_NAME RETURNING last INTO number; "
        "NEW.id := coalesce(NEW.id, number); RETURN NEW; END"
    ),
    # The version grows, and nothing else of the row changes.
    "observatory_only_upgrade": (
        "BEGIN IF TG_OP = 'UPDATE' AND NEW.version >= OLD.version AND NEW.id = OLD.id "
        "AND NEW.application = OLD.application THEN RETURN NEW; END IF; {refusal}; END"
    ),
}
_TRUSTED = frozenset({"observatory_number"})  # runs with the rights of the owner: a writer cannot set numbers
# The one function of SQLite that a query of the store calls.
_JSON_EXTRACT = (
    "CREATE OR REPLACE FUNCTION {schema}.json_extract(document text, path text) RETURNS text LANGUAGE sql IMMUTABLE "
    "AS $$ SELECT document::json #>> ARRAY[substr(path, 3)] $$"
)


@dataclass(frozen=True)
class _Trigger:
    table: str
    name: str
    function: str
    kind: int


def _copy_tables() -> MetaData:
    """The tables of `schema` in PostgreSQL's types: texts compared by byte, figures that are finite."""
    copy = MetaData()
    for table in schema.metadata.sorted_tables:
        made = table.to_metadata(copy)
        for constraint in [row for row in made.constraints if isinstance(row, CheckConstraint)]:
            if "typeof(" in str(constraint.sqltext):  # SQLite's own: columns have types here
                made.constraints.remove(constraint)
        for column in made.columns:
            column.autoincrement = False
            if isinstance(column.type, schema.StoredText):
                column.type = Text(collation="C")
            elif isinstance(column.type, Float):  # NaN is above infinity here
                name = _finite_name(table.name, column.name)
                made.append_constraint(CheckConstraint(f"abs({column.name}) < 'Infinity'::float8", name=name))
    return copy


def _create_tables() -> Iterator[ExecutableDDLElement]:
    for table in _copy_tables().sorted_tables:
        yield CreateTable(table, if_not_exists=True)
        yield from (CreateIndex(index, if_not_exists=True) for index in sorted(table.indexes, key=str))


def _finite_name(table: str, column: str) -> str:
    return f"{table}_{column}_finite"


def _numbered_tables() -> list[Table]:
    """The tables whose rows the store numbers."""
    return [table for table in schema.metadata.sorted_tables if table.autoincrement_column is not None]


def _float_columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, Float)]


def _list_triggers() -> Iterator[_Trigger]:
    numbered = {table.name for table in _numbered_tables()}
    for table in schema.metadata.sorted_tables:
        name = table.name
        if not schema.is_transient(table):
            yield _Trigger(name, f"{name}_no_change", "observatory_refuse", _CHANGE)
        if "vintage" in table.c and table is not schema.publications:
            yield _Trigger(name, f"{name}_no_addition", "observatory_no_addition", _ROW_INSERT)
        if name in numbered:
            yield _Trigger(name, f"{name}_number", "observatory_number", _ROW_INSERT)
        if _float_columns(table):
            yield _Trigger(name, f"{name}_zero", f"observatory_zero_{name}", _ROW_INSERT)
    yield _Trigger("publications", "publications_only_whole", "observatory_only_whole", _ROW_INSERT)


def _build_bodies(schema_name: str) -> dict[str, str]:
    """The bodies of all functions of triggers, by name."""
    quoted = _PREPARER.quote(schema_name)
    bodies = {name: body.replace("{refusal}", _REFUSAL).replace("{schema}", quoted) for name, body in _BODIES.items()}
    for table in schema.metadata.sorted_tables:
        if columns := _float_columns(table):  # SQLite keeps no negative zero: the same digest on both
            sums = " ".join(f"NEW.{name} := NEW.{name} + 0.0::float8;" for name in columns)
            bodies[f"observatory_zero_{table.name}"] = f"BEGIN {sums} RETURN NEW; END"
    return bodies


def build_ddl(schema_name: str, identity: str) -> list[str]:
    """The statements that make whatever a store lacks; `identity` names a store that is new."""
    quoted = _PREPARER.quote(schema_name)
    own = (
        f"CREATE TABLE IF NOT EXISTS {quoted}.{META} (one boolean PRIMARY KEY DEFAULT true CHECK (one), "
        "application integer NOT NULL, version integer NOT NULL, id text NOT NULL)",
        f"CREATE TABLE IF NOT EXISTS {quoted}.{NUMBERS} (name text PRIMARY KEY, last integer NOT NULL)",
    )
    tables = [str(statement.compile(dialect=_DIALECT)).strip() for statement in _create_tables()]
    functions = [
        f"CREATE OR REPLACE FUNCTION {quoted}.{name}() RETURNS trigger LANGUAGE plpgsql "
        f"{'SECURITY DEFINER ' if name in _TRUSTED else ''}SET search_path = pg_catalog, pg_temp AS $${body}$$"
        for name, body in _build_bodies(schema_name).items()
    ]
    triggers = [
        f"CREATE OR REPLACE TRIGGER {row.name} {_EVENTS[row.kind].format(table=row.table)} "
        f"EXECUTE FUNCTION {quoted}.{row.function}()"
        for row in _list_triggers()
    ]
    guards = (
        f"CREATE OR REPLACE TRIGGER {META}_only_upgrade BEFORE UPDATE OR DELETE ON {META} FOR EACH ROW "
        f"EXECUTE FUNCTION {quoted}.observatory_only_upgrade()",
        f"CREATE OR REPLACE TRIGGER {NUMBERS}_no_delete BEFORE DELETE OR TRUNCATE ON {NUMBERS} FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {quoted}.observatory_refuse()",
    )
    enabled = [f"ALTER TABLE {table.name} ENABLE TRIGGER USER" for table in schema.metadata.sorted_tables]
    rows = [
        f"INSERT INTO {quoted}.{NUMBERS} VALUES ('{table.name}', 0) ON CONFLICT DO NOTHING"  # noqa: S608 - our own names
        for table in _numbered_tables()
    ]
    row = f"INSERT INTO {quoted}.{META} (application, version, id) VALUES ({schema.APPLICATION_ID}, "  # noqa: S608
    version = f"UPDATE {quoted}.{META} SET version = {schema.SCHEMA_VERSION}"  # noqa: S608 - a constant
    return [
        *own,
        *tables,
        _JSON_EXTRACT.replace("{schema}", quoted),
        *functions,
        *triggers,
        *guards,
        *enabled,
        *rows,
        f"{row}{schema.SCHEMA_VERSION}, '{identity}') ON CONFLICT DO NOTHING",
        f"{version} WHERE version < {schema.SCHEMA_VERSION}",
    ]


def read_schema_name(connection: Connection) -> str:
    """The schema in which the tables are, or would be made."""
    return str(connection.execute(text("SELECT current_schema()")).scalar() or "public")


def find_missing_tables(connection: Connection) -> list[str]:
    """The tables that a store of this version has and this one lacks."""
    found = set(inspect(connection).get_table_names())
    return [name for name in (*schema.metadata.tables, META, NUMBERS) if name not in found]


def find_absent_triggers(connection: Connection) -> list[str]:
    """The triggers that are absent, disabled, or other than this version makes them, on the tables that there are."""
    query = text(
        "SELECT c.relname, t.tgname, p.proname, t.tgtype, p.prosrc FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgqual IS NULL "
        "AND t.tgenabled IN ('O', 'A')"
    )
    bodies = _build_bodies(read_schema_name(connection))
    found = {(row[0], row[1]): (row[2], row[3], row[4]) for row in connection.execute(query)}
    absent = find_missing_tables(connection)
    return [
        row.name
        for row in _list_triggers()
        if row.table not in absent
        and found.get((row.table, row.name)) != (row.function, row.kind, bodies[row.function])
    ]


def find_faults(connection: Connection) -> list[tuple[str, str]]:
    """Rights to change rows that somebody but the owner has; constraints that are absent."""
    grants = text(
        "SELECT c.relname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type "
        "FROM pg_class c CROSS JOIN aclexplode(c.relacl) a WHERE c.relnamespace = current_schema()::regnamespace "
        "AND c.relkind = 'r' AND a.grantee <> c.relowner AND c.relname = ANY(:names) "
        "AND a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER') ORDER BY 1, 2, 3"
    )
    names = [*(table.name for table in schema.list_append_only_tables()), META, NUMBERS]
    rows = connection.execute(grants, {"names": names})
    faults = [("grant", f"{row[1]}: {row[2]} {row[0]}") for row in rows]
    query = text("SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace")
    found, absent = set(connection.execute(query).scalars()), find_missing_tables(connection)
    expected = [
        _finite_name(table.name, column)
        for table in schema.metadata.sorted_tables
        if table.name not in absent
        for column in _float_columns(table)
    ]
    return faults + [("constraint", name) for name in expected if name not in found]


def _grant(table: Table, writer: str, reader: str) -> str:
    if schema.is_transient(table):
        return f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table.name} TO {writer};"
    return f"GRANT SELECT ON {table.name} TO {writer}, {reader}; GRANT INSERT ON {table.name} TO {writer};"


def build_owner_sql(database: str, identity: str, roles: Mapping[str, str]) -> str:
    """What an administrator runs with psql: roles (owner, writer, reader), a database, and the tables in it."""
    owner, writer, reader, place = (
        _PREPARER.quote(name) for name in (roles["owner"], roles["writer"], roles["reader"], database)
    )
    login = {"owner": "NOLOGIN", "writer": "LOGIN", "reader": "LOGIN"}
    made = [
        f"SELECT 'CREATE ROLE {_PREPARER.quote(name)} {login[kind]}' WHERE NOT EXISTS "  # noqa: S608 - names of roles
        f"(SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec"
        for kind, name in roles.items()
    ]
    lines = [
        *made,
        f"GRANT {owner} TO CURRENT_USER;",
        f"SELECT 'CREATE DATABASE {place} OWNER {owner} ENCODING ''UTF8'' TEMPLATE template0' WHERE NOT EXISTS "  # noqa: S608
        f"(SELECT FROM pg_database WHERE datname = '{database}') \\gexec",
        f"\\connect {place}",
        "BEGIN;",
        f"REVOKE ALL ON DATABASE {place} FROM PUBLIC;",
        f"GRANT CONNECT ON DATABASE {place} TO {writer}, {reader};",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {owner};",
        f"GRANT USAGE ON SCHEMA public TO {writer}, {reader};",
        f"SET LOCAL ROLE {owner};",
        "SET LOCAL search_path = public;",
        *(f"{statement};" for statement in build_ddl("public", identity)),
        f"GRANT SELECT ON {META}, {NUMBERS} TO {writer}, {reader};",
        *(_grant(table, writer, reader) for table in schema.metadata.sorted_tables),
        "COMMIT;",
    ]
    return "\n".join(lines) + "\n"
