"""What an operator may do about each dependency on which a process is parked, in French: pages, engine and commands."""

from collections.abc import Mapping
from typing import Final

from models.labels import Part

REMEDIES: Final[Mapping[str, str]] = {
    Part.REGISTER: "Rétablissez PostgreSQL ; le processus repart de lui-même.",
    Part.SIGNER: "Rétablissez le cachet ou la clé du signataire (« tacite doctor »), puis demandez la reprise.",
    Part.TIMESTAMP: "Rétablissez l’autorité d’horodatage (TACITE_TIMESTAMPS), puis demandez la reprise.",
    Part.REVOCATION: "Rétablissez l’accès aux listes de révocation et aux répondeurs OCSP, puis demandez la reprise.",
    Part.MAIL: "Rétablissez le serveur SMTP (TACITE_MAIL), puis demandez la reprise.",
    Part.AGENCY: "Rétablissez l’accès au dossier de l’ASP (TACITE_AGENCY), puis demandez la reprise.",
    Part.PRINTING: "Rétablissez le dossier des lettres (TACITE_LETTERS), puis demandez la reprise.",
    Part.PROGRAM: "Aucun service n’est en panne : lisez l’échec dans l’historique, corrigez le programme, "
    "déployez, puis demandez la reprise.",
    Part.ANCHORS: "Rétablissez le dossier des copies d’ancrages (TACITE_ANCHORS), puis demandez la reprise.",
    Part.JOURNAL: "Conservez une copie du registre, lancez « tacite audit --all », et cherchez qui l’a modifié avant "
    "toute reprise.",
    Part.DELAY: "Les identifiants tardent : vérifiez la messagerie et la file des courriels.",
}
"""Remedy of each part."""
UNKNOWN_REMEDY: Final = "Lisez l’échec dans l’historique du moteur, corrigez sa cause, puis demandez la reprise."


def remedy(part: str) -> str:
    """Return what to do about a broken part; a part that is not ours has a general answer."""
    return REMEDIES.get(part, UNKNOWN_REMEDY)
