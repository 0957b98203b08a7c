"""What the bank’s messages say of our transfers, once read, and why a message is refused.

A report (pain.002) says what the bank took or rejected; an advice (camt.054) and a statement (camt.053) say what it
booked. Only what is booked is paid. Amounts are cents of euro.
"""

from datetime import date
from typing import Final, NamedTuple

from models.labels import Labelled

MAX_CENTS: Final = (1 << 63) - 1
"""The highest amount that the register keeps, in cents."""


class BankFault(Labelled):
    """Why nothing of a message of the bank is applied, or why an entry of it is set aside."""

    MALFORMED = "malformed", "Message illisible ou non conforme à son schéma"
    DOCTYPE = "doctype", "Déclaration de type de document, interdite dans un message"
    TOO_LARGE = "too-large", "Message trop volumineux"
    OTHER_MESSAGE = "other-message", "Message d’un autre type ou d’une autre version"
    BETWEEN_BANKS = (
        "between-banks",
        "Message entre banques (pacs) : un retour se lit sur le compte (camt.053 ou camt.054)",
    )
    """A return (pacs.004) is what one bank tells another. What comes back is a credit of the account, which its own
    messages say: read from both, it would be a second return, under another identifier."""
    CURRENCY = "currency", "Montant dans une autre devise que l’euro"
    AMOUNT = "amount", "Montant nul, ou trop grand pour le registre"
    CONTRADICTED = "contradicted", "Écriture déjà lue, avec un autre montant"
    DETAILS = "details", "Le détail d’un fichier ne fait pas ce qu’il annonce"
    BALANCE = "balance", "Le solde de clôture n’est pas le solde d’ouverture augmenté des écritures"


UNBOOKABLE: Final = (BankFault.CURRENCY, BankFault.AMOUNT, BankFault.MALFORMED, BankFault.CONTRADICTED)
"""Why an entry is set aside."""


class BankMessageRefused(Exception):
    """A message of the bank of which nothing can be applied, and why; never what it says."""

    def __init__(self, fault: BankFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Judgement(NamedTuple):
    """The status of a file, a batch or a transfer (ACTC, ACSP, PART, RJCT…), with the codes of its reasons."""

    status: str | None
    reasons: tuple[str, ...] = ()


class BatchReport(NamedTuple):
    """What the bank says of a batch (`PmtInf`) of our file as a whole."""

    id: str
    judgement: Judgement


class TransferReport(NamedTuple):
    """What the bank says of one transfer; without `end_to_end` it cannot be one of ours."""

    batch: str
    end_to_end: str | None
    judgement: Judgement


class StatusReport(NamedTuple):
    """A report on one file of ours, which `original_id` names (`MsgId`)."""

    id: str
    original_id: str
    original_message: str
    judgement: Judgement
    batches: tuple[BatchReport, ...]
    transfers: tuple[TransferReport, ...]


class BookedEntry(NamedTuple):
    """One booked movement of an account.

    `end_to_end` is that of the transfer, also when it comes back: a credit that bears an identifier of ours is a
    return, whether or not the bank says why (`return_reason`). A batch that is booked without details has only `batch`,
    the `PmtInfId` or `MsgId` of our file. `bank_reference` is the bank’s own of the entry, the same in the advice and
    in the statement, and on each of its transfers; `detail_reference` is that of the transfer, which a message that
    gives no details does not say. `nth` tells several transfers of an entry that bear one identifier apart, from 0.
    """

    credit: bool
    cents: int
    booked_on: date
    end_to_end: str | None
    batch: str | None
    return_reason: str | None
    bank_reference: str | None
    detail_reference: str | None = None
    nth: int = 0

    @property
    def signed_cents(self) -> int:
        """What the movement adds to the account, in cents."""
        return self.cents if self.credit else -self.cents


class SetAside(NamedTuple):
    """A booked movement that no register can book: why, and what a person finds it by at the bank.

    `signed_cents` is what it adds to the account, None in another currency or where the bank does not say it.
    """

    fault: BankFault
    signed_cents: int | None
    booked_on: date | None
    bank_reference: str | None


class Advice(NamedTuple):
    """What was booked on an account, which its IBAN names, during a day."""

    id: str
    account: str
    entries: tuple[BookedEntry, ...]
    set_aside: tuple[SetAside, ...] = ()


class Statement(NamedTuple):
    """All that was booked on an account between two balances, which the entries explain to the cent.

    With an entry set aside whose amount in euros nobody knows, the balances are not compared.
    """

    id: str
    account: str
    number: int | None
    """Its number in the bank’s sequence: a missing one is a statement that did not come."""
    opening_cents: int
    closing_cents: int
    entries: tuple[BookedEntry, ...]
    set_aside: tuple[SetAside, ...] = ()
