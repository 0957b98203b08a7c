"""How the people of a claim are paid, on which depends what is collected of them (R. 5122-16, R. 5122-21).

By the entitlement alone: the agency pays the employees themselves once the authority has decided it. That an employer
asked for it in the request collects nothing.
"""

from datetime import date

from sqlalchemy import Connection

from law.calendar import add_months
from law.dated import BeforeFirstText
from law.privacy import Datum, Payment, listed_data
from models.store.claims import records


def find_payment(connection: Connection, reference: str) -> Payment:
    """Return whom the agency pays under an authorization: the establishment, unless it was decided otherwise."""
    entitlement = records.find_entitlement(connection, reference)
    decided = entitlement is not None and entitlement.payment == Payment.EMPLOYEES
    return Payment.EMPLOYEES if decided else Payment.ESTABLISHMENT


def are_paid_directly(connection: Connection, reference: str, month: date) -> bool:
    """Whether list B of R. 5122-21, accounts of employees among it, is collected, kept and handed over for a month."""
    return lists_accounts(find_payment(connection, reference), month)


def lists_accounts(payment: Payment, month: date) -> bool:
    """Whether accounts of employees may be kept for a claim: the list of the day after the month is what counts."""
    try:
        listed = listed_data(payment, add_months(month, 1))
    except BeforeFirstText:  # months before the first list, of 2014
        listed = listed_data(payment, date.max)
    return Datum.EMPLOYEE_IBAN in listed
