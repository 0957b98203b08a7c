"""What a party of an establishment said of its files: import profiles, by name, each version kept.

Another party, which may be a stranger who enrolled the same establishment, says nothing of them.
"""

from sqlalchemy import Connection, bindparam, func, insert, select

from models.claim_files.profile import ImportProfile
from models.store.schema.cases import request
from models.store.schema.uploads import import_profile, upload


def find_last(connection: Connection, siret: str, party: str | None) -> ImportProfile | None:
    """Return the profile that a party of an establishment stated last, None if there is none."""
    content = connection.execute(_LAST, {"siret": siret, "party": party}).scalar()
    return None if content is None else ImportProfile.model_validate(content)


def find(connection: Connection, siret: str, name: str, version: int) -> ImportProfile | None:
    """Return a version of a profile, None if there is none."""
    content = connection.execute(_VERSION, {"siret": siret, "name": name, "version": version}).scalar()
    return None if content is None else ImportProfile.model_validate(content)


def count_since(connection: Connection, upload_id: str) -> int:
    """Return how many profiles the party of a file has stated since the file was received."""
    count: int = connection.execute(_SINCE, {"upload": upload_id}).scalar_one()
    return count


def add(
    connection: Connection, siret: str, party: str | None, account_id: str, profile: ImportProfile
) -> ImportProfile:
    """Store a profile of a party as the next version of its name; the same content again is that version.

    The caller holds the establishment.
    """
    last = find_last(connection, siret, party)
    if last is not None and last.model_copy(update={"version": profile.version}) == profile:
        return last
    standing: int = connection.execute(_HIGHEST, {"siret": siret, "name": profile.name}).scalar_one()
    added = profile.model_copy(update={"version": standing + 1})
    row = {
        "siret": siret,
        "name": added.name,
        "version": added.version,
        "content": added.model_dump(mode="json"),
        "account_id": account_id,
        "party": party,
    }
    connection.execute(insert(import_profile).values(row))
    return added


_OF = import_profile.c.siret == bindparam("siret")
_LAST = (
    select(import_profile.c.content)
    .where(_OF, import_profile.c.party.is_not_distinct_from(bindparam("party", type_=import_profile.c.party.type)))
    .order_by(import_profile.c.created_at.desc(), import_profile.c.version.desc())
    .limit(1)
)
_NAMED = import_profile.c.name == bindparam("name")
_VERSION = select(import_profile.c.content).where(_OF, _NAMED, import_profile.c.version == bindparam("version"))
_HIGHEST = select(func.coalesce(func.max(import_profile.c.version), 0)).where(_OF, _NAMED)
_SINCE = (
    select(func.count())
    .select_from(upload)
    .join(request, request.c.reference == upload.c.reference)
    .join(import_profile, import_profile.c.siret == request.c.siret)
    .where(
        upload.c.id == bindparam("upload"),
        import_profile.c.party.is_not_distinct_from(request.c.party),
        import_profile.c.created_at >= upload.c.received_at,
    )
)
