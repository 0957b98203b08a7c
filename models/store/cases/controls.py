"""Facts that the controls compare a request with: other requests and their bank accounts."""

from typing import Final

from sqlalchemy import Connection, text

from models.identifiers import Message
from models.messages.enrolment import Listed
from models.store.cases.granted import granted_of, notified_of
from models.store.cases.records import RequestRecord

SHARED_ACCOUNT: Final = "Compte bancaire déjà donné par"
"""How the signal of an account that other establishments gave begins."""
SHARED_SINCE: Final = "Une autre entreprise a donné depuis le même compte bancaire."
"""What the controls of the later one tell of itself alone, said of the one that gave the account first."""


class Facts(Message):
    """Facts about a request from the rest of the register; they hold no name and no bank account."""

    overlapping: tuple[str, ...]
    """Requests of the establishment, of any ground, neither refused nor desisted, whose period overlaps. An amendment
    does not overlap what it amends."""
    others_with_account: int
    """Other establishments that gave the same bank account."""
    account_country: str | None = None
    """First letters of the request's own bank account: the country in which it is held."""
    account_changed: bool
    """Whether it differs from that of the establishment's previous request."""
    previous_headcount: int | None
    """Headcount stated in the establishment's previous request."""
    enrolled_as: Listed | None = None
    """What the register of establishments said when the employer enrolled."""
    stated_name: str | None = None
    stated_address: str | None = None
    """What the employer stated when enrolling; None for an establishment that an operator added."""
    head_office_department: str | None = None
    """Département of the head office of a secondary establishment, if the register of establishments told it."""
    department_vouched: bool = True
    """Whether somebody else than the employer says where the establishment is: the register of establishments, a letter
    that reached it, an agent; a trial account counts."""


def get_facts(connection: Connection, case: RequestRecord) -> Facts:
    """Read the facts that a request is compared with, in one statement."""
    row = connection.execute(
        text(
            "WITH own AS (SELECT iban, iban_mark FROM nominal WHERE reference = :reference),"  # noqa: S608
            " previous AS (SELECT r.headcount, n.iban FROM request r JOIN nominal n USING (reference)"
            "   WHERE r.siret = :siret AND r.reference < :reference AND NOT EXISTS (SELECT FROM hand_over_hold h"
            "     WHERE h.reference = r.reference AND h.reason = 'eviction') ORDER BY r.reference DESC LIMIT 1),"
            " stated AS (SELECT name, address FROM enrolment WHERE siret = :siret AND status = 'activated'"
            "   ORDER BY id DESC LIMIT 1)"
            " SELECT ARRAY(SELECT r.reference FROM request r"
            f"   {notified_of('r')}"
            "   WHERE r.siret = :siret AND left(r.reference, 9) <> left(:reference, 9)"
            "   AND coalesce(r.outcome NOT IN ('refused', 'desisted'), true)"
            f"   AND {granted_of('r', 'start_on')} <= :end_on AND {granted_of('r', 'end_on')} >= :start_on"
            "   ORDER BY r.reference) AS overlapping,"
            " (SELECT count(DISTINCT r.siret) FROM nominal n JOIN request r USING (reference)"
            "   WHERE (n.iban_mark = (SELECT iban_mark FROM own)"
            # Rows of before have no mark until a night makes it.
            "   OR n.iban_mark IS NULL AND n.iban = (SELECT iban FROM own)"
            "   OR (SELECT iban_mark FROM own) IS NULL AND n.iban = (SELECT iban FROM own))"
            "   AND r.siret <> :siret) AS others_with_account,"
            " (SELECT left(iban, 2) FROM own) AS account_country,"
            " coalesce((SELECT iban FROM previous) <> (SELECT iban FROM own), false) AS account_changed,"
            " (SELECT headcount FROM previous) AS previous_headcount,"
            " (SELECT listed FROM enrolment WHERE siret = :siret AND status = 'activated'"
            "   ORDER BY id DESC LIMIT 1) AS enrolled_as,"
            " (SELECT name FROM stated) AS stated_name, (SELECT address FROM stated) AS stated_address,"
            " (SELECT office.listed ->> 'department' FROM company own JOIN company office"
            "   ON office.siret = own.listed ->> 'head_office_siret' AND office.siret <> own.siret"
            "   WHERE own.siret = :siret) AS head_office_department,"
            " (SELECT department_confirmed FROM establishment WHERE siret = :siret) OR EXISTS (SELECT FROM authority a"
            "   WHERE a.siret = :siret AND a.proof IN ('letter', 'validation', 'trial')"
            "   AND a.ending IS DISTINCT FROM 'revoked') AS department_vouched"
        ),
        case.model_dump(include={"reference", "siret", "start_on", "end_on"}),
    )
    return Facts.model_validate(dict(row.mappings().one()))
