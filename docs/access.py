"""Writes `docs/access.md`, the table of who may do what, from the one that the doors obey.

python -m docs.access
"""

from pathlib import Path
from typing import Final

from models.roles import LABELS, ROLES
from starter.auth.permissions import Rule, Verb

FILE: Final = Path(__file__).with_name("access.md")
HEAD: Final = """# Who may do what

Written by `python -m docs.access` from `starter/auth/permissions.py`, the table that the doors obey; do not edit.
A verb that a role does not have is refused (403); a case out of reach is answered like one that does not exist (404).
« décider » also needs a delegation of signature in force for the outcome, the département and the day.
What is « in person » takes a session: no token of software suffices. What acts takes more than a token that reads.
Inviting, removing, and giving mandates are for a main contact of the establishment.
"""


def document() -> str:
    """Return the page as it is written."""
    rows = [
        ["verb", "acts", "in person", *(LABELS[role] for role in ROLES)],
        ["---"] * (len(ROLES) + 3),
        *(_row(verb.rule) for verb in Verb),
    ]
    return HEAD + "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _mark(holds: bool) -> str:
    return "×" if holds else ""


def _row(rule: Rule) -> list[str]:
    scopes = (rule.scope(role) for role in ROLES)
    cells = [scope.value if scope else "—" for scope in scopes]
    return [rule.label, _mark(rule.acts), _mark(rule.in_person), *cells]


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
