"""Every endpoint of the API under the access verb it requires, and those that require none."""

from typing import Final

from starter.auth.permissions import Verb

NOWHERE: Final = "99999998000017"
NONE: Final = "00000000-0000-0000-0000-000000000000"
CASE: Final = "/requests/034ZZZZ99"
DOORS: Final[dict[Verb, list[tuple[str, str]]]] = {
    Verb.FILE_REQUEST: [("POST", "/requests"), ("POST", f"/drafts/{NONE}/filing")],
    Verb.LIST_REQUESTS: [("GET", "/requests")],
    Verb.KEEP_DRAFT: [("POST", "/drafts"), ("GET", f"/drafts/{NONE}"), ("PATCH", f"/drafts/{NONE}")],
    Verb.SUPPLY_PIECES: [("POST", f"{CASE}/completion")],
    Verb.SUPPLY_OPINION: [("POST", f"{CASE}/works-council-opinion")],
    Verb.DESIST: [("POST", f"{CASE}/desistment")],
    Verb.SEND_FILE: [("POST", "/files")],
    Verb.READ_ENROLMENT: [("GET", f"/enrolments/{NOWHERE}/receipt")],
    Verb.READ_MEMBERS: [("GET", f"/members?siret={NOWHERE}")],
    Verb.MANAGE_MEMBERS: [("POST", "/members"), ("DELETE", f"/members/{NONE}?siret={NOWHERE}")],
    Verb.READ_MANDATES: [("GET", "/mandates")],
    Verb.MANAGE_MANDATES: [("POST", "/mandates"), ("DELETE", f"/mandates/{NONE}")],
    Verb.READ_SESSION: [("GET", "/session")],
    Verb.READ_ACCOUNT: [("GET", "/account"), ("GET", "/tokens")],
    Verb.PROTECT_ACCOUNT: [
        ("POST", "/account/password"),
        ("POST", "/account/totp"),
        ("POST", "/account/totp/confirmation"),
        ("POST", "/account/totp/removal"),
        ("POST", "/account/passkeys/challenge"),
        ("POST", "/account/passkeys"),
        ("DELETE", "/account/passkeys/AAAA"),
    ],
    Verb.MANAGE_TOKENS: [("POST", "/tokens"), ("DELETE", f"/tokens/{NONE}")],
    Verb.READ_REQUEST: [("GET", CASE)],
    Verb.READ_DOCUMENT: [("GET", f"{CASE}/documents/{NONE}")],
    Verb.READ_DESK: [("GET", "/desk")],
    Verb.READ_CASE: [("GET", f"/desk{CASE}")],
    Verb.ASSIGN: [("POST", f"{CASE}/assignment")],
    Verb.ATTEST: [("POST", f"{CASE}/checklist")],
    Verb.ASK_PIECES: [("POST", f"{CASE}/completion-requests"), ("DELETE", f"{CASE}/completion-requests/C1")],
    Verb.FILE_PAPER: [("POST", "/paper-requests")],
    Verb.PREVIEW_DECISION: [("POST", f"{CASE}/decision/preview")],
    Verb.DECIDE: [("POST", f"{CASE}/decision"), ("DELETE", f"{CASE}/decision/D1")],
    Verb.READ_UNIT: [("GET", "/unit")],
    Verb.MANAGE_UNIT: [
        ("POST", "/unit/agents"),
        ("PATCH", f"/unit/agents/{NONE}"),
        ("POST", f"/unit/agents/{NONE}/delegations"),
        ("DELETE", f"/unit/delegations/{NONE}"),
        ("POST", f"/unit/agents/{NONE}/leaves"),
        ("DELETE", f"/unit/leaves/{NONE}"),
    ],
    Verb.READ_AUDIT: [("GET", "/accesses?on=2026-01-01")],
    Verb.READ_INCIDENTS: [("GET", "/incidents")],
    Verb.READ_MEASURES: [("GET", "/metrics")],
    Verb.DECODE: [("POST", "/codec/decode")],
    Verb.READ_EXCEPTIONS: [("GET", "/exceptional-acts")],
    Verb.ASK_EXCEPTION: [("POST", "/exceptional-acts"), ("POST", f"/incidents/{NONE}/resume")],
    Verb.APPROVE_EXCEPTION: [
        ("POST", f"/exceptional-acts/{NONE}/approval"),
        ("POST", f"/exceptional-acts/{NONE}/refusal"),
    ],
}
"""Every endpoint of each verb, called for something that does not exist."""
PUBLIC: Final = {
    ("GET", "/deadlines"),
    ("GET", "/filing-windows"),
    ("POST", "/verifications"),
    ("GET", "/enrolments/terms"),
    ("POST", "/enrolments"),
    ("POST", "/enrolments/activation"),
    ("POST", "/enrolments/email"),
    ("POST", "/enrolments/resend"),
    ("POST", "/invitations/acceptance"),
    ("POST", "/password"),
    ("POST", "/password/code"),
    ("POST", "/session"),
    ("POST", "/session/passkey"),
    ("POST", "/session/passkey/challenge"),
    ("DELETE", "/session"),
    ("GET", "/health"),
    ("GET", "/ready"),
}
"""Endpoints that require no account; signing out needs only the session itself."""
BODIES: Final[dict[str, dict[str, object]]] = {
    "/members": {"siret": NOWHERE, "name": "Paul", "email": "paul@tacite.invalid"},
    "/mandates": {
        "siret": NOWHERE,
        "name": "Cabinet",
        "email": "cabinet@tacite.invalid",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "password": "faux",
    },
    "/tokens": {"label": "Paie"},
    "/account/password": {"current": "faux", "password": "une longue phrase que personne ne devine"},
    "/account/totp": {"password": "faux"},
    "/account/totp/confirmation": {"code": "123456"},
    "/account/totp/removal": {"password": "faux"},
    "/account/passkeys/challenge": {"password": "faux"},
    "/account/passkeys": {"label": "Clé", "id": "AAAA", "client_data": "AAAA", "attestation": "AAAA"},
}
"""Endpoints that validate the body before they authenticate; the others authenticate first."""
