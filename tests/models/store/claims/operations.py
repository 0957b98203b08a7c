"""Random acts on claims, drawn from what a pure model says of them, and done in the register and the model alike."""

from copy import copy
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from sqlalchemy import Connection

from law.decision import Terms
from models.claim_labels import ClaimState
from models.store.claims import admission, agreements, ends, entitlements, records, staging, steps, visas
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.staging import StagedClaim, StagedPerson
from models.store.journal.events import SYSTEM, Actor
from tests import amendments
from tests.cases import accept_by_silence
from tests.models.store.claims.builders import EMPLOYER, a_person, pay
from tests.models.store.claims.claims_model import ACCOUNTS, STEPS, Model
from tests.models.store.claims.claims_sums import Claim
from tests.models.store.claims.reviewed import CLAIM_GROUNDS

FIRST: Final = Terms(date(2026, 12, 1), date(2027, 2, 28), 3, Decimal(120))
ENDS_ON: Final = (date(2027, 1, 31), date(2027, 2, 10), date(2027, 2, 28))
WEEKS: Final = {
    date(2026, 12, 1): (date(2026, 12, 7), date(2026, 12, 28)),
    date(2027, 1, 1): (date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11)),
    date(2027, 2, 1): (date(2027, 2, 1), date(2027, 2, 8)),
}
"""Months, each with some of its weeks: one of them is of two months."""
FORWARD: Final = ("control", "agree", "sign", "hand_over", "accept", "order", "pay")


class Act(NamedTuple):
    """What is done: to which claim (its place in the model), beside which other one, or to which authorization."""

    verb: str
    number: int = -1
    replaced: int | None = None
    reference: str = ""
    terms: Terms | None = None
    claim: Claim | None = None


@dataclass
class World:
    """Some authorizations, what the model says of them, and the ids that the register gave to its claims."""

    random: Random
    agent: Actor
    model: Model = field(default_factory=Model)
    ids: list[str] = field(default_factory=list)

    def copy(self) -> "World":
        """Return the same world, which draws the same acts."""
        return World(copy(self.random), self.agent, self.model.copy(), [*self.ids])

    def draw(self) -> Act:
        """Draw an act: mostly claims and what comes next to them, sometimes what is not possible."""
        claims, chance = self.model.claims, self.random.random()
        if chance < 0.35 or not claims:
            return self._a_claim("claim" if chance < 0.3 else "stage")
        if chance < 0.4:
            staged = [n for n, each in enumerate(claims) if each.state is ClaimState.CHECKED]
            return self._an_admission(self.random.choice(staged or range(len(claims))))
        if chance < 0.43 and not self.model.is_late:
            return Act("amend", reference=self._a_reference(), terms=self._some_terms())
        if chance < 0.45:
            return Act("follow", reference=self._a_reference())
        living = [n for n, each in enumerate(claims) if each.state in ACCOUNTS and each.state is not ClaimState.PAID]
        number = self.random.choice(living or range(len(claims)))
        if chance < 0.75:
            before = [verb for verb in FORWARD if claims[number].state in STEPS[verb][0]]
            return Act(before[0] if before else "control", number)
        if chance < 0.9:
            return Act(self.random.choice(("cancel", "refuse", "sign_refusal", "reject", "hold", "release")), number)
        return Act(self.random.choice([*STEPS]), self.random.randrange(len(claims)))

    def _a_reference(self) -> str:
        return self.random.choice([*self.model.authorizations])

    def _some_terms(self) -> Terms:
        hours, employees = Decimal(self.random.randint(40, 250)), self.random.randint(2, 4)
        return Terms(FIRST.start_on, self.random.choice(ENDS_ON), employees, hours)

    def _a_claim(self, verb: str) -> Act:
        month = self.random.choice([*WEEKS])
        people = self.random.sample(range(1, 5), self.random.randint(1, 2))
        part, structural, months = self.random.randint(1, 2), self.random.random() < 0.3, self.random.choice((None, 12))
        staged = tuple(self._somebody(n, person, month, structural=structural) for n, person in enumerate(people, 1))
        claim = Claim(self._a_reference(), month, part, staged, structural, months)
        replaced = self._an_admission(len(self.ids), claim).replaced if verb == "claim" else None
        return Act(verb, len(self.ids), replaced, claim=claim)

    def _somebody(self, n: int, person: int, month: date, *, structural: bool) -> StagedPerson:
        contract = self.random.choice(("24", "35", "39"))
        most = min(Decimal(contract), Decimal(39 if structural else 35))
        weeks = WEEKS[self.random.choice([*WEEKS])] if self.random.random() < 0.05 else WEEKS[month]
        stated = [
            (monday, str(min(Decimal(self.random.choice(("0", "3.5", "7", "12.01", "24", "39"))), most)), worked)
            for monday in self.random.sample(weeks, self.random.randint(1, len(weeks)))
            for worked in self.random.choices(("0", "7"), (3, 1))
        ]
        if not any(float(idle) for _, idle, _ in stated):
            stated[0] = (stated[0][0], "7", "0")
        return a_person(person, *stated, n=n, contract=contract, cents=self.random.randint(1, 40_000))

    def _an_admission(self, number: int, claim: Claim | None = None) -> Act:
        """An admission of a claim, mostly in the place of the version that stands, if there is one."""
        place = (claim or self.model.claims[number]).place
        standing = [n for n, each in enumerate(self.model.claims) if each.place == place and each.state in ACCOUNTS]
        chance = self.random.random()
        if chance < 0.05 and self.ids:
            return Act("admit", number, self.random.randrange(len(self.ids)))
        return Act("admit", number, standing[0] if standing and chance < 0.9 else None)

    def expect(self, act: Act) -> str:
        """Do an act in the model."""
        if act.verb == "amend":
            assert act.terms is not None
            return self.model.amend(act.reference, act.terms)
        if act.verb == "follow":
            return self.model.follow(act.reference)
        if act.claim:
            self.model.stage(replace(act.claim))
        claim = self.model.claims[act.number]
        if act.verb in ("claim", "admit"):
            return self.model.admit(claim, None if act.replaced is None else self.model.claims[act.replaced])
        return "staged" if act.verb == "stage" else self.model.step(claim, act.verb)

    def do(self, connection: Connection, act: Act) -> str:
        """Do an act in the register."""
        if act.verb == "amend":
            assert act.terms is not None
            filed = amendments.file(connection, act.reference, **asdict(act.terms))
            accept_by_silence(connection, filed)
            return "accepted"
        if act.verb == "follow":
            entitlements.follow_amendments(connection, act.reference)
            return "followed"
        if act.claim:
            stated = act.claim
            months = stated.reference_months
            row = StagedClaim(*stated.place, structural=stated.structural, reference_months=months)
            self.ids.append(staging.stage(connection, row, stated.people, lambda _id, _n: None))
        if act.verb in ("claim", "admit"):
            replaced = None if act.replaced is None else self.ids[act.replaced]
            return _admit(connection, self.ids[act.number], replaced)
        if act.verb == "stage":
            return "staged"
        return "done" if _step(connection, self.ids[act.number], act.verb, self.agent) else "impossible"


def _admit(connection: Connection, claim_id: str, replaces: str | None) -> str:
    try:
        with connection.begin_nested():
            return admission.admit(connection, claim_id, EMPLOYER, replaces=replaces).state.value
    except AdmissionRefused as refused:
        return f"{refused.slug} {[*refused.lines]}" if refused.lines else refused.slug


def _step(connection: Connection, claim_id: str, verb: str, agent: Actor) -> bool:
    """Do something with a claim as an agent, the employer, the agency or its process does; whether it was possible."""
    to = STEPS[verb][1]
    match verb:
        case "agree":
            return visas.agree(connection, claim_id, agent) == "done"
        case "refuse":
            return visas.register_refusal(connection, claim_id, CLAIM_GROUNDS, agent) == "done"
        case "sign_refusal":
            return agreements.may_sign_refusal(connection, claim_id) and ends.end(connection, claim_id, to, SYSTEM)
        case "cancel" | "reject":
            return ends.end(connection, claim_id, to, SYSTEM, reason="x")
        case "order" | "pay":
            return _pay(connection, claim_id, to)
        case _:
            return steps.take(connection, claim_id, to)


def _pay(connection: Connection, claim_id: str, to: ClaimState) -> bool:
    """Pay as far as the next state: no program does it yet."""
    is_next = records.get(connection, claim_id).state in STEPS["order" if to is ClaimState.ORDERED else "pay"][0]
    if is_next:
        pay(connection, claim_id, to.value)
    return is_next
