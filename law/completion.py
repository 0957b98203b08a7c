"""The request for missing pieces: only those that a text requires and that are indispensable (CRPA, L. 114-5).

The agent may ask the employer to complete a request; only pieces or information that a text requires may be
requested, and a missing one that is not indispensable does not suspend the examination (L. 114-5-1). The whole
delay of silence restarts on reception of the last of them, under the rule of that day. What the administration
holds already is not asked for (L. 113-12).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from law.calendar import add_months
from law.citations import cites, stated_words
from law.opinion import OpinionDuty
from law.reasons import states_a_fact
from law.texts import Cited, Objection, Reason, Text, because, in_french, objection


class Piece(Cited):
    """Pièce ou information qu’un texte exige de la demande : la liste est close."""

    CIRCUMSTANCES = "circumstances", Text.R_5122_2, "Motifs justifiant le recours à l’activité partielle"
    PERIOD = "period", Text.R_5122_2, "Période prévisible de sous-activité"
    EMPLOYEES = "employees", Text.R_5122_2, "Nombre de salariés concernés"
    WORKS_COUNCIL_OPINION = "works_council_opinion", Text.R_5122_2, "Avis préalable du comité"
    COMMITMENTS = "commitments", Text.R_5122_9, "Engagements de l’employeur"
    BANK_DETAILS = "bank_details", Text.R_5122_26, "Coordonnées bancaires"


_BANK_DETAILS_FROM: Final = date(2014, 7, 2)
"""Décret n° 2014-740: R. 5122-26 asks for bank details from then on."""
MAX_MONTHS_TO_SUPPLY: Final = 2
"""The clock stands still until the limit and after it, so a far one is silence put off for ever.

No text sets a maximum (practice; doubt): two months, the time that CRPA and CJA give people to act.
"""
HEADS_FROM: Final = 3
"""The request for pieces from which, within one case, only a head may make it (practice; doubt)."""
_REQUEST_WORDS: Final = frozenset({"demande", "dossier", "formulaire", "recepisse"})
_COPY_WORDS: Final = frozenset({"copie", "copies", "double", "duplicata", "exemplaire", "exemplaires", "reproduction"})
"""A label with one of each asks for what the administration has received itself."""


@dataclass(frozen=True, slots=True)
class PieceAsked:
    """One piece requested by the agent; `text_reference` names the text that requires it."""

    code: str
    label: str
    text_reference: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The case in which pieces are requested, on a local day.

    `opinion` and `commitments_due` say what this request had to contain; `supplied` holds, by code, the reasons for
    which pieces that came were requested; None and empty where nothing is known against the request.
    """

    asked_on: date
    received_on: date
    opinion: OpinionDuty | None = None
    commitments_due: bool = True
    supplied: Mapping[str, Collection[str]] | None = None


def piece_name(code: str, words: str) -> str:
    """Return what a piece is called: as the closed list names it, then the agent's words as a precision.

    Earlier releases took any code: such a piece has the agent's words only.
    """
    named = next((each.label for each in Piece if each == code), None)
    return words if named in (None, words) else f"{named} : {words}"


def completion_objections(
    pieces: Sequence[PieceAsked], reasons: str, due_on: date, asking: Asking
) -> tuple[Objection, ...]:
    """Return every reason why a request for pieces cannot be sent.

    The register decides whether the instant of silence has passed, and who may ask again.
    """
    found = [
        *(each for at, piece in enumerate(pieces) for each in _piece_objections(at, piece, reasons, asking)),
        *_repeated(pieces),
    ]
    if not pieces:
        message = "Une demande de pièces en désigne au moins une."
        found.append(objection("/pieces", "no-piece", message, Text.CRPA_L_114_5))
    if not states_a_fact(reasons):
        message = "Dites, en une phrase sur ce dossier, pourquoi ces pièces sont indispensables à son examen."
        found.append(objection("/reasons", "completion-without-reasons", message, Text.CRPA_L_114_5_1))
    return (*found, *_limit_objections(due_on, asking.asked_on))


def suspension_reasons(asked_on: date, due_on: date) -> tuple[Reason, ...]:
    """Explain why no delay runs while requested pieces are awaited: asked for on a local day, due on another."""
    stopped = (
        "Le délai au terme duquel le silence vaut acceptation ne court pas tant que des pièces demandées manquent."
    )
    limit = "Dernier jour fixé pour les recevoir. Passé ce jour, le délai reste arrêté jusqu’à leur réception."
    again = "À la réception de la dernière pièce, le délai entier recommence."
    source = Text.CRPA_L_114_5
    return (
        because(source, stopped, f"Arrêté depuis le {in_french(asked_on)}.", source),
        because(source, limit, in_french(due_on), source),
        because(source, again, "Un nouveau récépissé dira jusqu’à quand.", source),
    )


def requestable_pieces(asking: Asking) -> tuple[Piece, ...]:
    """Return the pieces that a text requires of this request and that are indispensable, in the order of the list."""
    return tuple(piece for piece in Piece if _is_indispensable(piece, asking))


def latest_limit(asked_on: date) -> date:
    """Return the last day that a request for pieces may leave to the employer."""
    return add_months(asked_on, MAX_MONTHS_TO_SUPPLY)


def is_supplied_again(pieces: Sequence[PieceAsked], supplied: Collection[str]) -> bool:
    """Tell whether a request asks again for a piece that was supplied: only a signatory may."""
    return any(piece.code in supplied for piece in pieces)


def _limit_objections(due_on: date, asked_on: date) -> Iterator[Objection]:
    if due_on <= asked_on:
        message = "Le délai laissé à l’employeur s’achève au plus tôt le lendemain de la demande de pièces."
        yield objection("/due_on", "limit-in-the-past", message, Text.CRPA_L_114_5)
    latest = latest_limit(asked_on)
    if due_on > latest:
        message = f"Le délai laissé à l’employeur ne dépasse pas {MAX_MONTHS_TO_SUPPLY} mois : {in_french(latest)}."
        yield objection("/due_on", "limit-too-far", message, Text.CRPA_L_114_5, Text.PRACTICE_PIECES)


def _piece_objections(at: int, asked: PieceAsked, reasons: str, asking: Asking) -> Iterator[Objection]:
    piece = next((each for each in Piece if each == asked.code), None)
    if piece is None:
        known = ", ".join(each.value for each in Piece)
        message = f"Ce code ne désigne aucune pièce qu’un texte exige. Codes : {known}."
        yield objection(f"/pieces/{at}/code", "piece-unknown", message, Text.CRPA_L_114_5)
    elif not _is_indispensable(piece, asking):
        yield objection(f"/pieces/{at}/code", "piece-not-indispensable", _NOT_DUE[piece], Text.CRPA_L_114_5_1)
    if not cites(asked.text_reference, [piece.article] if piece else [each.article for each in Piece]):
        article = f"article {piece.article}" if piece else "article"
        message = f"Seule une pièce qu’un texte exige peut être demandée : citez l’{article} du code du travail."
        yield objection(f"/pieces/{at}/text_reference", "piece-without-text", message, Text.CRPA_L_114_5)
    yield from _held_objections(at, asked, reasons, asking)


def _held_objections(at: int, asked: PieceAsked, reasons: str, asking: Asking) -> Iterator[Objection]:
    words = set(stated_words(asked.label))
    if words & _REQUEST_WORDS and words & _COPY_WORDS:
        message = "La demande elle-même n’est pas une pièce : le service la détient déjà."
        yield objection(f"/pieces/{at}/label", "piece-already-held", message, Text.CRPA_L_113_12)
    before = (asking.supplied or {}).get(asked.code, ())
    if any(set(stated_words(reasons)) <= set(stated_words(each)) for each in before):
        message = "Cette pièce a été fournie : elle n’est redemandée que pour un autre motif, à énoncer."
        yield objection("/reasons", "piece-already-supplied", message, Text.CRPA_L_113_12)


def _is_indispensable(piece: Piece, asking: Asking) -> bool:
    opinion = asking.opinion
    if piece is Piece.WORKS_COUNCIL_OPINION:
        return opinion is None or (opinion.required and not opinion.may_follow)
    if piece is Piece.COMMITMENTS:
        return asking.commitments_due
    return piece is not Piece.BANK_DETAILS or asking.received_on >= _BANK_DETAILS_FROM


_NOT_DUE: Final[Mapping[Piece, str]] = {
    Piece.WORKS_COUNCIL_OPINION: "L’avis du comité n’est pas indispensable à ce stade : il n’est pas requis, "
    "ou il peut suivre.",
    Piece.COMMITMENTS: "Aucun engagement n’est dû : l’établissement n’a pas été autorisé dans les 36 derniers mois.",
    Piece.BANK_DETAILS: f"Les coordonnées bancaires ne sont exigées que depuis le {in_french(_BANK_DETAILS_FROM)}.",
}


def _repeated(pieces: Sequence[PieceAsked]) -> tuple[Objection, ...]:
    codes = [piece.code for piece in pieces]
    return tuple(
        objection(f"/pieces/{at}/code", "piece-repeated", "La même pièce est demandée deux fois.", Text.CRPA_L_114_5)
        for at, code in enumerate(codes)
        if code in codes[:at]
    )
