"""A pure model of claims: what each act must answer, and every sum, recomputed from the claims that stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from law.decision import Terms
from law.quota import YearlyLimits
from models.claim_labels import ClaimState as S
from tests.models.store.claims.claims_sums import (
    ZERO,
    Authorization,
    Claim,
    Weeks,
    Years,
    blinds,
    is_above,
    lines_of,
    payable,
    weeks,
    years,
)

LIMITS: Final = YearlyLimits(Decimal(90), Decimal(50))
"""Far below those of the law, so that years are exceeded as often as weeks."""
ADMITTED: Final = (S.ADMITTED, S.HELD, S.UNDER_REVIEW, S.AGREED, S.SIGNED)
ACCOUNTS: Final = dict.fromkeys(ADMITTED, "admitted") | {
    each: each.value for each in (S.HANDED, S.ACCEPTED, S.ORDERED, S.PAID)
}
"""State in which a claim stands → the account that has its hours."""
STEPS: Final[Mapping[str, tuple[tuple[S, ...], S]]] = {
    "hold": ((S.ADMITTED, S.HELD, S.UNDER_REVIEW), S.HELD),
    "release": ((S.HELD,), S.ADMITTED),
    "control": ((S.ADMITTED,), S.UNDER_REVIEW),
    "agree": ((S.UNDER_REVIEW,), S.AGREED),
    "sign": ((S.AGREED,), S.SIGNED),
    "hand_over": ((S.SIGNED,), S.HANDED),
    "accept": ((S.HANDED,), S.ACCEPTED),
    "order": ((S.ACCEPTED,), S.ORDERED),
    "pay": ((S.ORDERED,), S.PAID),
    "reject": ((S.HANDED,), S.REJECTED),
    "cancel": ((*ADMITTED, S.ACCEPTED), S.VOID),
    "refuse": ((S.ADMITTED, S.HELD, S.UNDER_REVIEW), S.ADMITTED),
    "sign_refusal": ((S.ADMITTED, S.HELD, S.UNDER_REVIEW), S.REFUSED),
}
"""Act on a claim → from which states it is possible, and where it leads; a registered refusal leads nowhere yet."""
_SIX_DAYS: Final = timedelta(days=6)
STOPPED: Final = ("hold", "release", "control", "agree")
"""Acts that a registered refusal stops."""


@dataclass
class Model:
    """Authorizations by their references, claims in the order in which they were staged."""

    authorizations: dict[str, Authorization] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    is_late: bool = False

    def copy(self) -> "Model":
        authorizations = {key: replace(each, accepted=[*each.accepted]) for key, each in self.authorizations.items()}
        return Model(authorizations, [replace(each) for each in self.claims], self.is_late)

    def standing(self, *, without: Claim | None = None) -> list[Claim]:
        return [each for each in self.claims if each.state in ACCOUNTS and each is not without]

    def admitted_hours(self, reference: str) -> Decimal:
        return sum((each.hours for each in self.standing() if each.reference == reference), ZERO)

    def amend(self, reference: str, terms: Terms) -> str:
        self.authorizations[reference].accepted.append(terms)
        return "accepted"

    def follow(self, reference: str) -> str:
        self.authorizations[reference] = self._amended(reference)
        return "followed"

    def _amended(self, reference: str) -> Authorization:
        """An authorization once every accepted amendment is counted: hours and days that are claimed stay."""
        found = self.authorizations[reference]
        for terms in found.accepted:
            start, end = terms.start_on, terms.end_on
            for claim in (each for each in self.standing() if each.reference == reference):
                first, last = found.days(claim.month)
                mondays = [monday for each in claim.people for monday in each.weeks]
                start = min(start, max(min(mondays), first))
                end = max(end, min(max(mondays) + _SIX_DAYS, last))
            hours = max(terms.hours, self.admitted_hours(reference))
            found = replace(found, terms=Terms(start, end, terms.employees, hours))
        return replace(found, accepted=[])

    def stage(self, claim: Claim) -> str:
        self.follow(claim.reference)
        claim.authorised = self.authorizations[claim.reference].days(claim.month)
        self.claims.append(claim)
        return "staged"

    def step(self, claim: Claim, verb: str) -> str:
        """Do something with a claim, if it is where that begins; returns its state then, or why not."""
        before, to = STEPS[verb]
        is_possible = claim.state in before and not (verb in STOPPED and claim.visa == "refused")
        if verb == "refuse":
            is_possible = is_possible and not claim.visa
        if verb == "sign_refusal":
            is_possible = is_possible and claim.visa == "refused"
        if not is_possible:
            return "impossible"
        if verb in ("agree", "refuse"):
            claim.visa = "agreed" if verb == "agree" else "refused"
        claim.state = claim.state if verb == "refuse" else to
        claim.ended_late = self.is_late
        return "done"

    def admit(self, claim: Claim, replaced: Claim | None) -> str:
        """Admit a claim, whole or not at all; returns its state, or the refusal with its lines."""
        if claim.state is not S.CHECKED:
            return claim.state.value
        if replaced in self._versions(claim) and not any(each.place == claim.place for each in self.standing()):
            replaced = None
        amended = self._amended(claim.reference)
        refusal = next(self._refusals(claim, replaced, amended), None)
        if refusal is not None:
            return refusal
        self.authorizations[claim.reference] = amended
        if replaced:
            replaced.state = S.REPLACED
        claim.version = 1 + max((each.version or 0 for each in self._versions(claim)), default=0)
        claim.state, claim.late = S.ADMITTED, self.is_late
        return claim.state.value

    def _versions(self, claim: Claim) -> list[Claim]:
        return [each for each in self.claims if each.place == claim.place and each.version]

    def _refusals(self, claim: Claim, replaced: Claim | None, authorization: Authorization) -> Iterator[str]:
        """Yield why a claim is not admitted, in the order in which that is judged."""
        first, last = authorization.days(claim.month)
        mondays = [monday for each in claim.people for monday in each.weeks]
        if any(monday > last or monday + _SIX_DAYS < first for monday in mondays):
            yield "outside-period"
        if any(claim.authorised[1] > last >= monday and monday + _SIX_DAYS > last for monday in mondays):
            yield "outside-period"
        yield from self._forfeited(claim)
        standing = next((each for each in self.standing() if each.place == claim.place), None)
        if standing and (standing.state not in ADMITTED):
            yield "already-handed"
        if standing is not replaced:
            yield "claim-stands"
        others = self.standing(without=replaced)
        of_month = [each for each in others if (each.reference, each.month) == (claim.reference, claim.month)]
        if len(blinds(*of_month, claim)) > authorization.terms.employees:
            yield "employees-exceeded"
        of_reference = sum((each.hours for each in others if each.reference == claim.reference), ZERO)
        if of_reference + claim.hours > authorization.terms.hours:
            yield "hours-exceeded"
        for lines in (self._above_year(claim, replaced), self._above_week(claim, replaced)):
            if lines:
                yield f"quota-exceeded {lines}"

    def _forfeited(self, claim: Claim) -> Iterator[str]:
        """After the forfeiture what was claimed in time is put right, and nothing and nobody is added."""
        if not self.is_late:
            return
        in_time: dict[tuple[str, date, int], Claim] = {}
        for each in sorted((each for each in self.claims if each.version), key=lambda each: each.version or 0):
            if (each.reference, each.month) == (claim.reference, claim.month) and not each.late:
                in_time[each.place] = each
        claimed = {place: each for place, each in in_time.items() if each.state is not S.VOID}
        last = in_time.get(claim.place)
        if (claim.reference_months or 0) > 6 and claim.place in claimed:
            added = [each.n for each in claim.people if each.blind not in blinds(*claimed.values())]
        elif last and last.state in (S.REJECTED, S.REFUSED) and last.ended_late:
            stated = {each.blind: sum(payable(each)) for each in last.people}
            added = [each.n for each in claim.people if sum(payable(each)) > stated.get(each.blind, -1)]
        else:
            yield "forfeited"
            return
        if added:
            yield f"forfeited {added}"

    def years(self) -> Years:
        """Hours of each person, establishment and year, and those of ground 4."""
        return years(self.authorizations, self.standing())

    def _above_year(self, claim: Claim, replaced: Claim | None) -> list[int]:
        before, after = self.years(), years(self.authorizations, [*self.standing(without=replaced), claim])
        siret, lines = self.authorizations[claim.reference].siret, []
        for each in claim.people:
            key, limits = (each.blind, siret, claim.month.year), (LIMITS.hours, LIMITS.transformation)
            hours = zip(before.get(key, (ZERO, ZERO)), after.get(key, (ZERO, ZERO)), limits, strict=True)
            if any(now > then and now > limit for then, now, limit in hours):
                lines.append(each.n)
        return lines

    def weeks(self) -> Weeks:
        """Hours of each person, establishment and week, with their limit."""
        return weeks(self.authorizations, self.standing())

    def _above_week(self, claim: Claim, replaced: Claim | None) -> list[int]:
        after = lines_of(self.authorizations, [*self.standing(without=replaced), claim])
        siret = self.authorizations[claim.reference].siret
        return [
            person.n
            for person in claim.people
            if any(
                is_above(after[person.blind, siret, monday]) for monday, week in person.weeks.items() if week.payable
            )
        ]
