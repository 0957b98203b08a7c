"""The request for missing pieces: only those that a text requires and that are indispensable (CRPA, L. 114-5).

The agent may ask the employer to complete a request; only pieces or information that a text requires may be
requested, and a missing one that is not indispensable does not suspend the examination (L. 114-5-1). The whole
delay of silence restarts on reception of the last of them, under the rule of that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from law.opinion import OpinionDuty
from law.texts import Cited, Objection, Text, cites_an_article, objection


class Piece(Cited):
    """Pièce ou information qu’un texte exige de la demande."""

    CIRCUMSTANCES = "circumstances", Text.R_5122_2, "Motifs justifiant le recours à l’activité partielle"
    PERIOD = "period", Text.R_5122_2, "Période prévisible de sous-activité"
    EMPLOYEES = "employees", Text.R_5122_2, "Nombre de salariés concernés"
    WORKS_COUNCIL_OPINION = "works_council_opinion", Text.R_5122_2, "Avis préalable du comité"
    COMMITMENTS = "commitments", Text.R_5122_9, "Engagements de l’employeur"
    BANK_DETAILS = "bank_details", Text.R_5122_26, "Coordonnées bancaires"


@dataclass(frozen=True, slots=True)
class PieceAsked:
    """One piece requested by the agent; `text_reference` names the text that requires it."""

    code: str
    label: str
    text_reference: str


def completion_objections(
    pieces: Sequence[PieceAsked],
    reasons: str,
    due_on: date,
    asked_on: date,
    opinion: OpinionDuty | None = None,
) -> tuple[Objection, ...]:
    """Return every reason why a request for pieces cannot be sent on a local day.

    With `opinion`, an opinion that is not due yet cannot be requested. The register decides whether the instant
    of silence has passed.
    """
    found = [
        *(each for at, piece in enumerate(pieces) for each in _piece_objections(at, piece, opinion)),
        *_repeated(pieces),
    ]
    if not pieces:
        message = "Une demande de pièces en désigne au moins une."
        found.append(objection("/pieces", "no-piece", message, Text.CRPA_L_114_5))
    if not reasons.strip():
        message = "La demande de pièces dit pourquoi elles sont indispensables."
        found.append(objection("/reasons", "completion-without-reasons", message, Text.CRPA_L_114_5_1))
    if due_on <= asked_on:
        message = "Le délai laissé à l’employeur s’achève au plus tôt le lendemain de la demande de pièces."
        found.append(objection("/due_on", "limit-in-the-past", message, Text.CRPA_L_114_5))
    return tuple(found)


def _piece_objections(at: int, piece: PieceAsked, opinion: OpinionDuty | None) -> tuple[Objection, ...]:
    if not cites_an_article(piece.text_reference):
        message = "Seule une pièce qu’un texte exige peut être demandée, avec l’article qui l’exige."
        return (objection(f"/pieces/{at}/text_reference", "piece-without-text", message, Text.CRPA_L_114_5),)
    not_due = opinion is not None and (opinion.may_follow or not opinion.required)
    if piece.code == Piece.WORKS_COUNCIL_OPINION and not_due:
        message = "L’avis du comité n’est pas indispensable à ce stade, il n’est pas requis ou peut suivre."
        return (objection(f"/pieces/{at}/code", "piece-not-indispensable", message, Text.CRPA_L_114_5_1),)
    return ()


def _repeated(pieces: Sequence[PieceAsked]) -> tuple[Objection, ...]:
    codes = [piece.code for piece in pieces]
    return tuple(
        objection(f"/pieces/{at}/code", "piece-repeated", "La même pièce est demandée deux fois.", Text.CRPA_L_114_5)
        for at, code in enumerate(codes)
        if code in codes[:at]
    )
