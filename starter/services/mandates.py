"""Mandates of agents of record: list them, give one as a main contact, revoke one from either side."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.bodies.account import MandateBody
from models.errors import Unknown
from models.store.journal.idempotency import digest
from models.store.people import access_log, code_mails, codes, mandates, members, waiting_mandates
from models.store.people.mandates import MandateRecord
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.services import sign_in
from starter.services.establishments import INVITATION_LIFETIME, count_mail, require_main_contact


class Mandates(NamedTuple):
    """The mandates of an account: given by its establishments or received, and those that wait for it."""

    concerning: list[MandateRecord]
    waiting: list[MandateRecord]


def list_mandates(context: Context, credential: PresentedCredential) -> Mandates:
    """Return the mandates of the caller."""
    with context.admit(credential, Verb.READ_MANDATES) as caller:
        own = list(members.list_roles(caller.connection, caller.account.id))
        concerning = mandates.list_concerning(caller.connection, caller.account.id, own)
        return Mandates(concerning, waiting_mandates.list_waiting(caller.connection, caller.account.id))


def give_mandate(
    context: Context, credential: PresentedCredential, body: MandateBody, key: str | None = None
) -> MandateRecord:
    """Give a mandate, once for an idempotency key, confirmed by the password of the main contact.

    Raises `InvalidRequest`, or 429.
    """
    if body.ends_on < body.starts_on:
        raise fault("/ends_on", "period-reversed", "Le mandat finirait avant de commencer.")
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        require_main_contact(caller, body.siret)
        account = caller.account
    sign_in.confirm(context, account.id, body.password)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        require_main_contact(caller, body.siret)
        stated = digest(["mandate", body.model_dump(mode="json", exclude={"password"})])
        mandate_id = caller.once(key, stated, lambda: _give(context, caller, body))
        return mandates.get(caller.connection, mandate_id)


def _give(context: Context, caller: Caller, body: MandateBody) -> str:
    db, period = caller.connection, (body.starts_on, body.ends_on)
    leaves_at = count_mail(context, caller, body.email)
    mandate = mandates.give(db, body.siret, body.name, body.email, period, caller.account.id)
    days = {"from_on": body.starts_on.isoformat(), "until_on": body.ends_on.isoformat()}
    _offer(context, db, mandate, days, leaves_at)
    return mandate.id


def _offer(
    context: Context, connection: Connection, mandate: MandateRecord, days: dict[str, str], leaves_at: datetime | None
) -> None:
    """Mail the agent of record the code that accepts the mandate."""
    code_mails.send(
        connection,
        context.master,
        mandate.account_id,
        "mandate_offered",
        "invitation",
        INVITATION_LIFETIME,
        leaves_at,
        siret=mandate.siret,
        **days,
    )


def offer_again(context: Context, credential: PresentedCredential, mandate_id: str) -> MandateRecord:
    """Offer a mandate again that waits for its acceptance, with a new code; raises `Unknown`, 403, 429."""
    mandate_id = as_uuid(mandate_id)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        db = caller.connection
        mandate = mandates.get(db, mandate_id)
        waits = mandate.accepted_at is None and mandate.revoked_at is None
        if not waits or not mandates.is_of_party(db, mandate, caller.account.id):
            raise Unknown(mandate_id)
        require_main_contact(caller, mandate.siret)
        leaves_at = count_mail(context, caller, mandate.email)
        days = {"from_on": mandate.starts_on.isoformat(), "until_on": mandate.ends_on.isoformat()}
        _offer(context, db, mandate, days, leaves_at)
        access_log.write(db, "mandate_given", caller.actor, siret=mandate.siret, mandate=mandate.id, **days)
    return mandate


def revoke_mandate(context: Context, credential: PresentedCredential, mandate_id: str) -> None:
    """Revoke a mandate at once, as a main contact or as its agent of record; raises `Unknown`, or 403."""
    mandate_id = as_uuid(mandate_id)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        db = caller.connection
        mandate = mandates.get(db, mandate_id)
        if not mandates.is_of_party(db, mandate, caller.account.id):
            raise Unknown(mandate_id)
        if mandate.account_id != caller.account.id:
            require_main_contact(caller, mandate.siret)
        mandates.revoke(db, mandate_id)
        if mandate.accepted_at is None:
            codes.expire_all(db, mandate.account_id, "invitation")
        access_log.write(db, "mandate_revoked", caller.actor, siret=mandate.siret, mandate=mandate.id)
