"""Looks at the views through an audit login as SQLAlchemy and what is built on it do.

URL is the login's; prints how many views were reflected.
"""

import os

import psycopg
import sqlalchemy
from sqlalchemy.engine.reflection import ObjectKind

url = os.environ["URL"]
engine = sqlalchemy.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
inspector = sqlalchemy.inspect(engine)
views = inspector.get_view_names("audit")
for ask in (
    inspector.get_multi_columns,
    inspector.get_multi_pk_constraint,
    inspector.get_multi_foreign_keys,
    inspector.get_multi_indexes,
    inspector.get_multi_unique_constraints,
    inspector.get_multi_check_constraints,
    inspector.get_multi_table_comment,
):
    assert len(ask(schema="audit", kind=ObjectKind.ANY)) == len(views), ask
assert "SELECT" in inspector.get_view_definition("events", "audit")
inspector.get_enums("*")
inspector.get_domains("*")
inspector.get_sequence_names("audit")
metadata = sqlalchemy.MetaData()
metadata.reflect(engine, schema="audit", views=True)
assert len(metadata.tables) == len(views)

with psycopg.connect(url) as connection:
    # As DuckDB reads: in binary form, by COPY.
    with connection.cursor().copy(
        "COPY (SELECT model, cost_usd FROM audit.spend_daily) TO STDOUT (FORMAT binary)"
    ) as copy:
        assert b"".join(copy).startswith(b"PGCOPY\n")
    with connection.cursor("rows") as cursor:
        cursor.execute("SELECT * FROM audit.events")
        assert len(cursor.fetchmany(5)) == 5
    assert connection.cursor(binary=True).execute("SELECT * FROM audit.events").fetchone()
    assert psycopg.types.TypeInfo.fetch(connection, "numeric")
print(len(metadata.tables), "reflected")
