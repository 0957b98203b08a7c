"""Files that pages of a claim give to its employer: what was filed, and the errors of a file that was sent."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from starter.context import AppContext
from starter.http.responses import csv_file
from starter.pages.components.visitor import SessionRequired
from starter.pages.employer import claim_files, claim_month
from starter.pages.employer.claim_month import MonthAddress
from starter.services import claim_uploads, claim_views, claims
from starter.services.claim_uploads import UploadAddress

router = APIRouter(include_in_schema=False)

FILE: Final = f"{claim_month.PATH}/file"
ERRORS: Final = f"{claim_files.UPLOAD}/errors.csv"
Version = Annotated[int | None, Query(ge=1, le=10_000)]


@router.get(FILE)
async def claim_file(
    context: AppContext, visitor: SessionRequired, to: MonthAddress, version: Version = None
) -> Response:
    """Give the lines of a version, like `GET …/claims/{month}/file` of the API, to be corrected or kept."""
    of = to._replace(version=version)
    reader = await run_in_threadpool(claims.require_reader, context, visitor, of)
    written = await context.slow_calls.claim(reader, claim_views.write_file, context, visitor, of)
    return csv_file(written.file_name, written.content)


@router.get(ERRORS)
def errors(context: AppContext, visitor: SessionRequired, to: MonthAddress, upload_id: str) -> Response:
    """Give the errors of a file, to be corrected one by one."""
    written = claim_uploads.write_errors(context, visitor, UploadAddress(*to[:3]), upload_id)
    return csv_file("erreurs.csv", written)
