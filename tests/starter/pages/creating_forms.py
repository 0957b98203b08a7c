"""Which forms create something, by the field that carries their idempotency key; why each other may be sent twice."""

from typing import Final

CREATING: Final[dict[str, str]] = {
    "/account/tokens": "key",
    "/claims/instructions": "key",
    "/desk/batch": "id",
    "/desk/requests/{reference}/bank-changes/{number}": "id",
    "/desk/requests/{reference}/checklist": "id",
    "/desk/requests/{reference}/decision": "id",
    "/desk/requests/{reference}/grant": "id",
    "/desk/requests/{reference}/hand-over": "key",
    "/desk/requests/{reference}/messages": "key",
    "/desk/requests/{reference}/pieces": "id",
    "/desk/requests/{reference}/pieces/request": "id",
    "/desk/requests/{reference}/refusal": "id",
    "/desk/requests/{reference}/validation": "key",
    "/enrolment": "rendering",
    "/establishments/{siret}/mandates": "key",
    "/establishments/{siret}/members": "key",
    "/operations/acts/new": "key",
    "/requests/new/ground": "key",
    "/requests/new/{draft_id}/opinion": "key",
    "/requests/{reference}/amendment": "key",
    "/requests/{reference}/bank-account": "key",
    "/requests/{reference}/claims/{month}": "key",
    "/requests/{reference}/claims/{month}/uploads": "key",
    "/requests/{reference}/messages": "key",
    "/requests/{reference}/pieces": "key",
    "/requests/{reference}/works-council-opinion": "key",
    "/unit/agents/{agent_id}/{act}": "key",
    "/unit/opening": "key",
    "/unit/tools": "key",
}
"""Path → field. A form has a value of its own, which what is asked before its act hands on."""
NAMED: Final = "names what it changes, and finds it changed the second time"
READS: Final = "creates nothing"
SETS: Final = "sets what stands, to the same value the second time"
REPEATABLE: Final[dict[str, str]] = {
    "/account/address": "its code serves once",
    "/account/address/code": "each mail voids the code before",
    "/account/daily-digest": SETS,
    "/account/name": SETS,
    "/account/passkeys/removal": NAMED,
    "/account/password": "the password given is no longer the current one",
    "/account/tokens/revocation": NAMED,
    "/account/totp": "the secret shown last is the one that is confirmed",
    "/account/totp/confirmation": "a code serves once",
    "/account/totp/recovery-codes": "the codes shown last are those that stand",
    "/account/totp/removal": SETS,
    "/activation": "its code serves once",
    "/claims/instructions/{instruction_id}/revocation": NAMED,
    "/claims/visas": NAMED,
    "/claims/{claim_id}/refusal": READS,
    "/claims/{claim_id}/refusal/registration": NAMED,
    "/claims/{claim_id}/visa": NAMED,
    "/desk/batch/preview": READS,
    "/desk/requests/{reference}/assignment": SETS,
    "/desk/requests/{reference}/decision/preview": READS,
    "/desk/requests/{reference}/decisions/{decision_id}/cancellation": NAMED,
    "/desk/requests/{reference}/pieces/preview": READS,
    "/desk/requests/{reference}/pieces/{completion_id}/cancellation": NAMED,
    "/enrolment/address": "each mail voids the code before",
    "/enrolment/code": "each mail voids the code before",
    "/establishments/{siret}/authority/code": "its code serves once",
    "/establishments/{siret}/authority/letter": "one letter waits at a time",
    "/establishments/{siret}/mandates/invitation": "each mail voids the code before",
    "/establishments/{siret}/mandates/revocation": NAMED,
    "/establishments/{siret}/members/invitation": "each mail voids the code before",
    "/establishments/{siret}/members/removal": NAMED,
    "/establishments/{siret}/members/role": SETS,
    "/invitation": "its code serves once",
    "/mandates": "accepts what waits",
    "/operations/accounts/{account_id}/revocation": NAMED,
    "/operations/acts/{act_id}": NAMED,
    "/operations/incidents/{incident_id}": NAMED,
    "/password": "its code serves once",
    "/password/code": "each mail voids the code before",
    "/requests/new/{draft_id}/commitments": "the same commitment is stated once",
    "/requests/new/{draft_id}/council": SETS,
    "/requests/new/{draft_id}/deletion": NAMED,
    "/requests/new/{draft_id}/filing": "a draft is filed once",
    "/requests/new/{draft_id}/{step}": SETS,
    "/requests/{reference}/claims/{month}/cancellation": NAMED,
    "/requests/{reference}/claims/{month}/uploads/{upload_id}/profile": SETS,
    "/requests/{reference}/desistment": NAMED,
    "/sign-in": "a session more opens nothing else",
    "/sign-out": SETS,
    "/unit/delegations/{delegation_id}/end": NAMED,
    "/unit/leaves/{leave_id}/cancellation": NAMED,
    "/unit/reassignment": SETS,
    "/unit/tools/{token_id}/revocation": NAMED,
    "/verification": READS,
}
"""Path → why a second click makes nothing more."""
ENDS_ACCESS: Final = ("change", "closing", "tools-end", "tools")
"""Acts about an agent that create nothing: their forms need no key."""


def key_field(path: str, action: str) -> str | None:
    """Return the field in which a form must carry its key; None for one that may be sent twice."""
    return None if path.endswith("{act}") and action.endswith(ENDS_ACCESS) else CREATING.get(path)
