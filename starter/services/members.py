"""Members of an establishment: list, invite, remove."""

from models.bodies.account import InvitationBody
from models.labels import Belonging
from models.store.people import access_log, code_mails, codes, members
from models.store.people.members import Member
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
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
        return members.list_of(caller.connection, siret)


def invite(context: Context, credential: PresentedCredential, body: InvitationBody) -> None:
    """Invite somebody to an establishment by a mailed code, whether or not they have an account."""
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        require_main_contact(caller, body.siret)
        db, siret = caller.connection, body.siret
        count_mail(context, caller, body.email)
        holder = members.invite(db, siret, body.name, body.email, Belonging.of(body.role))
        code_mails.send(db, context.master, holder, "invitation", "invitation", INVITATION_LIFETIME, siret=siret)
        access_log.write(db, "member_invited", caller.actor, siret=siret, held_by=holder, part=body.role)


def remove(context: Context, credential: PresentedCredential, siret: str, member_id: str) -> None:
    """Remove a member, or cancel an invitation; members may always remove themselves."""
    member_id = as_uuid(member_id)
    with context.admit(credential, Verb.MANAGE_MEMBERS) as caller:
        if caller.account.id != member_id:
            require_main_contact(caller, siret)
        members.remove(caller.connection, siret, member_id)
        codes.expire_all(caller.connection, member_id, "invitation")
        access_log.write(caller.connection, "member_removed", caller.actor, siret=siret, removed=member_id)
