"""Modules of claims and of their pages that have no test of their own, with the tests that exercise them."""

from typing import Final

_MONTH: Final = "starter/pages/employer/test_claim_month.py"
CLAIM_PAGES: Final = (
    ("starter/pages/employer", "claim_cancellation claim_list claim_people", _MONTH),
    ("starter/pages/components", "claim_file_form claim_terms_form", "starter/pages/employer/test_claim_files.py"),
    ("starter/pages/employer", "claim_grid_views", "starter/pages/employer/test_claim_grid.py"),
    ("starter/pages/components", "claim_grid_faults", "starter/pages/employer/test_claim_grid.py"),
    ("starter/services", "claim_grids", "starter/pages/employer/test_claim_grid.py"),
    ("models/store/claims", "previews", "starter/pages/employer/test_claim_grid.py"),
    ("starter/pages/employer", "claim_downloads", "starter/pages/employer/test_claim_files.py"),
    ("starter/services", "upload_views", "starter/api/employer/test_claim_uploads_codes.py"),
    ("starter/services", "claim_readings dsn_people", "starter/pages/employer/test_claim_dsn.py"),
    ("starter/api/agent", "quota_exceptions", "starter/services/test_quota_exceptions.py"),
    ("starter/services", "claim_months", _MONTH),
    ("models/store/agency", "claim_waits", "starter/api/employer/test_claims_answered.py"),
    ("starter/pages/components", "claim_answers", _MONTH),
    ("starter/pages/public", "agency_problems", "starter/pages/public/test_problem_advice.py"),
    ("models/store/claims", "elsewhere", "models/store/claims/test_controls_elsewhere.py"),
    ("models/store/payments", "records", "models/store/payments/test_orders.py"),
)
"""Folder, modules, tests."""
