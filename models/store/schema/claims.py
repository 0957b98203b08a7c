"""Tables of the entitlement, of claims and of the ledger.

Hours are decimals, money is integer cents. A person is found by a blind index only, which nobody can reverse without
its key; what names them is sealed under the key of the case.
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from law.rates import Sector
from models.claim_labels import LIVING, ClaimState
from models.store.schema.base import instant, listed, metadata, new_id, of_case, one_of, salt

HOURS: Final = sa.Numeric(12, 2)
ACCOUNTS: Final = ("authorised", "available", "admitted", "handed", "accepted", "ordered", "paid", "owed")
"""Accounts of the ledger, in the order in which hours and cents pass through them. `authorised` is their source; `owed`
has the cents, and no hours, of what was paid and is to be given back."""
MOVES: Final = (
    ("granted", "authorised", "available"),
    ("reduced", "available", "authorised"),
    ("admitted", "available", "admitted"),
    ("handed", "admitted", "handed"),
    ("accepted", "handed", "accepted"),
    ("ordered", "accepted", "ordered"),
    ("paid", "ordered", "paid"),
    ("returned", "paid", "ordered"),
    ("replaced", "admitted", "available"),
    ("refused", "admitted", "available"),
    ("rejected", "handed", "available"),
    ("voided", "admitted", "available"),
    ("voided", "accepted", "available"),
    ("voided", "ordered", "available"),
    ("voided", "paid", "available"),
    ("owed", "paid", "owed"),
    ("returned", "owed", "available"),
)
"""Kinds of entries, each with the account that it takes from and the one that it gives to."""


entitlement = sa.Table(
    "entitlement",
    metadata,
    of_case(primary_key=True),
    sa.Column("authorised_hours", HOURS, nullable=False),
    sa.Column("authorised_employees", sa.Integer, nullable=False),
    sa.Column("admitted_hours", HOURS, nullable=False, server_default="0"),
    sa.Column("start_on", sa.Date, nullable=False),
    sa.Column("end_on", sa.Date, nullable=False),
    sa.Column("forfeited_on", sa.Date, nullable=False),
    sa.Column("regularise_until", sa.Date),
    sa.Column("payment", sa.Text, nullable=False, server_default="establishment"),
    sa.Column("iban_digest", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("amended_by", sa.String(11), sa.ForeignKey("request.reference")),
    sa.CheckConstraint("admitted_hours BETWEEN 0 AND authorised_hours", name="hours"),
    sa.CheckConstraint("start_on <= end_on", name="period"),
    one_of("payment", "establishment", "employees", "trustee"),
    one_of("state", "open", "frozen", "void"),
)
"""One row an authorization, which arbitrates its claims. `iban_digest` is salted with the salt of the nominal row;
`amended_by` is the last amendment that it counts."""

claim = sa.Table(
    "claim",
    metadata,
    new_id(),
    sa.Column("reference", sa.String(9), sa.ForeignKey("entitlement.reference"), nullable=False),
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("part", sa.SmallInteger, nullable=False, server_default="1"),
    sa.Column("version", sa.SmallInteger),
    sa.Column("state", sa.Text, nullable=False, server_default=ClaimState.CHECKED.value),
    instant("staged_at", now=True),
    instant("received_at"),
    sa.Column("due_on", sa.Date),
    sa.Column("people", sa.Integer),
    sa.Column("hours", HOURS),
    sa.Column("allowance_cents", sa.BigInteger),
    sa.Column("indemnity_cents", sa.BigInteger),
    sa.Column("state_cents", sa.BigInteger),
    sa.Column("unedic_cents", sa.BigInteger),
    sa.Column("monthly_reimbursement", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("regularisation", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("structural", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sector", sa.Text, nullable=False, server_default=Sector.GENERAL.value),
    sa.Column("holidays_worked", sa.Boolean),
    sa.Column("reference_months", sa.SmallInteger),
    sa.Column("replaces", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), unique=True),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id")),
    sa.Column("body_digest", sa.LargeBinary),
    instant("withdrawn_at"),
    sa.Column("signals", pg.JSONB, nullable=False, server_default="[]"),
    salt(),
    sa.UniqueConstraint("reference", "month", "part", "version"),
    sa.CheckConstraint("extract(day FROM month) = 1", name="month"),
    sa.CheckConstraint("part >= 1 AND version >= 1 AND reference_months >= 1", name="numbers"),
    sa.CheckConstraint(
        "(state = 'checked') = (version IS NULL) AND num_nulls(version, received_at, due_on, people, hours,"
        " allowance_cents, indemnity_cents, state_cents, unedic_cents) IN (0, 9)",
        name="admitted",
    ),
    sa.CheckConstraint("state_cents + unedic_cents = allowance_cents", name="shares"),
    one_of("state", *ClaimState),
    one_of("sector", *Sector),
)
sa.Index(
    "claim_living",
    claim.c.reference,
    claim.c.month,
    claim.c.part,
    unique=True,
    postgresql_where=sa.text(f"state IN ({listed(LIVING)})"),
)
sa.Index("claim_staged", claim.c.staged_at, postgresql_where=sa.text("state = 'checked'"))
sa.Index("claim_desk", claim.c.state, claim.c.due_on, claim.c.id, postgresql_where=sa.text("version IS NOT NULL"))
"""One version of the claim of a month and part. While its lines are staged it has no version, and no sum counts it.
It refers to the entitlement, not to the request: an admission never waits for whoever holds that row. `account_id` is
who sent it, `body_digest` that of the lines as they were read. `structural`, `sector` and
`holidays_worked` are what the employer said of the hours of contracts above the legal duration, and of the
establishment (null: it did not say); `reference_months` the length of the firm’s
arrangement of working time, on which a claim put right late depends. `withdrawn_at` is when its end was recorded, if it
could not end at once: no payment of it is ordered any more."""

claim_person = sa.Table(
    "claim_person",
    metadata,
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("blind", sa.LargeBinary, nullable=False),
    sa.Column("payable", HOURS, nullable=False),
    sa.Column("allowance_cents", sa.BigInteger, nullable=False),
    sa.Column("indemnity_cents", sa.BigInteger, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("contract_hours", HOURS, nullable=False),
    sa.Column("hourly_gross", sa.Numeric(12, 4)),
    sa.Column("apprentice", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("claim_id", "blind"),
    sa.CheckConstraint("octet_length(blind) = 16", name="blind"),
    sa.CheckConstraint("payable >= 0 AND allowance_cents >= 0 AND indemnity_cents >= 0", name="amounts"),
)
"""`n` is the line of the claim at which the person is first stated: refusals name it, and nothing else. `sealed` is
what names them (lists A and B of R. 5122-21) under the key of the case; the last columns explain an amount."""
claim_week = sa.Table(
    "claim_week",
    metadata,
    sa.Column("claim_id", sa.Uuid(as_uuid=False), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("week_on", sa.Date, primary_key=True),
    sa.Column("worked", HOURS, nullable=False, server_default="0"),
    sa.Column("idle", HOURS, nullable=False, server_default="0"),
    sa.Column("payable", HOURS, nullable=False),
    sa.Column("limit_hours", HOURS, nullable=False),
    sa.Column("terms", pg.JSONB),
    sa.ForeignKeyConstraint(["claim_id", "n"], ["claim_person.claim_id", "claim_person.n"]),
    sa.CheckConstraint("extract(isodow FROM week_on) = 1", name="monday"),
    sa.CheckConstraint("payable BETWEEN 0 AND limit_hours", name="hours"),
)
"""What a claim states of a person’s week: hours worked or assimilated, idle and payable, of the days of its month, and
the limit of the whole week; in `terms`, what its line states otherwise than the first one of the person."""

standing_instruction = sa.Table(
    "standing_instruction",
    metadata,
    new_id(),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("delegation_id", sa.Uuid(as_uuid=False), sa.ForeignKey("delegation.id"), nullable=False),
    sa.Column("departments", pg.JSONB, nullable=False),
    sa.Column("ceiling_cents", sa.BigInteger, nullable=False),
    sa.Column("from_on", sa.Date, nullable=False),
    sa.Column("to_on", sa.Date, nullable=False),
    instant("given_at", now=True),
    instant("revoked_at"),
    sa.CheckConstraint("from_on <= to_on", name="days"),
    sa.CheckConstraint("ceiling_cents > 0", name="ceiling"),
)
sa.Index("standing_instruction_of_account", standing_instruction.c.account_id)
"""A visa given beforehand to every claim without a signal, up to a ceiling of allowance."""

visa = sa.Table(
    "visa",
    metadata,
    new_id(),
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), nullable=False),
    sa.Column("account_id", sa.Uuid(as_uuid=False), sa.ForeignKey("account.id"), nullable=False),
    sa.Column("delegation_id", sa.Uuid(as_uuid=False), sa.ForeignKey("delegation.id"), nullable=False),
    sa.Column("instruction_id", sa.Uuid(as_uuid=False), sa.ForeignKey("standing_instruction.id")),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("grounds", pg.JSONB, nullable=False, server_default="[]", key="reasons"),
    instant("given_at", now=True),
    instant("lapsed_at"),
    one_of("outcome", "agreed", "refused"),
    sa.CheckConstraint("(outcome = 'refused') = (grounds <> '[]')", name="grounds"),
)
sa.Index("visa_standing", visa.c.claim_id, unique=True, postgresql_where=sa.text("lapsed_at IS NULL"))
"""What an agent said of a claim, under which delegation, in person or by a standing instruction; at most one stands."""

claim_file = sa.Table(
    "claim_file",
    metadata,
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bytes", sa.LargeBinary, nullable=False),
    instant("made_at", now=True),
    instant("put_at"),
)
"""The nominal file of a claim, enveloped for the paying agency (CMS), made once: a repeated put is the same bytes."""

person_week = sa.Table(
    "person_week",
    metadata,
    sa.Column("blind", sa.LargeBinary, primary_key=True),
    sa.Column("siret", sa.String(14), primary_key=True),
    sa.Column("week_on", sa.Date, primary_key=True),
    sa.Column("payable", HOURS, nullable=False),
    sa.Column("limit_hours", HOURS, nullable=False),
    sa.CheckConstraint("payable BETWEEN 0 AND limit_hours", name="hours"),
)
"""Hours of a person’s week under all claims of an establishment, whatever their month or authorization."""

person_year = sa.Table(
    "person_year",
    metadata,
    sa.Column("blind", sa.LargeBinary, primary_key=True),
    sa.Column("siret", sa.String(14), primary_key=True),
    sa.Column("year", sa.SmallInteger, primary_key=True),
    sa.Column("hours", HOURS, nullable=False),
    sa.Column("limit_hours", HOURS, nullable=False),
    sa.Column("hours_ground_4", HOURS, nullable=False),
    sa.Column("limit_ground_4", HOURS, nullable=False),
    sa.CheckConstraint("hours BETWEEN 0 AND limit_hours", name="hours"),
    sa.CheckConstraint("hours_ground_4 BETWEEN 0 AND limit_ground_4", name="ground_4"),
)
"""Hours of a person’s calendar year under all claims of an establishment, within its quotas."""

ledger_entry = sa.Table(
    "ledger_entry",
    metadata,
    sa.Column("reference", sa.String(9), sa.ForeignKey("entitlement.reference"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    instant("at", now=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("from_account", sa.Text, nullable=False),
    sa.Column("to_account", sa.Text, nullable=False),
    sa.Column("hours", HOURS, nullable=False),
    sa.Column("cents", sa.BigInteger, nullable=False),
    sa.Column("state_cents", sa.BigInteger, nullable=False),
    sa.Column("unedic_cents", sa.BigInteger, nullable=False),
    sa.Column("claim_id", sa.Uuid(as_uuid=False), sa.ForeignKey("claim.id")),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.CheckConstraint("hours >= 0 AND state_cents >= 0 AND unedic_cents >= 0", name="amounts"),
    sa.CheckConstraint("hours > 0 OR cents > 0", name="something"),
    sa.CheckConstraint("state_cents + unedic_cents = cents", name="shares"),
    sa.CheckConstraint("(claim_id IS NULL) = (kind IN ('granted', 'reduced'))", name="claim"),
    sa.CheckConstraint(
        f"(kind, from_account, to_account) IN ({', '.join(f'({listed(move)})' for move in MOVES)})", name="move"
    ),
)
sa.Index("ledger_entry_of_claim", ledger_entry.c.claim_id)
"""Append-only double entry, written by `append_ledger_entry`; a `key` is that of one entry."""

ledger_balance = sa.Table(
    "ledger_balance",
    metadata,
    sa.Column("reference", sa.String(9), sa.ForeignKey("entitlement.reference"), primary_key=True),
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("hours", HOURS, nullable=False),
    sa.Column("cents", sa.BigInteger, nullable=False),
    one_of("account", *ACCOUNTS),
    sa.CheckConstraint("account = 'authorised' OR hours >= 0", name="hours"),
    sa.CheckConstraint("account IN ('authorised', 'available') OR cents >= 0", name="cents"),
)
"""Sum of the entries of an account, changed by their insertion alone. Cents admitted are a debt of `available`."""
