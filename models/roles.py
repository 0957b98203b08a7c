"""Roles of accounts: one word each, its French name, and what the events of a case call it."""

from typing import Final, Literal, get_args

Role = Literal["employer", "reader", "instructor", "signatory", "head", "auditor", "operator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
Named = Literal["employer", "agent", "reader", "instructor", "signatory", "head", "auditor", "operator"]
"""A role by its name or its other name, as the command line takes it."""
Spoken = Literal["employer", "agent", "head", "operator", "auditor", "system"]
"""Who acted, as events say it: an agent's exact role is on the account, and what he signed on his delegation."""

UNIT: Final[tuple[Role, ...]] = ("reader", "instructor", "signatory")
"""Agents whom a head of unit manages."""
AGENTS: Final[tuple[Role, ...]] = (*UNIT, "head")
"""Who has départements in charge."""
INSTRUCTING: Final[tuple[Role, ...]] = ("instructor", "signatory", "head")
"""Who may have a case in charge."""
FOLLOWING: Final[tuple[Role, ...]] = ("instructor", "signatory")
"""Who is notified of a case that nobody has in charge; the head is notified last."""
SIGNING: Final[tuple[Role, ...]] = ("signatory", "head")
"""Who may be given a delegation of signature."""

LABELS: Final[dict[str, str]] = {
    "employer": "employeur",
    "reader": "lecteur",
    "instructor": "instructeur",
    "signatory": "signataire",
    "head": "chef d’unité",
    "auditor": "auditeur",
    "operator": "exploitant",
}
_OTHER_NAMES: Final[dict[str, str]] = {"agent": "signatory"}
"""An agent who instructs and signs, as the command line has always called him."""


def named(role: str) -> str:
    """Return the role of a name, which may be its other name."""
    return _OTHER_NAMES.get(role, role)


def spoken(role: str) -> str:
    """Return what events call an account of this role."""
    return "agent" if role in UNIT else role
