"""Query parameters that every list of requests takes."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from models.identifiers import Moment, Siret
from models.store.cases.searches import Search
from models.store.paging import PAGE_SIZE, Cursor, Limit
from models.texts import TextForm
from starter.http.request_body import ListParameters, restored_plus

QueryMoment = Annotated[Moment, BeforeValidator(restored_plus)]
"""An instant in an address."""


class SearchParameters(ListParameters):
    """Search, cursor and size of a page."""

    siret: Siret | None = None
    q: Annotated[
        str | None,
        TextForm("line", 100),
        Field(description="Référence, SIREN, SIRET, ou mots par lesquels commence le nom de l’établissement."),
    ] = None
    updated_since: Annotated[
        QueryMoment | None,
        Field(
            description="Dossiers où un événement a été inscrit depuis cet instant. Reprenez une minute avant "
            "l’appel précédent : une inscription en cours n’est pas encore visible."
        ),
    ] = None
    cursor: Cursor | None = None
    limit: Limit = PAGE_SIZE

    def searched(self, status: str | None, ground: str | None = None) -> Search:
        """Return what is searched for."""
        return Search(
            status=status,
            ground=ground,
            siret=self.siret,
            words=self.q,
            updated_since=self.updated_since,
            after=self.cursor,
            limit=self.limit,
        )
