"""The signatory is the decider: certificate, `signatories.json` and account bear the name of one person.

The delegation binds an account to a certificate; a mistake there would have somebody sign what another decided.
"""

import re
import unicodedata
from typing import Final

from asn1crypto import x509

from activities.signing.errors import SignatoryNotAllowed

_WORD: Final = re.compile(r"[^\W\d_]+")
_CIVILITIES: Final = frozenset({"m", "mr", "mme", "mlle", "dr"})


def refuse_another(certificate: x509.Certificate | None, recorded: str, decider: str) -> None:
    """Raise SignatoryNotAllowed unless a certificate and its record bear the name of the agent who decided."""
    if not names_agree(recorded, decider):
        raise SignatoryNotAllowed("Le signataire enregistré pour ce certificat n’est pas l’agent qui a décidé.")
    if certificate is None or not any(names_agree(each, decider) for each in subject_names(certificate)):
        raise SignatoryNotAllowed("Le certificat n’est pas au nom de l’agent qui a décidé.")


def names_agree(one: str, other: str) -> bool:
    """Whether two names have the same words, in any order, without case, accents, civility or what follows a comma."""
    return bool(_words(one)) and _words(one) == _words(other)


def subject_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the names of a certificate's subject: given name with surname, and common name."""
    subject: dict[str, object] = certificate.subject.native
    given, family, common = (subject.get(each) for each in ("given_name", "surname", "common_name"))
    names = (f"{given} {family}" if given and family else None, common)
    return tuple(each for each in names if isinstance(each, str))


def _words(name: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", name.partition(",")[0].casefold())
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return sorted(word for word in _WORD.findall(plain) if word not in _CIVILITIES)
