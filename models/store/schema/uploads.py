"""Tables of the files of claims while they are read, and of what an establishment said of its files."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from law.rates import Sector
from models.claim_labels import UploadState
from models.store.schema.base import NOW, Instant, instant, metadata, new_id, of_case, one_of
from models.store.schema.claims import HOURS

upload = sa.Table(
    "upload",
    metadata,
    new_id(),
    of_case(),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("part", sa.SmallInteger, nullable=False, server_default="1"),
    sa.Column("state", sa.Text, nullable=False, server_default=UploadState.RECEIVED.value),
    sa.Column("structural", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sector", sa.Text, nullable=False, server_default=Sector.GENERAL.value),
    sa.Column("holidays_worked", sa.Boolean),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("profile", sa.Text),
    sa.Column("profile_version", sa.SmallInteger),
    sa.Column("lines", sa.Integer, nullable=False, server_default="0"),
    sa.Column("read", sa.Integer, nullable=False, server_default="0"),
    sa.Column("errors", sa.Integer, nullable=False, server_default="0"),
    sa.Column("warnings", sa.Integer, nullable=False, server_default="0"),
    sa.Column("people", sa.Integer),
    sa.Column("hours", HOURS),
    sa.Column("allowance_cents", sa.BigInteger),
    sa.Column("headers", pg.JSONB, nullable=False, server_default="[]"),
    sa.Column("warned", pg.JSONB),
    sa.Column("refusal", sa.Text),
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), unique=True),
    instant("received_at", now=True),
    sa.Column("expires_at", Instant, nullable=False),
    one_of("state", *UploadState),
    one_of("sector", *Sector),
    sa.CheckConstraint("extract(day FROM month) = 1", name="month"),
    sa.CheckConstraint("part >= 1", name="part"),
)
sa.Index("upload_of_case", upload.c.reference)
sa.Index("upload_kept", upload.c.expires_at, postgresql_where=sa.text("sealed IS NOT NULL"))
"""A file of a claim: its bytes, sealed under the key of the case, are dropped once submitted, or after a day.
`claim_id` are its lines, staged, which are priced by what was said beside the file (`structural`, `sector`,
`holidays_worked`). `warned` is what agents are told of all its warnings, as the event of the claim states it; null for
a file read before. Counts and headers hold nothing of a person."""

upload_error = sa.Table(
    "upload_error",
    metadata,
    sa.Column("upload_id", sa.Uuid(as_uuid=False), sa.ForeignKey("upload.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("warning", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)
"""An error of a file, or a warning. What was read is shown masked; its names go with the bytes."""

import_profile = sa.Table(
    "import_profile",
    metadata,
    sa.Column("siret", sa.String(14), sa.ForeignKey("establishment.siret"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", sa.SmallInteger, primary_key=True),
    sa.Column("content", pg.JSONB, nullable=False),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("party", sa.Uuid(as_uuid=False)),
    sa.Column("created_at", Instant, nullable=False, server_default=NOW),
)
"""What one party of an establishment said once of its files (`models.claim_files.profile.ImportProfile`), in clear: it
is meant for no personal data. Nobody else's files are read by it."""
