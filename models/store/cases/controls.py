"""Facts that the controls compare a request with: other requests and their bank accounts."""

from sqlalchemy import Connection, text

from models.identifiers import Message
from models.messages.enrolment import Listed
from models.store.cases.records import RequestRecord


class Facts(Message):
    """Facts about a request from the rest of the register; they hold no name and no bank account."""

    overlapping: tuple[str, ...]
    """Requests of the establishment, of any ground, neither refused nor desisted, whose period overlaps."""
    others_with_account: int
    """Other establishments that gave the same bank account."""
    account_changed: bool
    """Whether it differs from that of the establishment's previous request."""
    previous_headcount: int | None
    """Headcount stated in the establishment's previous request."""
    enrolled_as: Listed | None = None
    """What the register of establishments said when the employer enrolled."""


def get_facts(connection: Connection, case: RequestRecord) -> Facts:
    """Read the facts that a request is compared with, in one statement."""
    row = connection.execute(
        text(
            "WITH own AS (SELECT iban FROM nominal WHERE reference = :reference),"
            " previous AS (SELECT r.headcount, n.iban FROM request r JOIN nominal n USING (reference)"
            "   WHERE r.siret = :siret AND r.reference < :reference ORDER BY r.reference DESC LIMIT 1)"
            " SELECT ARRAY(SELECT r.reference FROM request r"
            "   LEFT JOIN decision d ON d.reference = r.reference AND d.state = 'notified'"
            "   WHERE r.siret = :siret AND r.reference <> :reference"
            "   AND coalesce(r.outcome NOT IN ('refused', 'desisted'), true)"
            "   AND coalesce(d.start_on, r.start_on) <= :end_on AND coalesce(d.end_on, r.end_on) >= :start_on"
            "   ORDER BY r.reference) AS overlapping,"
            " (SELECT count(DISTINCT r.siret) FROM nominal n JOIN request r USING (reference)"
            "   WHERE n.iban = (SELECT iban FROM own) AND r.siret <> :siret) AS others_with_account,"
            " coalesce((SELECT iban FROM previous) <> (SELECT iban FROM own), false) AS account_changed,"
            " (SELECT headcount FROM previous) AS previous_headcount,"
            " (SELECT listed FROM enrolment WHERE siret = :siret AND status = 'activated'"
            "   ORDER BY id DESC LIMIT 1) AS enrolled_as"
        ),
        case.model_dump(include={"reference", "siret", "start_on", "end_on"}),
    )
    return Facts.model_validate(dict(row.mappings().one()))
