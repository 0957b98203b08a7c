"""Two pairs of eyes before money follows an agent's word.

An agent who validates that an account may speak for a firm vouches for the bank account that it gave, and nothing else
in the procedure shows that the firm stands behind the mailbox. Were this agent to grant what the account filed, or to
let silence accept it, one person alone would pay whomever they like. So, where the authority of whoever filed goes back
to nothing but validations (their own, or those from which they inherited it by invitation or mandate), the hand-over
waits until two signatories have acted:

* whoever validated is one, however often, and whatever they did beside;
* whoever granted the request is another, if it is somebody else: nothing waits then;
* silence is nobody: another signatory than those above allows the hand-over;
* who allowed it once need not again.

A proof that no agent can give (a letter, the provider of identities of firms) needs nobody's eyes, and a request on
paper has a second look of its own.
"""

from sqlalchemy import Connection, text

from models.labels import HoldReason, Proof
from models.store.cases import holds
from models.store.cases.authority_holds import AUTHORITY_OF_FILER
from models.store.journal.events import SYSTEM, Actor


def hold_if_alone(connection: Connection, reference: str, actor: Actor = SYSTEM) -> bool:
    """Hold the hand-over of a case in which one agent's word alone stands for the firm and for the money."""
    if not rests_on_validations(connection, reference) or len(list_eyes(connection, reference)) > 1:
        return False
    return holds.hold(connection, reference, HoldReason.VALIDATION, actor)


def rests_on_validations(connection: Connection, reference: str) -> bool:
    """Whether whoever filed a case is entitled by agents' validations and by nothing else."""
    proofs = {row.proof for row in connection.execute(_ROOTS, {"reference": reference})}
    return proofs == {Proof.VALIDATION}


def list_eyes(connection: Connection, reference: str) -> set[str]:
    """Return the agents who have acted in a case: who validated its filer, granted it, or allowed its hand-over."""
    validated = {row.proven_by for row in connection.execute(_ROOTS, {"reference": reference})}
    others = connection.execute(_OTHERS, {"reference": reference, "reason": HoldReason.VALIDATION}).scalars()
    return {str(each) for each in (*validated, *others) if each}


_ROOTS = text(
    "WITH RECURSIVE counted AS (SELECT a.id, a.proof, a.proven_by, a.inherited_from FROM request"  # noqa: S608
    f" JOIN authority a ON true LEFT JOIN mandate m ON m.id = a.mandate_id WHERE request.reference = :reference"
    f" AND request.channel <> 'paper' AND {AUTHORITY_OF_FILER}"
    " UNION SELECT g.id, g.proof, g.proven_by, g.inherited_from FROM authority g"
    "   JOIN counted c ON g.id = c.inherited_from)"
    " SELECT proof, proven_by::text FROM counted WHERE inherited_from IS NULL"
)
"""The proofs to which the authorities of whoever filed go back."""
_OTHERS = text(
    "SELECT agent_id::text FROM decision WHERE reference = :reference AND state = 'notified' AND outcome = 'grant'"
    " UNION SELECT released_by::text FROM hand_over_hold WHERE reference = :reference AND reason = :reason"
)
