"""Members of an establishment: list, invite, remove."""

from models.bodies.account import InvitationBody, RoleBody
from models.labels import Belonging
from models.store.journal.idempotency import digest
from models.store.people import access_log, code_mails, codes, members
from models.store.people.members import Member
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.request_body import Submission
from starter.services.establishments import (
    INVITATION_LIFETIME,
    count_mail,
    require_main_contact,
    require_member,
)


def list_members(context: Context, credential: PresentedCredential, siret: str) -> list[Member]:
    """Return the members of one of the caller's establishments; raises `Unknown`, also for an agent of record."""
    with context.admit(credential, Verb.READ_MEMBERS) as caller:
        require_member(caller, siret)
        return members.list_of(caller.connection, siret, caller.account.id)


def invite(context: Context, credential: PresentedCredential, body: InvitationBody, key: str | None = None) -> None:
    """Invite somebody to an establishment by a mailed code, whether or not they have an account.

    One mail leaves for an idempotency key.
    """
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        require_main_contact(caller, body.siret)
        caller.once(key, digest(["invitation", body.model_dump(mode="json")]), lambda: _invite(context, caller, body))


def _invite(context: Context, caller: Caller, body: InvitationBody) -> str:
    db, siret = caller.connection, body.siret
    leaves_at = count_mail(context, caller, body.email)
    holder = members.invite(db, siret, body.name, body.email, Belonging.of(body.role), caller.account.id)
    life, about = INVITATION_LIFETIME, {"siret": siret}
    code_mails.send(db, context.master, holder, "invitation", "invitation", life, leaves_at, **about)
    access_log.write(db, "member_invited", caller.actor, siret=siret, held_by=holder, part=body.role)
    return holder


def change_role(
    context: Context, credential: PresentedCredential, siret: str, member_id: str, submission: Submission[RoleBody]
) -> None:
    """Give a member another role, as a main contact.

    Raises `Unknown`, 403, `InvalidRequest`, `Conflict` for the last main contact.
    """
    member_id = as_uuid(member_id)
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        require_main_contact(caller, siret)
        members.get(caller.connection, siret, member_id, caller.account.id)
        role = Belonging.of(submission.read().role)
        members.change_role(caller.connection, siret, member_id, role, caller.account.id)
        access_log.write(
            caller.connection, "member_role_changed", caller.actor, siret=siret, member=member_id, part=role
        )


def invite_again(context: Context, credential: PresentedCredential, siret: str, member_id: str) -> None:
    """Send a waiting invitation again, with a new code: earlier ones end. Raises `Unknown`, 403, 429."""
    member_id = as_uuid(member_id)
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        require_main_contact(caller, siret)
        db = caller.connection
        member = members.get_invited(db, siret, member_id, caller.account.id)
        leaves_at = count_mail(context, caller, member.email)
        life, about = INVITATION_LIFETIME, {"siret": siret}
        code_mails.send(db, context.master, member_id, "invitation", "invitation", life, leaves_at, **about)
        access_log.write(db, "member_invited", caller.actor, siret=siret, held_by=member_id, part=member.role)


def remove(context: Context, credential: PresentedCredential, siret: str, member_id: str) -> bool:
    """Remove a member, or cancel an invitation; members may always remove themselves. Returns whether one did."""
    member_id = as_uuid(member_id)
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        if caller.account.id != member_id:
            require_main_contact(caller, siret)
        members.remove(caller.connection, siret, member_id, caller.account.id)
        codes.expire_all(caller.connection, member_id, "invitation")
        access_log.write(caller.connection, "member_removed", caller.actor, siret=siret, removed=member_id)
    return caller.account.id == member_id
