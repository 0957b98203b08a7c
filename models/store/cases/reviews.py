"""The look of an agent after which an authorization that waited is handed to the paying agency.

Limits exceeded, a request on paper and a holder whom nobody can read are a signatory's to judge; so is an agent's word
for the firm, by another agent than the one who gave it and than the one who granted (`second_looks`). A case whose rows
were not those of its events is a head's, and only once they are again: one person's word moves no money there. So is
what somebody filed whom two operators evicted, and only once the firm has let that person in again or a new proof has
come: the request names the bank account that they gave. Otherwise it waits until its claims are forfeit.
"""

from datetime import datetime

from sqlalchemy import Connection

from law.texts import in_french
from models.bodies.decision import HandOverBody
from models.errors import Conflict, NotAllowed
from models.identifiers import authorization_of
from models.labels import HoldReason
from models.store.cases import (
    authority_holds,
    forfeitures,
    holders,
    holds,
    rejected_claims,
    requests,
    second_looks,
    waiting_claims,
)
from models.store.cases.records import RequestRecord
from models.store.database import case_now
from models.store.journal import events, facts
from models.store.journal.events import Actor
from models.store.people import accounts, authorities, delegations

REVIEWED = (
    HoldReason.LIMITS,
    HoldReason.PAPER,
    HoldReason.HOLDER,
    HoldReason.EVIDENCE,
    HoldReason.EVICTION,
    HoldReason.VALIDATION,
)
"""Reasons that an agent's look removes; others have their own remedies."""


def release(connection: Connection, reference: str, body: HandOverBody, actor: Actor) -> list[HoldReason]:
    """Let an authorization be handed over after all, under a delegation to grant; returns what held it.

    Raises `NotAllowed`, also to whoever registered a request on paper, to whoever validated its filer and, for changed
    rows and evictions, to whoever is no head;
    `Conflict` when nothing waits for an agent, when its claims are forfeit, or when what held it is not put right.
    """
    authority_holds.hold_if_unproven(connection, reference, requests.get(connection, reference).siret)
    case = requests.get(connection, reference, hold=True)
    at = case_now(connection, reference)
    delegations.require(connection, actor.account_id, case.department, case.day_of(at), "grant")
    standing = [each.reason for each in holds.list_standing(connection, reference) if each.reason in REVIEWED]
    if not standing:
        raise Conflict("nothing-held", "Rien dans ce dossier n’attend l’accord d’un agent pour sa transmission.")
    _refuse_forfeited(connection, case, at)
    if HoldReason.PAPER in standing:
        _refuse_registrar(connection, reference, actor)
    if HoldReason.VALIDATION in standing and actor.account_id in second_looks.list_eyes(connection, reference):
        raise NotAllowed(_SECOND)
    if HoldReason.EVIDENCE in standing:
        _refuse_changed(connection, reference, actor)
    if HoldReason.EVICTION in standing:
        _refuse_evicted(connection, case, actor)
    if HoldReason.HOLDER in standing:
        _state_holder(connection, reference, body, actor)
    requests.see_signals(connection, reference)
    events.append(connection, reference, "hand_over_reviewed", at, actor, reason=body.reason)
    for each in standing:
        holds.release(connection, reference, each, actor)
    return standing


_SECOND = "Un autre signataire que celui qui a validé l’habilitation ou accordé la demande autorise sa transmission."


def _refuse_forfeited(connection: Connection, case: RequestRecord, at: datetime) -> None:
    """Refuse once no claim can follow any more, and none waits, even before the process of the case has closed it."""
    forfeiture, today = forfeitures.of_case(connection, case), case.day_of(at)
    if waiting_claims.is_any_under_way(connection, authorization_of(case.reference)):
        return
    corrected = rejected_claims.find_last_day(connection, case)
    if today >= forfeiture.forfeited_on and (corrected is None or today > corrected):
        day, why = in_french(forfeiture.forfeited_on), forfeiture.why[0]
        raise Conflict(
            "hand-over-blocked",
            f"Les demandes d’indemnisation de ce dossier étaient à présenter avant le {day} ({why.article}, "
            f"{why.source}) : il n’est plus transmis.",
        )


def _refuse_registrar(connection: Connection, reference: str, actor: Actor) -> None:
    if events.find_actor(connection, reference, "request_received") == actor.account_id:
        raise NotAllowed("Un autre signataire que celui qui a inscrit la demande papier autorise sa transmission.")


def _refuse_changed(connection: Connection, reference: str, actor: Actor) -> None:
    """Refuse unless a head asks and the rows are those of the events again, in an unbroken chain."""
    _require_head(connection, actor, "Les données de ce dossier ont changé sans événement")
    changed = [*facts.find_changed(connection, [reference]), *facts.find_changed_firms(connection, [reference])]
    told = [what for each in changed for what in each.told]
    if events.broken_links(connection, reference):
        told.append("un événement n’est plus celui dont l’empreinte a été chaînée")
    if told:
        raise Conflict("hand-over-blocked", f"Rétablissez d’abord le registre : {' ; '.join(told)}.")


def _refuse_evicted(connection: Connection, case: RequestRecord, actor: Actor) -> None:
    """Refuse unless a head asks and whoever filed has an authority again, which somebody else recognised."""
    _require_head(connection, actor, "Qui a déposé ce dossier a été écarté de l’établissement")
    if not authority_holds.was_filed_with_authority(connection, case.reference):
        raise Conflict(
            "hand-over-blocked",
            "Qui a déposé ce dossier a été écarté de l’établissement : il n’est transmis qu’une fois cette personne "
            "habilitée de nouveau, par une preuve ou par l’invitation d’un interlocuteur habilité.",
        )
    if actor.account_id in authorities.list_provers(connection, case.siret, case.account_id):
        raise NotAllowed("Un autre chef d’unité que celui qui a validé cette habilitation autorise la transmission.")


def _require_head(connection: Connection, actor: Actor, why: str) -> None:
    if actor.account_id is None or accounts.get(connection, actor.account_id).role != "head":
        raise NotAllowed(f"{why} : un chef d’unité autorise sa transmission.")


def _state_holder(connection: Connection, reference: str, body: HandOverBody, actor: Actor) -> None:
    if body.holder is None:
        message = "Le titulaire du compte est illisible : donnez son nom, tel que sa banque l’écrit, dans « holder »."
        raise Conflict("hand-over-blocked", message)
    holders.state(connection, reference, body.holder, actor)
