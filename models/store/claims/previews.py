"""People of a claim that is not filed, as the register would keep their figures: what they are worth is explained."""

from collections.abc import Iterator
from datetime import date

from law.claimed_hours import weekly_limit
from models.claim_files.claim import Claim
from models.claim_files.lines import ClaimLine
from models.claim_files.pricing import PricedPerson
from models.store.claims.people import PersonFigures, WeekFigures
from models.store.claims.staged_lines import line_terms


def figures(person: PricedPerson, claim: Claim) -> PersonFigures:
    """Return the figures of a person; raises BeforeFirstText."""
    weeks = tuple(_weeks(person.weeks, structural=claim.structural))
    return PersonFigures(
        n=person.first.line,
        payable=sum((each.payable for each in weeks), start=weeks[0].payable * 0),
        allowance_cents=person.allowance_cents,
        indemnity_cents=person.indemnity_cents,
        terms=line_terms(person.first),
        weeks=weeks,
    )


def _weeks(weeks: dict[date, ClaimLine], *, structural: bool) -> Iterator[WeekFigures]:
    for monday, line in sorted(weeks.items()):
        terms = line_terms(line)
        limit = weekly_limit(monday, terms.contract_hours, terms.mode, structural=structural)
        yield WeekFigures(monday, line.worked, line.idle, line.idle, limit, terms)
