"""Labelled enums of payments and of the files exchanged with the bank; each code with what people read.

« Ordonné », « exécuté » and « revenu » are three words: a payment that the bank took is not paid until it is booked.
"""

from typing import Final

from models.labels import Labelled


class PaymentState(Labelled):
    """State of one payment: one attempt to pay an allowance to a payee."""

    DUE = "due", "Ordonné"
    HELD = "held", "Retenu : à vérifier"
    IN_RUN = "in_run", "Dans un ordre de virement"
    SENT = "sent", "Transmis à la banque"
    TAKEN = "taken", "Pris en charge par la banque"
    BOOKED = "booked", "Exécuté"
    REJECTED = "rejected", "Rejeté par la banque"
    RETURNED = "returned", "Revenu"
    STOPPED = "stopped", "Arrêté avant son envoi"


class RunState(Labelled):
    """State of a run: one file of transfers of a debtor account for a day."""

    RESERVED = "reserved", "À libérer"
    RELEASED = "released", "Libéré"
    PUT = "put", "Transmis"
    REPORTED = "reported", "Pris en charge"
    RECONCILED = "reconciled", "Rapproché"
    REFUSED = "refused", "Refusé par la banque"


LIVING: Final = (
    PaymentState.DUE,
    PaymentState.HELD,
    PaymentState.IN_RUN,
    PaymentState.SENT,
    PaymentState.TAKEN,
    PaymentState.BOOKED,
)
"""States of which a claim has one payment at most for each payee."""
STILL_OURS: Final = (PaymentState.DUE, PaymentState.HELD)
"""States in which it is in no run, so that it can be stopped."""
ON_ITS_WAY: Final = (PaymentState.SENT, PaymentState.TAKEN)
"""States in which the bank may have executed it."""
