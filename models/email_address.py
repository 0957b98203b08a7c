"""Addresses of mail: the one form in which every door, command and setting admits them.

Only addresses that every mail program reads in one way are admitted (RFC 5321, RFC 5322 `dot-atom`): no quotes, no
comments, no encoded words, no address literals, no route through another server (`%`, `!`), no domain in an ASCII
form that stands for no name. What a person clearly meant is forgiven: spaces, signs that print as
nothing, `mailto:`, a name before the address in angle brackets, a full stop after it.
"""

import re
import unicodedata
from email.errors import MessageError
from email.headerregistry import Address
from typing import Annotated, Final

import idna
from pydantic import AfterValidator, WithJsonSchema

from models.texts import without_unseen

MAX_LENGTH: Final = 254
"""Characters of an address (RFC 5321)."""
MAX_LOCAL_LENGTH: Final = 64
MAX_TYPED_LENGTH: Final = 600
"""Characters of what may be typed around an address."""

_ATOM: Final = r"[A-Za-z0-9#$&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"({_LABEL}\.)+[A-Za-z]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])")
"""Two labels at least, and a last one that is not a number."""
_ROUTING: Final = re.compile("[%!]")
"""Old relays read `a%b@c` as a mail for `a@b` through `c`, and `b!a@c` likewise."""
_ENCODED: Final = "xn--"
"""How a label begins that stands for one with letters beyond ASCII (RFC 5890)."""
_AFTER: Final = " .,;"
_AROUND: Final = re.compile(r"[^<>@]*<([^<>]*)>")
_SCHEME: Final = re.compile("mailto:", re.IGNORECASE)

_FORM: Final = "Cette adresse électronique n’a pas la forme nom@domaine.fr."
_ONE: Final = "Donnez une seule adresse électronique, de la forme nom@domaine.fr."
_ACCENTS: Final = "Avant « @ », une adresse électronique n’a ni accent ni guillemet : écrivez-la nom@domaine.fr."
_NAME: Final = "Avant « @ », une adresse électronique n’a ni espace, ni point au bord, ni deux points de suite."
_ROUTE: Final = "Avant « @ », une adresse électronique n’a ni « % » ni « ! » : donnez l’adresse de la boîte elle-même."
_DOTS: Final = "Le domaine de cette adresse électronique est faux : écrivez-le comme domaine.fr."


def email_address(typed: str) -> str:
    """Return the address that a person typed; raises ValueError with a French sentence."""
    address = _bare(typed)
    local, at, domain = (part.strip() for part in address.rpartition("@"))
    if not at or not local or not domain:
        raise ValueError(_FORM)
    if "@" in local:
        raise ValueError(_ONE)
    if len(local) > MAX_LOCAL_LENGTH:
        raise ValueError(f"Cette adresse électronique compte plus de {MAX_LOCAL_LENGTH} caractères avant « @ ».")
    if not local.isascii() or '"' in local:
        raise ValueError(_ACCENTS)
    if _ROUTING.search(local):
        raise ValueError(_ROUTE)
    if not _LOCAL.fullmatch(local) or "=?" in local:
        raise ValueError(_NAME)
    address = f"{local}@{_domain(domain)}"
    if len(address) > MAX_LENGTH:
        raise ValueError(f"Cette adresse électronique compte plus de {MAX_LENGTH} caractères.")
    if not is_sendable(address):
        raise ValueError(_FORM)
    return address


def is_sendable(address: str) -> bool:
    """Whether the library of mails reads an address as it is written, so that a mail goes there and nowhere else."""
    local, _, domain = address.rpartition("@")
    if not _LOCAL.fullmatch(local) or "=?" in local or not _is_domain(domain):
        return False
    try:
        return Address(addr_spec=address).addr_spec == address
    except (ValueError, MessageError):
        return False


def same_login(typed: str) -> str:
    """Return the form in which two logins are compared: an address as it is admitted, anything else as typed."""
    try:
        return email_address(typed).lower()
    except ValueError:
        return typed.strip().lower()


def _bare(typed: str) -> str:
    """Return what was typed without what surrounds an address."""
    if len(typed) > MAX_TYPED_LENGTH:
        raise ValueError(f"Cette adresse électronique compte plus de {MAX_LENGTH} caractères.")
    folded = "".join(_plain(sign) for sign in without_unseen(typed)).lstrip().rstrip(_AFTER)
    around = _AROUND.fullmatch(folded)
    bare = around[1].strip() if around else folded
    if scheme := _SCHEME.match(bare):
        bare = bare[scheme.end() :].partition("?")[0]
    return bare.rstrip(_AFTER)


def _plain(sign: str) -> str:
    """Return a full-width form as the sign itself, and any white space as a space."""
    if sign.isspace():
        return " "
    return unicodedata.normalize("NFKC", sign) if unicodedata.decomposition(sign).startswith("<wide>") else sign


def _domain(written: str) -> str:
    """Return a domain as mail servers know it; letters beyond ASCII are written in their ASCII form (IDNA 2008)."""
    try:
        domain = written if written.isascii() else idna.encode(written, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as wrong:
        raise ValueError(_DOTS) from wrong
    if not _is_domain(domain):
        raise ValueError(_DOTS)
    return domain


def _is_domain(domain: str) -> bool:
    """Whether a domain in ASCII has the form of one, and each of its encoded labels stands for a name."""
    labels = [each for each in domain.lower().split(".") if each.startswith(_ENCODED)]
    return bool(_DOMAIN.fullmatch(domain)) and all(_stands_for_a_name(each) for each in labels)


def _stands_for_a_name(label: str) -> bool:
    try:
        return idna.encode(idna.decode(label)).decode("ascii") == label
    except (idna.IDNAError, UnicodeError):
        return False


EmailAddress = Annotated[
    str,
    AfterValidator(email_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": MAX_LENGTH, "examples": ["nom@domaine.fr"]}),
]
"""An address of mail that a person or another system states."""
