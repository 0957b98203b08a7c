"""A register in which everything that events state has happened, and its audit."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from activities.documents.acts import StoredDocumentActs
from activities.register import StoredRegisterActs
from activities.signing.acts import DocumentSigner
from activities.signing.tokens import token_check
from activities.transport import FolderTransport
from models.engine.names import CHAIN
from models.labels import HoldReason
from models.messages.acts import Process
from models.messages.case import Ref
from models.messages.deposit import Channel
from models.store.agency.channels import AUTHORIZATIONS
from models.store.audit import copies, verdicts
from models.store.audit.findings import Verdict
from models.store.cases import holds
from models.store.database import Database
from models.store.journal import anchors
from tests.activities.agency.agencies import an_agency
from tests.cases import an_agent, file_a_case, register_a_decision, request_pieces

NIGHT = Process(id=CHAIN)


class Cases(NamedTuple):
    """References: granted and handed over, tacit and handed over, with pieces requested, just filed."""

    granted: str
    tacit: str
    stopped: str
    filed: str


def a_full_register(database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs, folder: Path) -> Cases:
    """Play one case of each kind to its end; two nights are time-stamped."""
    granted = _granted(database, papers, acts)
    papers.stamp_chain(NIGHT)
    tacit = file_a_case(database, left=timedelta(seconds=-1))
    acts.establish_silence(Ref(reference=tacit, id=""))
    papers.issue_attestation(Ref(reference=tacit, id=""))
    acts.hand_over(Ref(reference=tacit, id=""))
    deposit(database, folder)
    stopped = file_a_case(database)
    pieces = Ref(reference=stopped, id=request_pieces(database, stopped, an_agent(database)))
    papers.seal_completion_request(pieces)
    acts.notify_completion_request(pieces)
    with database.begin() as connection:
        holds.hold(connection, stopped, HoldReason.LIMITS)
    filed = file_a_case(database)
    papers.stamp_chain(NIGHT)
    return Cases(granted, tacit, stopped, filed)


def _granted(database: Database, papers: StoredDocumentActs, acts: StoredRegisterActs) -> str:
    reference, agent = file_a_case(database), an_agent(database)
    papers.issue_receipt(Ref(reference=reference, id="1"))
    decision = Ref(reference=reference, id=register_a_decision(database, reference, agent))
    papers.sign_decision(decision)
    acts.notify_decision(decision)
    acts.hand_over(decision)
    return reference


def deposit(database: Database, folder: Path) -> None:
    """Hand over what waits, to a folder."""
    agency = an_agency(database, FolderTransport(folder))
    prepared = agency.prepare_deposit(Channel(name=AUTHORIZATIONS))
    if prepared:
        asyncio.run(agency.put_deposit(prepared))


def audit(
    database: Database, signing: DocumentSigner, *, everything: bool = True, outside: Path | None = None
) -> Verdict:
    """Audit as the command does."""
    with database.snapshot() as connection:
        return verdicts.examine(
            connection, token_check(signing.trust), everything=everything, offsets=True, outside=outside
        )


def copy_outside(database: Database, folder: Path) -> None:
    """Write the copies of all anchors to a folder."""
    with database.begin() as connection:
        for number in anchors.list_uncopied(connection):
            name, content = copies.write(connection, number) or ("", b"")
            (folder / name).write_bytes(content)
