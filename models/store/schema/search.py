"""Indexes by which lists are searched and sorted, and by which the cases that cite a file are found."""

from typing import Final

import sqlalchemy as sa

from models.store.schema.cases import completion, establishment, opinion, request
from models.store.schema.journal import event

FOLDED: Final = "translate(lower({}), 'àâäáãåçéèêëíìîïñóòôöõúùûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy')"
"""A text in small letters without accents."""
NAME_WORDS: Final = f"to_tsvector('simple'::regconfig, {FOLDED.format('name')})"
"""The words of an establishment's name, without accents."""
sa.Index("establishment_words", sa.text(NAME_WORDS), _table=establishment, postgresql_using="gin")
sa.Index("establishment_siret", establishment.c.siret, postgresql_ops={"siret": "text_pattern_ops"})
sa.Index("request_received", request.c.department, request.c.received_at, request.c.reference)
sa.Index("event_recorded", event.c.recorded_at, postgresql_using="brin")
"""Events are only ever appended, so blocks of them have few days: far smaller than the usual index."""

CITED_FILES: Final = """jsonb_path_query_array(supplied, '$.*."file"')"""
"""The files among the pieces of a row of `completion`."""
sa.Index("completion_files", sa.text(CITED_FILES), _table=completion, postgresql_using="gin")
sa.Index("request_scan", request.c.scan_id, postgresql_where=sa.text("scan_id IS NOT NULL"))
sa.Index("opinion_file", opinion.c.file_id, postgresql_where=sa.text("file_id IS NOT NULL"))
