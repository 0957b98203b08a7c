"""The delegation under which a decision is taken determines whose certificate signs it."""

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError

from activities.documents.acts import StoredDocumentActs
from models.labels import Part
from models.messages.case import Ref
from models.store.cases import decisions
from models.store.database import Database
from models.store.people import delegations
from tests.activities.documents.test_issue import text_of
from tests.cases import a_delegation, an_agent, file_a_case, register_a_decision


def test_a_decision_is_signed_with_the_certificate_of_its_delegation(
    database: Database, papers: StoredDocumentActs
) -> None:
    reference, agent = file_a_case(database), an_agent(database)
    decided = register_a_decision(database, reference, agent)
    with database.begin() as connection:
        given = delegations.give(connection, str(agent.account_id), a_delegation(), None)
        where = {"delegation": given.id, "id": decided}
        connection.execute(text("UPDATE decision SET delegation_id = :delegation WHERE id = :id"), where)
    sealed = papers.sign_decision(Ref(reference=reference, id=decided))
    assert sealed is not None
    words = text_of(database, sealed)
    assert "Nadia Perrin" in words
    assert "arrêté du 3 janvier 2024" in words
    assert "Marc Olivier" not in words


@pytest.mark.parametrize(
    ("certificate", "name"), [("director", "Nadia Perrin"), ("delegate", "Zoé Blanc"), (None, "Zoé Blanc")]
)
def test_nobody_signs_what_another_decided(
    database: Database, papers: StoredDocumentActs, certificate: str | None, name: str
) -> None:
    reference, agent = file_a_case(database), an_agent(database, name=name)
    decided = register_a_decision(database, reference, agent)
    if certificate:
        with database.begin() as connection:
            given = delegations.give(connection, str(agent.account_id), a_delegation(certificate=certificate), None)
            where = {"delegation": given.id, "id": decided}
            connection.execute(text("UPDATE decision SET delegation_id = :delegation WHERE id = :id"), where)
    with pytest.raises(ApplicationError) as refused:
        papers.sign_decision(Ref(reference=reference, id=decided))
    assert refused.value.type == Part.SIGNER
    with database.begin() as connection:
        assert decisions.get(connection, decided).state == "registered"
