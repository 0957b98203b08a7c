"""Hand-overs that must wait for an agent: one beyond the limits of R. 5122-9, a request on paper.

Silence is a right: what it accepts stands, whatever it exceeds (CRPA L. 242-1 is the way to withdraw it). It is
flagged, and handed to the paying agency once a signatory has looked at it. So is a grant that pays the same days again:
whoever signed it may not have known what would be handed over before it. Each is compared with all that was handed over
for the establishment, whenever it was accepted and whoever filed it: of two people of one firm, the first accepted may
be the last to prove. Of several acceptances that exceed the limits together, the first otherwise keeps within them.

A signatory who lets it go has read how it exceeds (its signals); it waits again if it then exceeds otherwise.
"""

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, not_, or_, select, tuple_

from law.living import LivingRequest, excess, repetitions
from models.identifiers import REFERENCE_LENGTH, authorization_of
from models.labels import AUTHORIZING, HoldReason, Outcome
from models.store.cases import holds, living, requests
from models.store.cases.authority_holds import FILED_WITH_AUTHORITY
from models.store.cases.records import RequestRecord
from models.store.people import companies, parties
from models.store.schema.cases import request
from models.store.schema.journal import deposit_row


def hold_for_review(connection: Connection, reference: str) -> None:
    """Hold a hand-over that an agent must look at first, unless one has looked already.

    Locks the establishment, so that hand-overs of one instant are judged one after the other.
    """
    case = requests.get(connection, reference)
    requests.hold_establishment(connection, case.siret)
    if case.channel == "paper" and not holds.was_held(connection, reference, HoldReason.PAPER):
        holds.hold(connection, reference, HoldReason.PAPER)
    case = requests.get(connection, reference)  # as it is under the lock
    kind = EXCESS[case.outcome is Outcome.GRANTED]
    exceeded = [f"{kind}{each}" for each in _exceeded(connection, case)]
    untold = [each for each in exceeded if each not in case.signals]
    if untold and holds.hold(connection, reference, HoldReason.LIMITS):
        requests.add_signals(connection, reference, [*case.signals, *untold])


EXCESS = ("Acceptation implicite au-delà des limites : ", "Jours autorisés aussi pour d’autres : ")
"""How a signal of this module begins, for an acceptance by silence and for a grant; the controls keep it."""


def _exceeded(connection: Connection, case: RequestRecord) -> tuple[str, ...]:
    """Return, a sentence each, what an agent must look at.

    A grant excludes others of its own party when it is registered; of other parties, whoever is a stranger then may
    have proven an authority since.
    """
    if case.outcome not in AUTHORIZING:
        return ()
    [own] = living.list_where(connection, case.siret, request.c.reference == case.reference)
    directory = companies.find_listed(connection, case.siret)
    listed = directory.headcount.most if directory and directory.headcount else None
    together = parties.is_filed_for(request.c.party, case.party)
    proven: ColumnElement[bool] = literal_column(FILED_WITH_AUTHORITY)
    if case.outcome is Outcome.TACIT:
        return excess(own, case.law_day, _list_others(connection, case, or_(together, proven)), listed)
    return repetitions(own, _list_others(connection, case, and_(not_(together), proven)), listed)


def _list_others(connection: Connection, case: RequestRecord, counting: ColumnElement[bool]) -> list[LivingRequest]:
    """Return what was handed over for the establishment and, of what counts for a case, what was authorized before."""
    earlier = tuple_(request.c.effect_at, request.c.reference) < tuple_(case.effect_at, case.reference)
    authorized = (request.c.outcome.in_(AUTHORIZING), _family(request.c.reference) != authorization_of(case.reference))
    return living.list_where(connection, case.siret, *authorized, or_(_HANDED_OVER, and_(earlier, counting)))


def _family(reference: ColumnElement[str]) -> ColumnElement[str]:
    """The authorization that a request is, or amends: neither pays the days of the other again."""
    return func.left(reference, REFERENCE_LENGTH)


_HANDED_OVER = select(deposit_row.c.key).where(deposit_row.c.reference == request.c.reference).exists()
