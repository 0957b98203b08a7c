"""The delegation under which a decision is taken determines whose certificate signs it."""

from sqlalchemy import text

from activities.documents.acts import StoredDocumentActs
from models.messages.case import Ref
from models.store.database import Database
from models.store.people import delegations
from tests.activities.documents.test_issue import text_of
from tests.builders import a_delegation
from tests.cases import an_agent, file_a_case, register_a_decision


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
    assert "Hugo Lenoir" in words
    assert "arrêté du 3 janvier 2024" in words
    assert "Claire Fontaine" not in words
