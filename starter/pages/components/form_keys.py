"""The key of a rendering of a form that creates something: sent twice, it creates once, and shows the same result.

It is the idempotency key of the act (`starter.http.request_body`). A form that is shown again keeps it, unless what it
created stands already.
"""

import re
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Final, TypeVar

from pydantic import BaseModel, TypeAdapter

from models.store.journal.idempotency import digest
from starter.http.request_body import Submission, read

Body = TypeVar("Body", bound=BaseModel)
KEY_FIELD: Final = "key"
REUSED: Final = "Ce formulaire a déjà été envoyé. Vérifiez votre saisie avant d’envoyer celle-ci en plus."
"""What is said above a form that was changed after it had created something."""
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


def new_key() -> str:
    """Return the key of a new rendering."""
    return token_urlsafe(24)


def key_of(fields: Mapping[str, str], name: str = KEY_FIELD) -> str:
    """Return the key that a form came with in its field `name`, or another if it came with none that could be."""
    sent = fields.get(name, "")
    return sent if _KEY.fullmatch(sent) else new_key()


def keyed_submission(
    model: type[Body], address: str, stated: Mapping[str, object], fields: Mapping[str, str]
) -> Submission[Body]:
    """Return a form for an act that is done once for the key among its `fields`; `stated` is the body."""
    body = dict(stated)
    return Submission(lambda: read(TypeAdapter(model), body), lambda: digest([address, body]), key_of(fields))
