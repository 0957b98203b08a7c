"""Why the people of a claim are paid what they are, recomputed from the figures that the register keeps of them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from law.amounts import euros_in_french, of_cents
from law.claim_explanation import ClaimedWeek, Product, explain, product_reason, products
from law.claimed_worth import HourlyRate, HourlyRates
from law.pay import Pay
from law.texts import Reason, Text, because, number_in_french
from models.claim_files.claim import Claim, days_claimed, days_of_month
from models.store.claims.people import PersonFigures, WeekFigures

MAX_PRODUCTS: Final = 20
"""Hourly amounts of a whole claim that its explanation tells apart; that of a person tells each."""


class ExplainedPerson(NamedTuple):
    """The amounts of a person as the register has them, in euros, and why."""

    figures: PersonFigures
    products: tuple[Product, ...]
    why: tuple[Reason, ...]


def of_person(figures: PersonFigures, claim: Claim) -> ExplainedPerson:
    """Explain what a person is paid; raises as `law.allowance.hourly_amounts` does."""
    weeks = [_week(each, claim) for each in figures.weeks]
    found = products(weeks, HourlyRates(claim.where))
    why = [*explain(weeks, found, structural=claim.structural), _sum(figures, found)]
    return ExplainedPerson(figures, tuple(found), tuple(why))


def of_claim(people: Iterable[PersonFigures], claim: Claim) -> tuple[Reason, ...]:
    """Explain what a claim is worth: hours at each hourly amount, the most of them first, and their sum."""
    rates, hours, persons = HourlyRates(claim.where), dict[HourlyRate, Decimal](), 0
    cents = [0, 0]
    for each in people:
        persons += 1
        cents[0] += each.allowance_cents
        cents[1] += each.indemnity_cents
        for product in products([_week(week, claim) for week in each.weeks], rates):
            hours[product.hourly] = hours.get(product.hourly, Decimal(0)) + product.hours
    told = sorted(hours.items(), key=lambda item: item[1], reverse=True)
    return tuple(_of_rates(told[:MAX_PRODUCTS], len(told), persons, (cents[0], cents[1])))


def _of_rates(
    told: list[tuple[HourlyRate, Decimal]], rates: int, persons: int, cents: tuple[int, int]
) -> Iterator[Reason]:
    seen = set[Reason]()
    for amounts, hours in told:
        yield from (each for each in amounts.why if each not in seen)
        seen |= {*amounts.why}
        yield product_reason(Product(hours, amounts))
    text = "Chaque salarié compte pour son taux multiplié par ses heures du mois, arrondi au centime"
    if rates > len(told):
        text += f" ; {number_in_french(rates - len(told))} autres taux ne sont pas détaillés ici"
    worth = f"{euros_in_french(of_cents(cents[0]))} et {euros_in_french(of_cents(cents[1]))}"
    yield because(
        Text.R_5122_14, f"{text}. Somme de {number_in_french(persons)} salariés.", worth, Text.PRACTICE_ROUNDING
    )


def _week(week: WeekFigures, claim: Claim) -> ClaimedWeek:
    month, terms = claim.month or week.week_on.replace(day=1), week.terms
    # An amendment may have cut the days of a version that counts no more: what it was worth then is still explained.
    days = days_claimed(week.week_on, claim) or days_of_month(week.week_on, month)
    assert days is not None  # noqa: S101 -- a week of an admitted claim has days of its month
    return ClaimedWeek(
        monday=week.week_on,
        first=days.first,
        last=days.last,
        worked=week.worked,
        payable=week.payable,
        limit=week.limit_hours,
        contract_hours=terms.contract_hours,
        mode=terms.mode,
        pay=Pay(terms.hourly_gross, apprentice=terms.apprentice),
    )


def _sum(figures: PersonFigures, found: list[Product]) -> Reason:
    """Say what was kept, also where the law, as it is written here since, would give another amount."""
    stated = of_cents(figures.allowance_cents), of_cents(figures.indemnity_cents)
    computed = sum((each.allowance for each in found), Decimal(0)), sum((each.indemnity for each in found), Decimal(0))
    text = "Somme du mois."
    if stated != computed:
        text = "Montants retenus à la réception de la demande ; les textes lus depuis en donneraient d’autres."
    worth = " et ".join(map(euros_in_french, stated))
    return because(Text.R_5122_14, text, worth, Text.PRACTICE_ROUNDING)
