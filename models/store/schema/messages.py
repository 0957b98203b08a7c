"""Table of the messages between an employer and the agents of a case."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from models.store.schema.base import instant, metadata, new_id, of_case, one_of, salt

message = sa.Table(
    "message",
    metadata,
    new_id(),
    of_case(),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    salt(),
    sa.Column("files", pg.JSONB, nullable=False, server_default="[]"),
    instant("sent_at", now=True),
    instant("read_at"),
    one_of("side", "employer", "agent"),
)
sa.Index("message_of_case", message.c.reference, message.c.id)
sa.Index("message_files", message.c.files, postgresql_using="gin", postgresql_where=sa.text("files <> '[]'::jsonb"))
"""`sealed` is the text under the case's key: erasing the key erases it. `salt` binds it to its row. `read_at` is the
first reading by the other side."""
SEALED_DIGEST: Final = (
    "encode(sha256({0}.sealed || convert_to({0}.files::text || coalesce((SELECT string_agg(f.sha256, '' ORDER BY f.id)"
    " FROM jsonb_array_elements_text(CASE jsonb_typeof({0}.files) WHEN 'array' THEN {0}.files ELSE '[]' END) cited"
    " JOIN file f ON f.id = CASE WHEN cited ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$'"
    " THEN cited::uuid END), ''), 'UTF8')), 'hex')"
)
"""What the event of a message states of its row, and of the files that it cites by their digests; it says nothing of
the text to whoever lacks the key."""
