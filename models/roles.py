"""Roles of accounts: their names, French labels, and the names that events give them."""

from typing import Final, Literal, get_args

Role = Literal["employer", "reader", "instructor", "signatory", "head", "auditor", "operator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
RoleName = Literal["employer", "agent", "reader", "instructor", "signatory", "head", "auditor", "operator"]
"""A role by its name or its alias, as the command line accepts it."""
ActorRole = Literal["employer", "agent", "head", "operator", "auditor", "system"]
"""The actor of an event; an agent's exact role is on the account, what an agent may sign on the delegation."""

UNIT: Final[tuple[Role, ...]] = ("reader", "instructor", "signatory")
"""Agents whom a head of unit manages."""
AGENTS: Final[tuple[Role, ...]] = (*UNIT, "head")
"""Roles that have départements in charge."""
INSTRUCTING: Final[tuple[Role, ...]] = ("instructor", "signatory", "head")
"""Roles that may have a case in charge."""
FOLLOWING: Final[tuple[Role, ...]] = ("instructor", "signatory")
"""Roles notified of a case that nobody has in charge; the head is notified last."""
SIGNING: Final[tuple[Role, ...]] = ("signatory", "head")
"""Roles that may be given a delegation of signature."""

LABELS: Final[dict[str, str]] = {
    "employer": "employeur",
    "reader": "lecteur",
    "instructor": "instructeur",
    "signatory": "signataire",
    "head": "chef d’unité",
    "auditor": "auditeur",
    "operator": "exploitant",
}
_ALIASES: Final[dict[str, str]] = {"agent": "signatory"}
"""The command line has always called an agent who instructs and signs `agent`."""


def role_named(name: str) -> str:
    """Return the role with this name or alias."""
    return _ALIASES.get(name, name)


def actor_role(role: str) -> str:
    """Return the name that events give to an account of this role."""
    return "agent" if role in UNIT else role
