"""Mandates of agents of record: list them, give one as a main contact, revoke one from either side."""

from sqlalchemy import Connection

from models.bodies.account import MandateBody
from models.store.people import access_log, code_mails, codes, mandates, members
from models.store.people.mandates import MandateRecord
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.services import sign_in
from starter.services.establishments import INVITATION_LIFETIME, count_mail, require_main_contact


def list_mandates(context: Context, credential: PresentedCredential) -> list[MandateRecord]:
    """Return the mandates given by the caller's establishments, and those that the caller received."""
    with context.admit(credential, Verb.READ_MANDATES) as caller:
        own = list(members.list_roles(caller.connection, caller.account.id))
        return mandates.list_concerning(caller.connection, caller.account.id, own)


def give_mandate(context: Context, credential: PresentedCredential, body: MandateBody) -> MandateRecord:
    """Give a mandate, confirmed by the password of the main contact; raises `InvalidRequest`, or 429."""
    if body.ends_on < body.starts_on:
        raise fault("/ends_on", "period-reversed", "Le mandat finirait avant de commencer.")
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        require_main_contact(caller, body.siret)
        account = caller.account
    sign_in.confirm(context, account.id, body.password)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        require_main_contact(caller, body.siret)
        db, period = caller.connection, (body.starts_on, body.ends_on)
        count_mail(context, caller, body.email)
        mandate = mandates.give(db, body.siret, body.name, body.email, period, account.id)
        days = {"from_on": body.starts_on.isoformat(), "until_on": body.ends_on.isoformat()}
        _offer(context, db, mandate, days)
        access_log.write(db, "mandate_given", caller.actor, siret=body.siret, mandate=mandate.id, **days)
    return mandate


def _offer(context: Context, connection: Connection, mandate: MandateRecord, days: dict[str, str]) -> None:
    """Mail the agent of record the code that accepts the mandate."""
    code_mails.send(
        connection,
        context.master,
        mandate.account_id,
        "mandate_offered",
        "invitation",
        INVITATION_LIFETIME,
        siret=mandate.siret,
        **days,
    )


def revoke_mandate(context: Context, credential: PresentedCredential, mandate_id: str) -> None:
    """Revoke a mandate at once, as a main contact or as its agent of record; raises `Unknown`, or 403."""
    mandate_id = as_uuid(mandate_id)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        db = caller.connection
        mandate = mandates.get(db, mandate_id)
        if mandate.account_id != caller.account.id:
            require_main_contact(caller, mandate.siret)
        mandates.revoke(db, mandate_id)
        if mandate.accepted_at is None:
            codes.expire_all(db, mandate.account_id, "invitation")
        access_log.write(db, "mandate_revoked", caller.actor, siret=mandate.siret, mandate=mandate.id)
