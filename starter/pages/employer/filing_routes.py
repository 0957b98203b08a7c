"""The pages of a request in short steps, in the order in which their addresses are tried."""

from fastapi import APIRouter

from starter.pages.employer import filing, filing_commitments, filing_council, filing_end, filing_opening

router = APIRouter()
router.include_router(filing_opening.router)
router.include_router(filing_end.router)
router.include_router(filing_council.router)
router.include_router(filing_commitments.router)
router.include_router(filing.router)
