"""Why a bank rejects a transfer or sends it back: codes of ISO 20022 with what people read.

The codes are those of the ISO external code sets that the rules of SEPA credit transfers use (rejections, returns and
recalls), and those that a bank gives for a whole file.
"""

from typing import Self

from models.labels import Labelled


class BankReason(Labelled):
    """Code of a reason, its French sentence, and whether only another account lets the payment arrive."""

    another_account: bool

    def __new__(cls, code: str, label: str, another_account: bool = False) -> Self:
        """Create a member whose value is its code."""
        member = cls._labelled(code, label)
        member.another_account = another_account
        return member

    AC01 = "AC01", "Le numéro de compte (IBAN) est inexact.", True
    AC02 = "AC02", "Le compte à débiter est inexact."
    AC03 = "AC03", "Le compte du bénéficiaire n’existe pas.", True
    AC04 = "AC04", "Le compte du bénéficiaire est clos.", True
    AC06 = "AC06", "Le compte du bénéficiaire est bloqué.", True
    AC14 = "AC14", "Ce type de compte ne reçoit pas de virements.", True
    AG01 = "AG01", "Ce compte n’admet pas les virements.", True
    AG02 = "AG02", "La banque n’admet pas ce type d’opération."
    AM04 = "AM04", "La provision du compte à débiter est insuffisante."
    AM05 = "AM05", "La banque a déjà reçu ce fichier ou ce virement."
    AM09 = "AM09", "Le montant du virement est inexact."
    AM10 = "AM10", "La somme de contrôle du fichier est inexacte."
    AM18 = "AM18", "Le nombre de virements que le fichier annonce est inexact."
    BE01 = "BE01", "Le nom du bénéficiaire n’est pas celui du titulaire du compte.", True
    BE04 = "BE04", "L’adresse du bénéficiaire manque ou est incomplète."
    BE05 = "BE05", "La banque ne reconnaît pas l’émetteur du fichier."
    BE06 = "BE06", "La banque ne connaît pas le bénéficiaire.", True
    CNOR = "CNOR", "La banque du bénéficiaire ne reçoit pas de virements SEPA.", True
    CUST = "CUST", "L’émetteur a demandé le rappel du virement."
    DNOR = "DNOR", "La banque du compte à débiter n’émet pas de virements SEPA."
    DT01 = "DT01", "La date d’exécution n’est pas valable."
    DUPL = "DUPL", "Le fichier ou le virement est un doublon."
    ED05 = "ED05", "Le règlement entre les banques a échoué."
    FF01 = "FF01", "Le fichier n’est pas conforme au format attendu."
    FOCR = "FOCR", "Les fonds sont rendus à la suite d’une demande de rappel."
    FRAD = "FRAD", "Le virement est signalé comme frauduleux."
    MD07 = "MD07", "Le titulaire du compte est décédé.", True
    MS02 = "MS02", "Le bénéficiaire refuse le virement, sans motif précis."
    MS03 = "MS03", "La banque n’indique pas de motif précis."
    NARR = "NARR", "La banque donne un motif en toutes lettres."
    RC01 = "RC01", "L’identifiant de la banque (BIC) est inexact.", True
    RR01 = "RR01", "Raison réglementaire : le compte ou l’identifiant de l’émetteur manque."
    RR02 = "RR02", "Raison réglementaire : le nom ou l’adresse de l’émetteur manque."
    RR03 = "RR03", "Raison réglementaire : le nom ou l’adresse du bénéficiaire manque."
    RR04 = "RR04", "La banque invoque une raison réglementaire."
    TECH = "TECH", "Le virement a été émis à la suite d’un incident technique."
    TM01 = "TM01", "Le fichier est arrivé après l’heure limite de la banque."


def find_reason(code: str | None) -> BankReason | None:
    """Return what a code of the bank means; None for one that is not listed here, or a text of its own."""
    return BankReason.of(code) if code in BankReason.labels() else None


def reason_in_french(code: str | None) -> str:
    """Return the sentence of a code, also of one that is not listed: it shows the code, if it is one."""
    reason = find_reason(code)
    if reason is not None:
        return reason.label
    return f"La banque donne le motif {code}." if code and code.isalnum() else BankReason.MS03.label
