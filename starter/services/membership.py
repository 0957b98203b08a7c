"""What a person does with an account: tokens, members, mandates. A session is needed, a token never suffices."""

from datetime import date, timedelta
from typing import Final

from models.bodies.account import InvitationBody, MandateBody, TokenBody
from models.errors import Unknown
from models.labels import Belonging
from models.store.database import now
from models.store.journal import representation
from models.store.people import access_log, code_mails, codes, mandates, members, tokens
from models.store.people.mandates import MandateRecord
from models.store.people.tokens import TokenRecord
from starter.auth import rate_limits
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault, problem
from starter.services import sign_in

INVITATION_LIFETIME: Final = timedelta(weeks=1)
"""How long an invitation waits for its answer."""


def leading(caller: Caller, siret: str) -> None:
    """Let a main contact of an establishment pass; raises `Unknown` or 403."""
    if not representation.belongs(caller.connection, caller.account.id, siret):
        raise Unknown(siret)
    if not representation.leads(caller.connection, caller.account.id, siret):
        raise problem("forbidden", "Seul un interlocuteur principal de l’établissement peut le faire.")


def issue_token(
    context: Context, credential: PresentedCredential, body: TokenBody
) -> tuple[str, TokenRecord]:
    """Make a token; returns its secret, told this once; raises `Wrong` for one that is over before it begins."""
    with context.admit(credential, Verb.MANAGE_TOKENS) as caller:
        account = caller.account
        if body.expires_at is not None and body.expires_at <= now(caller.connection):
            raise fault("/expires_at", "already-past", "Cet instant est déjà passé.")
        secret, made = tokens.issue(caller.connection, account.id, body.label, body.scope, body.expires_at)
        access_log.write(caller.connection, "token_issued", caller.actor, token=made.id, scope=made.scope)
    return secret, made


def revoke_token(context: Context, credential: PresentedCredential, token_id: str) -> None:
    """Revoke a token at once."""
    with context.admit(credential, Verb.MANAGE_TOKENS) as caller:
        tokens.revoke(caller.connection, caller.account.id, token_id)
        access_log.write(caller.connection, "token_revoked", caller.actor, token=token_id)


def invite(context: Context, credential: PresentedCredential, body: InvitationBody) -> None:
    """Invite somebody to an establishment: a code leaves by mail, whether he has an account or not."""
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        leading(caller, body.siret)
        db = caller.connection
        _mailed(context, caller, body.email)
        holder = members.invite(db, body.siret, body.name, body.email, Belonging.of(body.role))
        code_mails.send(
            db, context.master, holder, "invitation", "invitation", INVITATION_LIFETIME, siret=body.siret
        )
        access_log.write(db, "member_invited", caller.actor, siret=body.siret, held_by=holder, part=body.role)


def _mailed(context: Context, caller: Caller, email: str) -> None:
    """Count a mail that somebody has us send to another; raises 429."""
    rate_limits.count(
        caller.connection, "mailbox", rate_limits.digest(context.master, "account", caller.account.id)
    )
    rate_limits.count(caller.connection, "mail", rate_limits.digest(context.master, "mail", email))


def remove(context: Context, credential: PresentedCredential, siret: str, account_id: str) -> None:
    """Remove somebody from an establishment, or take an invitation back; one may always leave."""
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        if caller.account.id != account_id:
            leading(caller, siret)
        members.remove(caller.connection, siret, account_id)
        codes.forget(caller.connection, account_id, "invitation")
        access_log.write(caller.connection, "member_removed", caller.actor, siret=siret, removed=account_id)


def give_mandate(context: Context, credential: PresentedCredential, body: MandateBody) -> MandateRecord:
    """Give a mandate, as an act confirmed by the password of the main contact; raises `Wrong`, or 429."""
    _check_period(body.starts_on, body.ends_on)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        leading(caller, body.siret)
        account = caller.account
    sign_in.confirm(context, account.id, body.password)
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        leading(caller, body.siret)
        db, period = caller.connection, (body.starts_on, body.ends_on)
        _mailed(context, caller, body.email)
        made = mandates.give(db, body.siret, body.name, body.email, period, account.id)
        days = {"from_on": body.starts_on.isoformat(), "until_on": body.ends_on.isoformat()}
        code_mails.send(
            db,
            context.master,
            made.account_id,
            "mandate_offered",
            "invitation",
            INVITATION_LIFETIME,
            siret=body.siret,
            **days,
        )
        access_log.write(db, "mandate_given", caller.actor, siret=body.siret, mandate=made.id, **days)
    return made


def _check_period(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise fault("/ends_on", "period-reversed", "Le mandat finirait avant de commencer.")


def revoke_mandate(context: Context, credential: PresentedCredential, mandate_id: str) -> None:
    """End a mandate at once: by a main contact, or by the agent of record who gives it up."""
    with context.admit(credential, Verb.MANAGE_MANDATES) as caller:
        db = caller.connection
        found = mandates.get(db, mandate_id)
        if found.account_id != caller.account.id:
            leading(caller, found.siret)
        mandates.revoke(db, mandate_id)
        if found.accepted_at is None:
            codes.forget(db, found.account_id, "invitation")
        access_log.write(db, "mandate_revoked", caller.actor, siret=found.siret, mandate=found.id)
