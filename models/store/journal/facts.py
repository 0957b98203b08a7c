"""What an event makes true: digests of the rows that it leaves behind, computed by the database alone.

`append_event` adds them to every event: of a case, all its rows as they are after the event; of the access log, the
account, token or delegation that the event names. The audit computes them again by the statements below, which
are written out once more in the migration that defines the function: it does not trust what the database holds
as a function. A row that changes without an event is therefore different from what the last event states.

Whatever holds names, bank accounts or free text is digested with the random salt of the nominal row. Erasing that
row, by an act that appends `nominal_erased`, leaves the chain whole and nothing that could be guessed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from re import fullmatch
from typing import Final, NamedTuple, Protocol

from sqlalchemy import Connection, text

from models.identifiers import Message
from models.store.journal.course import Course
from models.store.journal.fact_statements import CASE_FACTS, FIRM_FACTS

VERSION: Final = "v"
"""Key of the version of these statements; a later version must still be able to judge this one."""
ADDED: Final = {
    "filing": "2",
    "scopes": "2",
    "holds": "2",
    "files": "3",
    "filed_for": "4",
    "parties": "4",
    "claim_terms": "2",
}
"""Version that added a fact, if not the first: events of an earlier one say nothing of it."""
LABELS: Final = {
    "request": "la demande n’est plus celle que cet événement a inscrite",
    "deadline": "l’échéance n’est plus celle que cet événement a fixée",
    "outcome": "l’issue, son effet ou ses dates ne sont plus ceux que cet événement a établis",
    "nominal": "l’auteur ou les circonstances ne sont plus ceux que cet événement a inscrits",
    "bank_account": "le compte bancaire (IBAN, titulaire) n’est plus celui que cet événement a inscrit",
    "receipts": "un récépissé n’est plus celui que cet événement a inscrit",
    "opinions": "un avis du CSE n’est plus celui que cet événement a inscrit",
    "decisions": "une décision n’est plus celle que cet événement a inscrite",
    "completions": "une demande de pièces n’est plus celle que cet événement a inscrite",
    "documents": "la liste des documents publiés n’est plus celle que cet événement a laissée",
    "deposits": "une ligne transmise à l’ASP n’est plus celle que cet événement a inscrite",
    "filing": "ce que la demande dit d’autres salariés, ou ses signaux, ne sont plus ceux de cet événement",
    "scopes": "l’établissement, le motif ou les salariés d’une décision ne sont plus ceux de cet événement",
    "filed_for": "la partie pour qui la demande a été déposée n’est plus celle de cet événement",
    "bank_changes": "un changement de compte bancaire n’est plus celui que cet événement a inscrit",
    "amends": "l’autorisation que la demande modifie n’est plus celle de cet événement",
    "parties": "la partie à qui une décision a été rendue n’est plus celle de cet événement",
    "holds": "ce qui suspend la transmission à l’ASP n’est plus ce que cet événement a inscrit",
    "files": "un fichier joint (avis, pièce) n’est plus celui que cet événement a cité",
    "account": "le rôle, les départements ou la clôture d’un compte ne sont plus ceux de cet événement",
    "token": "un jeton n’est plus celui de cet événement",
    "delegation": "une délégation n’est plus celle de cet événement",
    "instruction": "une instruction permanente n’est plus celle de cet événement",
    "terms": "ce que donne un jeton, une délégation ou une instruction n’est plus ce que cet événement a inscrit",
    "quota_exception": "un dépassement du contingent d’heures n’est plus celui de cet événement",
    "quota_end": "la fin d’un dépassement du contingent d’heures n’est plus celle de cet événement",
    "sign_in": "les moyens de connexion d’un compte ne sont plus ceux de cet événement",
    "person": "le nom ou l’adresse électronique d’un compte ne sont plus ceux de cet événement",
    "letter": "une lettre ou l’empreinte de son code ne sont plus celles de cet événement",
    "establishment": "le département d’un établissement n’est plus celui de cet événement",
    "authority": "les habilitations sur un établissement ne sont plus celles de cet événement",
    "mandate": "le nom ou l’adresse électronique d’un mandataire ne sont plus ceux de cet événement",
    "members": "les appartenances ou les mandats d’un compte ne sont plus ceux de cet événement",
    "entitlement": "ce à quoi l’autorisation donne droit n’est plus ce que cet événement a inscrit",
    "amended_by": "l’avenant dont les heures sont au grand livre n’est plus celui de cet événement",
    "grants": "les heures accordées au grand livre ne sont plus celles de cet événement",
    "claim": "la demande d’indemnisation n’est plus celle que cet événement a inscrite",
    "claim_terms": "le secteur, les heures structurelles ou les termes de ses semaines ne sont plus ceux inscrits",
    "claim_holidays": "ce que la demande d’indemnisation dit des jours fériés n’est plus ce qui est inscrit",
    "claim_withdrawn": "le retrait inscrit de la demande d’indemnisation n’est plus celui de cet événement",
    "claim_state": "l’état de la demande d’indemnisation n’est plus celui que cet événement a établi",
    "people": "un salarié de la demande d’indemnisation n’est plus celui que cet événement a inscrit",
    "weeks": "les semaines de la demande d’indemnisation ne sont plus celles que cet événement a inscrites",
    "entries": "une écriture du grand livre n’est plus celle que cet événement a inscrite",
    "visas": "un visa de la demande d’indemnisation n’est plus celui que cet événement a inscrit",
    "payments": "un paiement de la demande d’indemnisation n’est plus celui que cet événement a inscrit",
    "answers": "une réponse de l’ASP n’est plus celle que cet événement a inscrite",
    "course": "un événement du dossier ne peut venir où il est",
    "silent": "un événement du dossier ne dit rien de ses lignes",
}
"""What is wrong when a row differs from its event, in French, by the fact's key."""

CHANGES: Final = {
    "request": "request_received",
    "deadline": "request_received|completion_requested|completion_received|completion_request_cancelled",
    "outcome": "authorization_tacitly_granted|decision_notified|request_desisted|case_closed",
    "nominal": "request_received|nominal_erased",
    "bank_account": "request_received|holder_stated|bank_account_changed|nominal_erased",
    "receipts": "request_received|completion_received",
    "opinions": "request_received|works_council_opinion_received",
    "decisions": r"decision_\w+|request_desisted|nominal_erased",
    "completions": r"completion_\w+|decision_notified|request_desisted|nominal_erased",
    "documents": r"\w+_issued|decision_notified|completion_requested|claim_signed|claim_refused",
    "deposits": "handed_to_asp|claim_handed_to_asp|bank_change_handed_to_asp",
    "filing": "request_received",
    "scopes": r"decision_\w+|request_desisted",
    "filed_for": "request_received",
    "amends": "request_received",
    "bank_changes": "bank_change_received|bank_change_decided|bank_change_decision_lapsed|bank_account_changed"
    "|bank_change_decision_issued|nominal_erased",
    "parties": r"decision_\w+|request_desisted",
    "holds": "hand_over_held|hand_over_released",
    "files": "request_received|works_council_opinion_received|completion_received|nominal_erased",
    "entitlement": "entitlement_opened|entitlement_amended",
    "grants": "entitlement_opened|entitlement_amended",
    "amended_by": "entitlement_opened|entitlement_amended",
    "claim": "claim_received|claim_people_erased",
    "claim_terms": "claim_received",
    "claim_holidays": "claim_received",
    "claim_withdrawn": "claim_withdrawal_recorded",
    "claim_state": r"claim_\w+",
    "people": "claim_received|claim_people_erased",
    "weeks": "claim_received",
    "entries": "claim_received|claim_replaced|claim_refused|claim_rejected|claim_voided|claim_handed_to_asp"
    r"|claim_accepted|claim_ordered|payment_\w+",
    "visas": r"claim_agreed|claim_agreement_lapsed|claim_refusal_\w+|claim_refused",
    "payments": r"payment_\w+|claim_people_erased",
    "answers": "claim_accepted|claim_rejected",
}
"""Types of the events at which each fact may become another. Every event states all facts of its case: without this,
the next one after a change behind our back would take it for true."""

NAMED_CHANGES: Final = {
    "account": "account_(stated|opened|changed|closed)",
    "token": "token_(stated|issued|revoked)",
    "delegation": "delegation_(stated|given|revoked)",
    "instruction": "instruction_(given|revoked)",
    "terms": "(token|delegation)_stated|token_issued|delegation_given|instruction_given",
    "quota_exception": "quota_exceeded_by_decision",
    "quota_end": "quota_exception_ended",
    "sign_in": "powers_stated|account_opened|sign_in_changed",
    "person": "account_(stated|opened|changed|readdressed|renamed)",
    "letter": "letter_(stated|ordered|printed)",
    "establishment": "authority_changed|establishment_relocated",
    "authority": "authority_(changed|proven|revoked)",
    "mandate": "mandate_(stated|given)",
    "members": "powers_stated|account_opened|members_changed",
}
"""The same for what an event names beside the facts of a case: no other event of an account says what its role is."""


class Changed(Message):
    """A case whose rows are no longer what its last event states, or whose events cannot follow one another.

    `keys` are those of `LABELS`; `numbers` are those of the events that state them, in the chain `stated_in`, which is
    empty when no event states an authority.
    """

    subject: str
    keys: tuple[str, ...]
    numbers: tuple[int, ...]
    stated_in: str

    @property
    def told(self) -> tuple[str, ...]:
        """What is wrong, in French, with the place of the event."""
        if not self.stated_in:
            return ("aucun événement n’établit les habilitations sur l’établissement",)
        places = zip(self.keys, self.numbers, strict=True)
        return tuple(f"{LABELS.get(key, key)} ({self.stated_in}, n° {number})" for key, number in places)


Stated = dict[str, tuple[str, int]]
"""What the events of a case state so far: key → digest, and the number of the event that made it so."""


def follow(before: Stated, seq: int, kind: str, facts: Mapping[str, str]) -> Stated:
    """Return what is stated after one more event, which changes only what events of its type may change."""
    after, covered = dict(before), _covered(before[VERSION][0] if VERSION in before else "")
    for key in before.keys() | facts.keys():
        if covered(key) and not fullmatch(CHANGES.get(key, ".*"), kind):
            continue
        if key == VERSION and key in before and facts.get(key, "") < before[key][0]:
            continue  # a later version is never left again
        if key not in facts:
            del after[key]
        elif key not in before or before[key][0] != facts[key]:
            after[key] = facts[key], seq
    return after


def _covered(version: str) -> Callable[[str], bool]:
    """Return whether events of a version, the empty one being none, say anything of a fact."""
    return lambda key: ADDED.get(key, "1") <= version


def strings(found: object) -> dict[str, str]:
    """Return the members of a JSON object that are strings: whoever changed it may have left anything there."""
    members = found.items() if isinstance(found, dict) else ()
    return {key: value for key, value in members if isinstance(value, str)}


def differing(stated: dict[str, str], found: dict[str, str] | None) -> tuple[str, ...]:
    """Return the keys under which what is found differs from what an event states."""
    now, covered = found or {}, _covered(stated.get(VERSION, ""))
    keys = sorted((stated.keys() | now.keys()) - {VERSION})
    return tuple(key for key in keys if covered(key) and stated.get(key) != now.get(key))


def find_changed(connection: Connection, references: Sequence[str]) -> list[Changed]:
    """Return those of these cases whose rows changed without an event, or by one that cannot come where it is.

    Cases of before have no facts to differ from.
    """
    return compare(connection, references, read(connection, references), lambda _: Course())


class Grammar(Protocol):
    """Where the events of one chain may come."""

    def follow(self, kind: str, data: Mapping[str, str], /) -> str | None:
        """Take one more event, or say in French why it cannot come here."""


class _Event(NamedTuple):
    subject: str
    seq: int
    type: str
    data: object
    facts: object
    late: bool
    """Whether every event states facts at its place."""


def compare(
    connection: Connection,
    subjects: Sequence[str],
    now: Mapping[str, dict[str, str]],
    course_of: Callable[[str], Grammar],
) -> list[Changed]:
    """Return those of some chains whose rows, digested `now`, are not those of their events, or in no order of ours."""
    events = (_Event(*row) for row in connection.execute(_EVENTS, {"references": list(subjects)}))
    chains = groupby(events, key=lambda each: each.subject)
    found = (_examine(subject, chain, now.get(subject), course_of(subject)) for subject, chain in chains)
    return [each for each in found if each]


def _examine(subject: str, chain: Iterable[_Event], now: dict[str, str] | None, course: Grammar) -> Changed | None:
    stated: Stated = {}
    misplaced, silent, last = 0, 0, 0
    for each in chain:
        facts, last = strings(each.facts), each.seq
        if VERSION in facts:
            stated = follow(stated, each.seq, each.type, facts)
        elif (stated or each.late) and not silent:
            silent = each.seq
        if course.follow(each.type, strings(each.data)) and not misplaced:
            misplaced = each.seq
    keys = differing({key: value for key, (value, _) in stated.items()}, now) if stated else ()
    numbers = tuple(stated[key][1] if key in stated else last for key in keys)
    for key, number in (("course", misplaced), ("silent", silent)):
        if number:
            keys, numbers = (*keys, key), (*numbers, number)
    return Changed(subject=subject, keys=keys, numbers=numbers, stated_in=subject) if keys else None


def find_changed_firms(connection: Connection, references: Sequence[str]) -> list[Changed]:
    """Return those of these cases over whose establishment an authority changed without an event."""
    rows = connection.execute(_CHANGED_FIRMS, {"references": list(references)})
    return [
        Changed(subject=row.reference, keys=("authority",), numbers=(row.seq,), stated_in=row.stated_in) for row in rows
    ]


def read(connection: Connection, references: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the digests of these cases as they are now, by reference."""
    rows = connection.execute(_NOW, {"references": list(references)})
    return {row.reference: row.facts for row in rows}


_NOW = text(f"{CASE_FACTS} WHERE r.reference = ANY(:references)")
_EVENTS = text(
    "SELECT subject, seq, type, data, facts, position > coalesce((SELECT min(position) FROM event"
    "  WHERE subject = 'journal' AND type = 'facts_begun'), 0) AS late"
    " FROM event WHERE subject = ANY(:references) ORDER BY subject, seq"
)
_CHANGED_FIRMS = text(
    f"WITH found AS ({FIRM_FACTS})"  # noqa: S608  our own text
    " SELECT r.reference, coalesce(last.subject, '') AS stated_in, coalesce(last.seq, 0) AS seq"
    " FROM request r LEFT JOIN found f ON f.key = 'authority:' || r.siret LEFT JOIN LATERAL"
    "  (SELECT e.subject, e.seq, e.facts ->> ('authority:' || r.siret) AS digest FROM event e"
    "   WHERE e.data ->> 'siret' = r.siret"
    "   AND e.type IN ('authority_changed', 'authority_proven', 'authority_revoked')"
    "   ORDER BY e.position DESC LIMIT 1) last ON true"
    " WHERE r.reference = ANY(:references) AND f.digest IS DISTINCT FROM last.digest ORDER BY r.reference"
)
