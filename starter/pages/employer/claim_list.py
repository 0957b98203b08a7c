"""The section of a case that says, for each month authorised, where its claim is and what to do."""

from law.texts import in_french
from models.claim_labels import claimed_month
from starter.pages.components import claim_words
from starter.pages.employer.claim_month import address_of, of_month
from starter.services.claim_months import AuthorizedMonth, AuthorizedMonths
from starter.services.claim_views import ClaimAddress

Row = tuple[str, str, str, str, str]
"""Of a month: its address, its label, its state and tone, and its sums."""


def content(found: AuthorizedMonths | None) -> dict[str, object]:
    """Return what the page of a case shows of its months; nothing for a case without an authorization."""
    if found is None:
        return {"months": []}
    authorized = found.authorized
    return {
        "months": [row for each in found.months for row in _rows(found.case.reference, each)],
        "hours_left": claim_words.hours(authorized.hours_left),
        "hours_authorised": claim_words.hours(authorized.hours),
        "last_day_to_claim": in_french(authorized.last_day_on),
    }


def _rows(reference: str, month: AuthorizedMonth) -> list[Row]:
    """Return a row for each part that was claimed, and one for a month that has none."""
    rows = []
    for claim in month.claims:
        at = address_of(ClaimAddress(reference, month.month, claim.part))
        sums = f"{claim_words.counted(claim.people or 0, claim.hours)}, {claim_words.euros(claim.allowance_cents)}"
        sums += f".{_again(month, claim.part)}"
        label = claimed_month(month.month, claim.part, claim.version).capitalize()
        rows.append((at, label, *claim_words.tag(claim.state), sums))
    if month.may_be_claimed and not month.claims:
        at = address_of(ClaimAddress(reference, month.month))
        rows.append((at, f"Demander l’indemnisation {of_month(month.month)}", "À demander", "doubt", ""))
    elif not month.claims:
        label = "À venir" if month.to_come else "Non demandée"
        rows.append(("", claimed_month(month.month, 1, None).capitalize(), label, "off", ""))
    return rows


def _again(month: AuthorizedMonth, part: int) -> str:
    """Return that a claim that ended may be sent again, until its own last day if that of the authorization is past."""
    if until := month.put_right.get(part):
        return f" Vous pouvez la corriger jusqu’au {in_french(until)}."
    return " Vous pouvez déposer de nouveau." if month.may_be_claimed else ""
