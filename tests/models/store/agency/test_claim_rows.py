"""A signed claim is queued for the agency once, unless something holds its case."""

from decimal import Decimal
from hashlib import sha256

import pytest
from sqlalchemy import text

from models.claim_labels import ClaimState
from models.engine.names import claim_process
from models.errors import Unknown
from models.labels import HoldReason, Proof
from models.store.agency import channels, claim_rows
from models.store.cases import authority_holds, holds, requests
from models.store.claims import ends
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal import outbox
from models.store.journal.events import SYSTEM
from models.store.operations import evictions
from tests.amendments import amend
from tests.cases import let_silence_accept
from tests.models.store.agency.builders import a_queued_claim, queue, sign
from tests.models.store.claims import builders
from tests.models.store.claims.builders import EMPLOYER, a_person


def rows(database: Database) -> list[tuple[str, str]]:
    """Channel and key of each row of a claim."""
    with database.begin() as connection:
        found = connection.execute(text("SELECT channel, key FROM deposit_row WHERE claim_id IS NOT NULL"))
        return [(each.channel, each.key) for each in found]


def told(database: Database) -> int:
    """How often the process of the channel was woken."""
    with database.begin() as connection:
        return [each.workflow_id for each in outbox.list_waiting(connection, 1_000)].count("deposit:claims")


def test_a_signed_claim_is_queued_once_under_its_own_key(database: Database) -> None:
    claim = a_queued_claim(database)
    assert queue(database, claim.id) == []
    with database.begin() as connection:
        siret = requests.get(connection, claim.reference).siret
    key = sha256(f"claim|{siret}|{claim.reference}00|2026-12|1|1".encode()).hexdigest()
    assert rows(database) == [("claims", key)]
    assert told(database) == 1


def test_what_holds_the_case_holds_its_claims(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    sign(database, claim)
    with database.begin() as connection:
        assert holds.hold(connection, claim.reference, HoldReason.EVIDENCE)
    assert queue(database, claim.id) == [HoldReason.EVIDENCE]
    assert rows(database) == []
    with database.begin() as connection:
        assert holds.release(connection, claim.reference, HoldReason.EVIDENCE)
    assert queue(database, claim.id) == []
    assert len(rows(database)) == 1


def test_what_holds_an_accepted_amendment_holds_the_claims_that_it_pays(database: Database) -> None:
    queued = a_queued_claim(database)
    amendment = amend(database, queued.reference, hours=Decimal(15_000))
    with database.begin() as connection:
        assert holds.hold(connection, amendment, HoldReason.LIMITS)
    assert ready(database) == (["claims"], [queued.id])
    let_silence_accept(database, amendment)
    assert ready(database) == ([], [])
    later = builders.claim(database, queued.reference, a_person(2), part=2)
    sign(database, later)
    assert queue(database, later.id) == [HoldReason.LIMITS]
    before = told(database)
    with database.begin() as connection:
        assert holds.release(connection, amendment, HoldReason.LIMITS)
    assert told(database) == before + 1
    assert looked(database, later)
    assert ready(database) == (["claims"], [queued.id])
    assert queue(database, later.id) == []


@pytest.mark.parametrize("reason", [HoldReason.AUTHORITY, HoldReason.EVICTION])
def test_a_signed_claim_waits_once_whoever_filed_may_no_longer_speak_for_the_firm(
    database: Database, reason: HoldReason
) -> None:
    """Though its authorization is in a file already: what was sent is not called back, the claim is not sent."""
    sent, queued, to_come = an_authorization_sent(database)
    filer = builders.employer_of(database, queued.reference)
    before = told(database)
    with database.begin() as connection:
        if reason is HoldReason.EVICTION:
            evictions.evict(connection, filer.account_id, SYSTEM, "00000000-0000-0000-0000-000000000001", filer.siret)
        else:
            authority_holds.revoke(connection, filer.siret, filer.account_id, SYSTEM)
        assert claim_rows.list_ready(connection, 10) == []
        assert not holds.was_held(connection, sent, reason)
    assert reason in queue(database, to_come.id)
    with database.begin() as connection:
        authority_holds.prove(connection, filer.siret, filer.account_id, Proof.LETTER, SYSTEM)
        if reason is HoldReason.EVICTION:
            assert holds.release(connection, queued.reference, reason)
        assert [each.claim_id for each in claim_rows.list_ready(connection, 10)] == [queued.id]
    assert told(database) == before + 1
    assert queue(database, to_come.id) == []


def an_authorization_sent(database: Database) -> tuple[str, ClaimRecord, ClaimRecord]:
    """A case in a file without claims; one too with a claim that is queued and one that is signed."""
    queued = a_queued_claim(database)
    to_come = builders.claim(database, queued.reference, a_person(2), part=2)
    sign(database, to_come)
    sent = builders.authorize(database, employer=builders.employer_of(database, queued.reference))
    with database.begin() as connection:
        for each in (queued.reference, sent):
            connection.execute(_IN_A_FILE, {"r": each})
    return sent, queued, to_come


_IN_A_FILE = text(
    "WITH f AS (INSERT INTO deposit (channel, name, bytes, sha256, reserved_at)"
    "   VALUES ('authorizations', CAST(:r AS text), '', repeat('f', 64), now()) RETURNING id)"
    " INSERT INTO deposit_row (key, channel, reference, document_id, deposit_id, line)"
    " SELECT 'k' || CAST(:r AS text), 'authorizations', CAST(:r AS text), d.id, f.id, 1"
    " FROM f, (SELECT id FROM document LIMIT 1) d"
)


def ready(database: Database) -> tuple[list[str], list[str]]:
    """The channels that have something to send, and the claims that may go into a file."""
    with database.begin() as connection:
        rows = claim_rows.list_ready(connection, 10)
        return channels.list_waiting(connection), [each.claim_id for each in rows]


def looked(database: Database, claim: ClaimRecord) -> bool:
    """Whether the process of a claim was woken."""
    with database.begin() as connection:
        waiting = [each.workflow_id for each in outbox.list_waiting(connection, 1_000) if each.kind == "look"]
    return claim_process(claim.subject) in waiting


def test_a_row_whose_amendment_is_held_is_put_into_no_file(database: Database) -> None:
    queued = a_queued_claim(database)
    amendment = amend(database, queued.reference, hours=Decimal(15_000))
    let_silence_accept(database, amendment)
    with database.begin() as connection:
        assert [each.claim_id for each in claim_rows.list_ready(connection, 10)] == [queued.id]
        assert holds.hold(connection, amendment, HoldReason.VALIDATION)
        assert claim_rows.list_ready(connection, 10) == []


def test_a_claim_without_a_published_document_is_queued_by_nobody(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    assert queue(database, claim.id) == []
    sign(database, claim, published=False)
    with database.begin() as connection, pytest.raises(Unknown):
        claim_rows.hand_over(connection, claim.id)
    assert rows(database) == []


def test_a_claim_cancelled_after_its_signature_is_not_queued(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database))
    sign(database, claim)
    with database.begin() as connection:
        assert ends.end(connection, claim.id, ClaimState.VOID, EMPLOYER)
    assert queue(database, claim.id) == []
    assert rows(database) == []
