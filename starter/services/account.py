"""The caller's own account: its establishments, and its credentials."""

from dataclasses import dataclass
from typing import NamedTuple

from models.labels import Belonging
from models.store.cases import digests
from models.store.people import authorities, members, passkeys, recovery_codes, tokens
from models.store.people.accounts import Account, Establishment
from models.store.people.passkeys import PasskeyRecord
from models.store.people.tokens import TokenRecord
from starter.auth import totp
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


class CoveredEstablishment(NamedTuple):
    """An establishment that an account may act for, in which role, and whether its authority was proven."""

    establishment: Establishment
    part: Belonging
    proven: bool


class AccountOverview(NamedTuple):
    """An account and the establishments that it covers."""

    account: Account
    establishments: tuple[CoveredEstablishment, ...]


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """An account with its second factors, passkeys and tokens."""

    overview: AccountOverview
    one_time_codes: bool
    passkeys: tuple[PasskeyRecord, ...]
    tokens: tuple[TokenRecord, ...]
    recovery_codes: int
    """How many recovery codes are still to be used."""
    daily_digest: bool
    """Whether it asked for one mail a day with what waits for it."""


def read_account(context: Context, credential: PresentedCredential) -> AccountOverview:
    """Return the caller's account."""
    with context.admit(credential, Verb.READ_ACCOUNT) as caller:
        return _overview(caller)


def read_details(context: Context, credential: PresentedCredential) -> AccountDetails:
    """Return the caller's account with its second factors, passkeys and tokens."""
    with context.admit(credential, Verb.READ_ACCOUNT) as caller:
        db, account = caller.connection, caller.account
        return AccountDetails(
            overview=_overview(caller),
            one_time_codes=totp.is_required(db, account.id),
            passkeys=tuple(passkeys.list_of(db, account.id)),
            tokens=tuple(tokens.list_of(db, account.id)),
            recovery_codes=recovery_codes.count_left(db, account.id),
            daily_digest=digests.is_asked(db, account.id),
        )


def _overview(caller: Caller) -> AccountOverview:
    parts = members.list_roles(caller.connection, caller.account.id)
    proven = authorities.list_proven(caller.connection, caller.account.id)
    return AccountOverview(
        caller.account,
        tuple(
            CoveredEstablishment(each, parts.get(each.siret, Belonging.MANDATE), each.siret in proven)
            for each in caller.establishments()
        ),
    )
