"""What the problems of channels to the paying agency and of their files mean, and what to do, in French."""

from typing import Final

AGENCY: Final = {
    "not-frozen": (
        "Le flux vers l’agence de services et de paiement n’est pas gelé : il n’y a rien à reprendre.",
        "Relisez l’état du flux : quelqu’un l’a peut-être déjà repris, ou son gel a pris fin.",
    ),
    "not-set-aside": (
        "Ce fichier de réponses n’est pas mis de côté : il ne peut être ni rejoué ni écarté.",
        "Relisez l’état du fichier : il est peut-être déjà appliqué, rejoué ou écarté.",
    ),
    "answer-not-awaited": (
        "L’agence de services et de paiement a répondu entre-temps, ou la demande d’indemnisation ne lui est pas "
        "transmise : il n’y a rien à envoyer de nouveau, ni à tenir pour rejeté.",
        "Relisez les fichiers sans réponse du flux : ce qui attend encore y est.",
    ),
    "deposit-due-again": (
        "Le fichier de cette demande d’indemnisation part encore une fois pour l’agence, de lui-même ou parce que deux "
        "exploitants l’ont voulu.",
        "Attendez qu’il soit parti et que l’agence ait eu le temps de répondre.",
    ),
    "deposit-settled": (
        "Deux exploitants tiennent pour rejetée une demande d’indemnisation de ce fichier. Envoyé de nouveau, il "
        "pourrait la faire payer.",
        "Demandez à l’agence ce qu’elle a pris du fichier. Ce qu’elle n’a pas pris peut être tenu pour rejeté, puis "
        "demandé de nouveau par l’employeur.",
    ),
    "channel-frozen": (
        "Le flux vers l’agence de services et de paiement est gelé : rien n’y est lu, et une réponse à cette demande "
        "d’indemnisation peut y attendre.",
        "Attendez la reprise du flux et la lecture des retours qui attendent.",
    ),
}
"""Slug → what it means, what to do."""
