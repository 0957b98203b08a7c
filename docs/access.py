"""Write `docs/access.md`, the table of who may do what, from the one that the API applies.

python -m docs.access
"""

from pathlib import Path
from typing import Final

from models.labels import TokenScope
from models.roles import AGENTS, LABELS, ROLES
from starter.auth.permissions import Rule, Verb

FILE: Final = Path(__file__).with_name("access.md")
HEAD: Final = """# Who may do what

`python -m docs.access` writes this page from `starter/auth/permissions.py`, which the API applies; do not edit it.
A verb that the role lacks is refused (403); a case out of reach gets the same answer as one that does not exist (404).
« décider » also requires a delegation of signature in force for the outcome, the département and the day; so do
« agréer » and « refuser une demande d’indemnisation », and a standing instruction for all of its days.
“Tools” is the least scope of a token that an agent makes for tools of theirs (`read`, `instruct`, `decide`), once a
head has allowed it; a tool never gives delegations, mandates, validations, releases or approvals.
“In person” requires a session: a token is not enough. A verb that acts requires more than a read-only token.
Only a main contact of the establishment may invite, remove members and give mandates.
"""


def document() -> str:
    """Return the content of the page."""
    rows = [
        ["verb", "acts", "in person", "tools", *(LABELS[role] for role in ROLES)],
        ["---"] * (len(ROLES) + 4),
        *(_row(verb.rule) for verb in Verb),
    ]
    return HEAD + "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _mark(holds: bool) -> str:
    return "×" if holds else ""


def _row(rule: Rule) -> list[str]:
    scopes = (rule.scope(role) for role in ROLES)
    cells = [scope.value if scope else "—" for scope in scopes]
    return [rule.label, _mark(rule.acts), _mark(rule.in_person), _tool(rule), *cells]


def _tool(rule: Rule) -> str:
    """Return the least scope of a token for an agent's tools that has a verb."""
    if rule.in_person or not set(rule.grants) & set(AGENTS):
        return "—"
    least = rule.tool if rule.acts else TokenScope.READ
    return least.value if least else "—"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
