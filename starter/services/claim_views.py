"""Claims as their employer and the agents read them: versions, people, amounts explained. Agents read no name."""

from datetime import date
from itertools import chain
from typing import Final, NamedTuple

from law.payment import payment_delay
from models.claim_files import canonical
from models.claim_files.claim import Claim
from models.errors import Conflict, Unknown
from models.explanations import reason_records
from models.store.agency import claim_waits
from models.store.cases.records import RequestRecord
from models.store.claims import circumstances, explanations, people, versions
from models.store.claims.circumstances import Stated
from models.store.claims.records import ClaimRecord
from models.store.claims.sealed_people import ListedPerson, list_people
from models.store.paging import PAGE_SIZE
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.services.claim_schemas import (
    ClaimItems,
    ClaimVersions,
    ClaimView,
    ExplanationView,
    FiledClaim,
    PersonItems,
    PersonView,
    claim_members,
)

ERASED: Final = "Les salariés de cette demande ont été effacés avec l’historique du dossier."


class ClaimAddress(NamedTuple):
    """The claim of a month and part; `month` is its first day, `version` None for the last one."""

    reference: str
    month: date
    part: int = 1
    version: int | None = None


def list_claims(context: Context, credential: PresentedCredential, reference: str) -> ClaimItems:
    """Return the last version of each claim of an authorization; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CLAIM) as caller:
        case = caller.request(reference)
        last = versions.list_last(caller.connection, case.reference)
        return ClaimItems(items=tuple(view(caller, case, each) for each in last))


def read_month(context: Context, credential: PresentedCredential, to: ClaimAddress) -> ClaimVersions:
    """Return every version of a claim; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CLAIM) as caller:
        case = caller.request(to.reference)
        found = versions.list_of_month(caller.connection, case.reference, to.month, to.part)
        if not found:
            raise Unknown(to.reference)
        listed = tuple(view(caller, case, each) for each in found)
    return ClaimVersions(reference=case.reference, month=f"{to.month:%Y-%m}", part=to.part, versions=listed)


def list_lines(
    context: Context, credential: PresentedCredential, to: ClaimAddress, after: int = 0, limit: int = PAGE_SIZE
) -> PersonItems:
    """Return people of a claim: numbers, and for the employer who they are; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CLAIM) as caller:
        _, claim = find(caller, to)
        if Verb.READ_PERSONS.rule.scope(caller.account.role) is None:
            figures = people.list_figures(caller.connection, claim.id, after=after, limit=limit)
            read = [ListedPerson(each, None) for each in figures]
            erased = False
        else:
            read = list(list_people(caller.connection, claim.id, context.master, after=after, limit=limit))
            erased = any(each.named is None for each in read)
    last = read[-1].figures.n if len(read) == limit else None
    return PersonItems(version=claim.version or 0, erased=erased, items=tuple(map(PersonView.of, read)), next=last)


def explain_line(context: Context, credential: PresentedCredential, to: ClaimAddress, n: int) -> ExplanationView:
    """Return why the person of a line is paid what they are; raises `Unknown`."""
    with context.admit(credential, Verb.READ_CLAIM) as caller:
        case, claim = find(caller, to)
        figures = people.find_figures(caller.connection, claim.id, n)
        if figures is None:
            raise Unknown(str(n))
        stated = _circumstances(caller, case, claim)
    return ExplanationView.of(explanations.of_person(figures, stated))


class WrittenClaim(NamedTuple):
    """The canonical CSV of a claim, and the name under which it is saved."""

    file_name: str
    content: bytes


def write_file(context: Context, credential: PresentedCredential, to: ClaimAddress) -> WrittenClaim:
    """Return the canonical CSV of a claim, for its employer; raises `Unknown`, and `Conflict` once it is erased."""
    with context.admit(credential, Verb.READ_PERSONS) as caller:
        _, claim = find(caller, to)
        listed = list(list_people(caller.connection, claim.id, context.master))
    stated = [(each.named, each.figures) for each in listed if each.named]
    if len(stated) < len(listed):
        raise Conflict("people-erased", ERASED)
    lines = chain.from_iterable(named.lines(figures) for named, figures in stated)
    direct = any(named.payee for named, _ in stated)
    content = "".join(canonical.write(lines, direct=direct)).encode()
    return WrittenClaim(f"{claim.subject.replace(':', '-')}.csv", content)


def find(caller: Caller, to: ClaimAddress) -> tuple[RequestRecord, ClaimRecord]:
    """Return a case that a caller may see, and the version of a claim; raises `Unknown`."""
    case = caller.request(to.reference)
    found = versions.list_of_month(caller.connection, case.reference, to.month, to.part)
    chosen = [each for each in found if to.version in (None, each.version)]
    if not chosen:
        raise Unknown(to.reference)
    return case, chosen[-1]


def view(caller: Caller, case: RequestRecord, claim: ClaimRecord) -> ClaimView:
    """Return one version as it is shown."""
    return ClaimView.model_validate(_members(caller, case, claim))


def filed(caller: Caller, case: RequestRecord, claim: ClaimRecord) -> FiledClaim:
    """Return a claim that was received, and how its amounts were reached."""
    why = explanations.of_claim(people.every(caller.connection, claim.id), _circumstances(caller, case, claim))
    delay = payment_delay(case.day_of(claim.received_at)).why if claim.received_at else ()
    return FiledClaim.model_validate(_members(caller, case, claim) | {"why": reason_records((*why, *delay))})


def _members(caller: Caller, case: RequestRecord, claim: ClaimRecord) -> dict[str, object]:
    connection = caller.connection
    answers, listed = versions.list_answers(connection, claim.id), versions.list_documents(connection, claim.id)
    waits = claim_waits.find_why(connection, claim)
    return claim_members(case, claim, answers, listed, waits, to_employer=caller.is_employer)


def _circumstances(caller: Caller, case: RequestRecord, claim: ClaimRecord) -> Claim:
    stated = Stated(claim.structural, claim.sector, claim.holidays_worked)
    return circumstances.find(caller.connection, case.reference, claim.month, stated)[1]
