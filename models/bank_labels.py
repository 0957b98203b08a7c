"""Why a bank rejects a transfer or sends it back: codes of ISO 20022 with what people read, and what comes next.

The codes are those of the ISO external code sets that the rules of SEPA credit transfers use (rejections, returns and
recalls), and those that a bank gives for a whole file.
"""

from enum import StrEnum
from typing import Final, Self

from models.labels import Labelled


class Remedy(StrEnum):
    """What lets a payment arrive that was rejected or returned."""

    SAME_ACCOUNT = "same_account"
    """Time, or something of the payer’s: it is attempted again as it is."""
    ANOTHER_ACCOUNT = "another_account"
    PERSON = "person"
    """The code does not say, or the money may have arrived already: a person decides, or the account changes."""


_SAME: Final = Remedy.SAME_ACCOUNT
_OTHER: Final = Remedy.ANOTHER_ACCOUNT


class BankReason(Labelled):
    """Code of a reason, its French sentence, and what lets the payment arrive."""

    remedy: Remedy

    def __new__(cls, code: str, label: str, remedy: Remedy = Remedy.PERSON) -> Self:
        """Create a member whose value is its code."""
        member = cls._labelled(code, label)
        member.remedy = remedy
        return member

    AC01 = "AC01", "Le numéro de compte (IBAN) est inexact.", _OTHER
    AC02 = "AC02", "Le compte à débiter est inexact.", _SAME
    AC03 = "AC03", "Le compte du bénéficiaire n’existe pas.", _OTHER
    AC04 = "AC04", "Le compte du bénéficiaire est clos.", _OTHER
    AC06 = "AC06", "Le compte du bénéficiaire est bloqué.", _OTHER
    AC14 = "AC14", "Ce type de compte ne reçoit pas de virements.", _OTHER
    AG01 = "AG01", "Ce compte n’admet pas les virements.", _OTHER
    AG02 = "AG02", "La banque n’admet pas ce type d’opération.", _SAME
    AM04 = "AM04", "La provision du compte à débiter est insuffisante.", _SAME
    AM05 = "AM05", "La banque a déjà reçu ce fichier ou ce virement."
    AM09 = "AM09", "Le montant du virement est inexact."
    AM10 = "AM10", "La somme de contrôle du fichier est inexacte."
    AM18 = "AM18", "Le nombre de virements que le fichier annonce est inexact."
    BE01 = "BE01", "Le nom du bénéficiaire n’est pas celui du titulaire du compte.", _OTHER
    BE04 = "BE04", "L’adresse du bénéficiaire manque ou est incomplète."
    BE05 = "BE05", "La banque ne reconnaît pas l’émetteur du fichier.", _SAME
    BE06 = "BE06", "La banque ne connaît pas le bénéficiaire.", _OTHER
    CNOR = "CNOR", "La banque du bénéficiaire ne reçoit pas de virements SEPA.", _OTHER
    CUST = "CUST", "L’émetteur a demandé le rappel du virement."
    DNOR = "DNOR", "La banque du compte à débiter n’émet pas de virements SEPA.", _SAME
    DT01 = "DT01", "La date d’exécution n’est pas valable.", _SAME
    DUPL = "DUPL", "Le fichier ou le virement est un doublon."
    ED05 = "ED05", "Le règlement entre les banques a échoué.", _SAME
    FF01 = "FF01", "Le fichier n’est pas conforme au format attendu."
    FOCR = "FOCR", "Les fonds sont rendus à la suite d’une demande de rappel."
    FRAD = "FRAD", "Le virement est signalé comme frauduleux."
    MD07 = "MD07", "Le titulaire du compte est décédé.", _OTHER
    MS02 = "MS02", "Le bénéficiaire refuse le virement, sans motif précis."
    MS03 = "MS03", "La banque n’indique pas de motif précis."
    NARR = "NARR", "La banque donne un motif en toutes lettres."
    RC01 = "RC01", "L’identifiant de la banque (BIC) est inexact.", _OTHER
    RR01 = "RR01", "Raison réglementaire : le compte ou l’identifiant de l’émetteur manque.", _SAME
    RR02 = "RR02", "Raison réglementaire : le nom ou l’adresse de l’émetteur manque.", _SAME
    RR03 = "RR03", "Raison réglementaire : le nom ou l’adresse du bénéficiaire manque."
    RR04 = "RR04", "La banque invoque une raison réglementaire."
    TECH = "TECH", "Le virement a été émis à la suite d’un incident technique."
    TM01 = "TM01", "Le fichier est arrivé après l’heure limite de la banque.", _SAME


def find_reason(code: str | None) -> BankReason | None:
    """Return what a code of the bank means; None for one that is not listed here, or a text of its own."""
    return BankReason.of(code) if code in BankReason.labels() else None


def remedy_of(code: str | None) -> Remedy:
    """Return what lets a payment arrive after a code of the bank; a person decides on one that is not listed."""
    reason = find_reason(code)
    return reason.remedy if reason else Remedy.PERSON


def reason_in_french(code: str | None) -> str:
    """Return the sentence of a code, also of one that is not listed: it shows the code, if it is one."""
    reason = find_reason(code)
    if reason is not None:
        return reason.label
    return f"La banque donne le motif {code}." if code and code.isalnum() else BankReason.MS03.label
