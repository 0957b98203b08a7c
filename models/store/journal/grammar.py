"""Grammar of the events of a case: what each type is about, what must come before it, and what it leaves.

Every event states the rows of its case as they are, and some types may change them. Whoever writes in the database
could therefore append an event, by the function that all programs use, to make a change of theirs look intact. This
table says when an event of each type may come; one that comes otherwise is told with its place.
"""

from typing import Final, NamedTuple

NEW: Final = "new"
"""State of whatever no event has spoken of yet."""
OPEN: Final = ("open",)
SETTLED: Final = ("settled",)
CLOSED: Final = ("closed",)
EVER: Final = OPEN + SETTLED + CLOSED
"""States of a case that was received: without an outcome, with one, closed."""

PENDING: Final = {
    "decision": ("decision", ("registered", "signed")),
    "completion": ("completion", ("registered", "notified")),
    "stopped clock": ("completion", ("notified",)),
    "hold": ("hold", ("held",)),
}
"""What may be pending: a kind of thing, and its states then."""


class Step(NamedTuple):
    """When an event of one type may come."""

    thing: str
    """What it is about; `case` is the case itself."""
    key: str
    """Member of the event’s data that says which one; empty if a case has one of them."""
    before: tuple[str, ...]
    """States in which the thing may be before it; none: whatever its state."""
    after: str
    """State in which it is afterwards."""
    wrong: str
    """What is wrong otherwise, in French."""
    case: tuple[str, ...] = EVER
    """States in which the case may be."""
    unless: tuple[str, ...] = ()
    """What may not be pending."""
    needs: tuple[str, str] | None = None
    """What must be pending, and which one; the empty one: any."""
    settles: bool = False
    """Gives the case its outcome."""
    ends: tuple[str, ...] = ()
    """What is not pending any more afterwards."""
    owes: str = ""
    """A document that is due from now on."""
    pays: str = ""
    """The document that had to be due."""


_PIECES = "aucune demande de pièces de ce numéro n’attendait cette suite"
_DECISION = "aucune décision de ce numéro n’attendait cette suite"
_OUTCOME = "le délai était arrêté, ou l’issue déjà acquise"
_CHANGE = "aucun changement de compte de ce numéro n’attendait cette suite"
_NOT_HELD = "rien ne suspendait la transmission"

STEPS: Final = {
    # Request, receipts, opinion, checklist
    "request_received": Step("case", "", (NEW,), "open", "la demande était déjà reçue", owes="receipt"),
    "receipt_issued": Step("document", "document", (NEW,), "issued", "aucun récépissé n’était dû", pays="receipt"),
    "works_council_opinion_received": Step("opinion", "", (NEW, "waived"), "received", "un avis était déjà reçu"),
    "works_council_opinion_waived": Step(
        *("opinion", "", (NEW,), "waived", "un avis était déjà reçu, ou son attente levée"), case=OPEN + SETTLED
    ),
    "checklist_attested": Step("checklist", "version", (NEW,), "attested", "la version existait déjà", OPEN),
    # Requests for pieces (CRPA L. 114-5)
    "completion_request_registered": Step(
        *("completion", "completion", (NEW,), "registered", "une décision ou une demande de pièces était en cours"),
        case=OPEN,
        unless=("completion", "decision"),
    ),
    "completion_requested": Step("completion", "completion", ("registered",), "notified", _PIECES, OPEN),
    "completion_received": Step(
        *("completion", "completion", ("notified",), "fulfilled", _PIECES), case=OPEN, owes="receipt"
    ),
    "completion_request_cancelled": Step(
        *("completion", "completion", ("registered", "notified"), "cancelled", _PIECES), case=OPEN
    ),
    "completion_request_voided": Step("completion", "completion", ("registered",), "void", _PIECES),
    # One outcome: a decision, silence or desistment
    "decision_registered": Step(
        *("decision", "decision", (NEW,), "registered", "une autre décision ou l’issue demeurait"),
        case=OPEN,
        unless=("decision",),
    ),
    "decision_signed": Step("decision", "decision", ("registered",), "signed", _DECISION, OPEN),
    "decision_cancelled": Step("decision", "decision", ("registered",), "cancelled", _DECISION, OPEN),
    "decision_notified": Step(
        *("decision", "decision", ("signed",), "notified", _DECISION), case=OPEN, settles=True, ends=("completion",)
    ),
    "decision_voided": Step(*("decision", "decision", ("registered", "signed"), "void", _DECISION), owes="void notice"),
    "void_notice_issued": Step(
        *("document", "document", (NEW,), "issued", "aucun avis de caducité n’était dû"), pays="void notice"
    ),
    "authorization_tacitly_granted": Step(
        *("case", "", OPEN, "settled", _OUTCOME), unless=("stopped clock",), owes="attestation"
    ),
    "attestation_issued": Step(
        *("document", "document", (NEW,), "issued", "aucune attestation n’était due"), pays="attestation"
    ),
    "request_desisted": Step("case", "", OPEN, "settled", _OUTCOME, ends=("decision", "completion")),
    # Hand-over to the paying agency
    "hand_over_held": Step("hold", "reason", (NEW, "released"), "held", "ce motif la suspendait déjà"),
    "hand_over_reviewed": Step("review", "", (), "done", _NOT_HELD, needs=("hold", "")),
    "hand_over_released": Step("hold", "reason", ("held",), "released", "ce motif ne la suspendait pas"),
    "hand_over_given_up": Step("hand-over", "", (NEW,), "given up", _NOT_HELD, SETTLED, needs=("hold", "")),
    "holder_stated": Step(
        *("name", "", (), "stated", "aucun titulaire illisible n’attendait son nom"), needs=("hold", "holder")
    ),
    "handed_to_asp": Step(
        *("hand-over", "", (NEW,), "handed over", "aucune autorisation n’attendait sa transmission"),
        case=SETTLED + CLOSED,
    ),
    # Changes of bank account
    "bank_change_received": Step(
        *("bank change", "amendment", (NEW,), "received", "ce changement était déjà demandé", SETTLED),
        owes="bank change receipt",
    ),
    "bank_change_receipt_issued": Step(
        *("document", "document", (NEW,), "issued", "aucun récépissé de changement n’était dû"),
        pays="bank change receipt",
    ),
    "bank_change_decided": Step(
        *("bank change", "amendment", ("received",), "decided", _CHANGE, SETTLED), owes="bank change decision"
    ),
    "bank_change_decision_lapsed": Step(
        *("bank change", "amendment", ("decided",), "received", _CHANGE, SETTLED + CLOSED), pays="bank change decision"
    ),
    "bank_account_changed": Step("bank change", "amendment", ("decided",), "changed", _CHANGE, SETTLED, owes="account"),
    "bank_change_decision_issued": Step(
        *("document", "document", (NEW,), "issued", "aucune décision de changement n’était due"),
        pays="bank change decision",
    ),
    "bank_change_handed_to_asp": Step(
        *("bank hand-over", "deposit", (NEW,), "handed over", "aucun compte changé n’attendait sa transmission"),
        case=SETTLED + CLOSED,
        pays="account",
    ),
    # The end of a case
    "case_closed": Step("case", "", SETTLED, "closed", "le dossier était sans issue, ou déjà clos"),
    "nominal_erased": Step("nominal data", "", (NEW,), "erased", "le dossier n’était pas clos", CLOSED),
    # Beside the procedure
    "message_sent": Step("message", "message", (NEW,), "sent", "ce message était déjà envoyé", OPEN + SETTLED),
    "document_read": Step("reading", "document", (NEW,), "read", "ce document était déjà lu"),
    "incident_opened": Step("incident", "incident", (NEW,), "open", "cet incident existait déjà"),
    "incident_closed": Step("incident", "incident", ("open",), "closed", "cet incident n’était pas ouvert"),
    "reminder_sent": Step("reminder", "", (), "sent", "aucune demande n’était reçue"),
    "notice_refused": Step("notice", "", (), "refused", "aucune demande n’était reçue"),
}
"""All types of events that a case may have."""
