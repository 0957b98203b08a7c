"""Why a signature is not accepted, in French: one sentence for each code of the program `examining`."""

from typing import Final

from models.examination.shapes import Problem

SENTENCES: Final[dict[Problem, str]] = {
    "unreadable": "Ce fichier n’est pas un document PDF signé lisible.",
    "unsigned": "Ce document n’est pas signé.",
    "several-signatures": "Ce document porte plusieurs signatures.",
    "altered": "Le document ou sa signature a été altéré.",
    "not-covered": "La signature ne couvre pas tout le document.",
    "modified": "Le document a été modifié après sa signature.",
    "archive-stamp": "Un horodatage d’archive a été altéré ou n’est pas d’une autorité reconnue.",
    "added-after": "Des données ont été ajoutées après la dernière signature.",
    "unknown-authority": "Le certificat du signataire n’est pas émis par une autorité reconnue.",
    "out-of-date": "Le certificat du signataire n’était pas en cours de validité au moment de la signature.",
    "ended-since": "Le certificat du signataire a pris fin depuis, sans que le document ait été archivé avant : "
    "son état au moment de la signature ne peut plus être vérifié.",
    "revoked": "Le certificat du signataire était révoqué au moment de la signature.",
    "authority-revoked": "Le certificat d’une autorité du signataire est révoqué.",
    "revocation-unknown": "L’état du certificat du signataire n’a pas pu être vérifié : "
    "les données de révocation manquent.",
    "weak": "La signature emploie un algorithme ou une clé qui n’est plus admis.",
    "usage": "Ce certificat n’est pas fait pour signer un document.",
    "no-timestamp": "La signature n’est pas horodatée : son instant n’est pas prouvé.",
    "timestamp": "L’horodatage de la signature n’est pas d’une autorité reconnue, ou porte sur autre chose.",
    "future": "L’horodatage de la signature est postérieur à la vérification.",
    "order": "Les horodatages de la signature se contredisent.",
    "not-verified": "La signature n’a pas pu être vérifiée.",
}
