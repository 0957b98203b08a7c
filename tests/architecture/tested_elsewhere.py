"""Modules that have no test of their own, with the tests that exercise them and why; tests that are of no module."""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """Some modules of one folder."""

    folder: str
    modules: str
    """Their names, separated by spaces; `*` for all of the folder."""
    tests: str
    """Files below `tests/` that exercise them, separated by spaces."""


DECLARATIONS: Final = "Types, names and texts only: nothing to run but what uses them."
BODIES: Final = "What callers send: each wrong body is sent to its endpoint, which points at what is wrong."
ACTS: Final = "One act behind an endpoint or a page: tried through it, with the access rule and the body that it has."
STATEMENTS: Final = "Statements of the register: tried on a real one, through the acts that run them."
PARTS: Final = "A part of what another module does: tried through the whole, whose result is what matters."
PROCESSES: Final = "A process of one or two steps: runs in a real engine, and its stored histories replay."
PARTNERS: Final = "Talks to partners: tried against programs that stand in for them."
WORLD: Final = "Works on a whole installation: tried on one that runs."
ENTRY: Final = "Starts a program: tried by starting it."

TESTED_ELSEWHERE: Final[dict[str, tuple[Row, ...]]] = {
    DECLARATIONS: (
        Row("law", "departments", "law/test_directory.py"),
        Row("law", "grounds", "law/test_request.py law/test_every_day.py"),
        Row("law", "texts", "law/test_dated.py activities/documents/test_french.py"),
        Row("activities/mail", "mail_template", "activities/mail/test_templates.py"),
        Row("activities/signing", "errors", "activities/signing/test_sign.py"),
        Row("models", "errors", "models/store/cases/test_deadlines.py"),
        Row("models", "roles", "starter/auth/test_permissions.py"),
        Row("models/engine/kinds", "*", "models/engine/test_processes.py"),
        Row("models/engine", "process_kind", "models/engine/test_processes.py"),
        Row("models/messages", "acts", "architecture/test_acts.py"),
        Row("models/messages", "case", "workflows/test_authorization_decision.py"),
        Row("models/messages", "deposit", "activities/agency/test_deposits.py"),
        Row("models/messages", "draft", "workflows/test_draft.py"),
        Row("models/messages", "enrolment", "workflows/test_enrolment.py"),
        Row("models/messages", "verification", "starter/pages/public/test_verification.py"),
        Row("models/store/schema", "*", "models/store/test_migrate.py"),
        Row("models/store", "records", "models/store/people/test_credentials.py"),
        Row("models/store/cases", "records", "starter/api/agent/test_case_review.py"),
        Row("starter/api/agent", "agent_acts", "starter/api/agent/test_decisions.py"),
        Row("starter/services", "case_schemas", "starter/api/employer/test_requests.py"),
    ),
    BODIES: (
        Row(
            "models/bodies",
            "*",
            "starter/services/test_filing.py starter/api/agent/test_decisions.py starter/api/agent/test_units.py",
        ),
        Row("starter/http", "problems validation_messages", "starter/services/test_filing.py"),
    ),
    ACTS: (
        Row("starter/api/operator", "access_log", "starter/auth/test_permissions.py"),
        Row("starter/api/operator", "health", "starter/test_app.py"),
        Row("starter/pages/agent", "unit", "starter/api/agent/test_units.py"),
        Row("starter/pages/employer", "members", "starter/pages/employer/test_account.py"),
        Row("starter/services", "access_log", "starter/auth/test_permissions.py"),
        Row("starter/services", "tokens password_reset", "starter/api/account/test_account.py"),
        Row("starter/services", "activation enrolment", "starter/api/public/test_enrolments.py"),
        Row("starter/services", "agent_sign_in", "starter/pages/agent/test_sign_in.py"),
        Row("starter/services", "documents", "starter/pages/employer/test_requests.py"),
        Row("starter/services", "health", "starter/test_app.py"),
        Row("starter/services", "invitations", "starter/api/account/test_members.py"),
        Row("starter/services", "jobs", "starter/pages/public/test_verification.py"),
        Row("starter/services", "opinions case_view", "starter/api/employer/test_requests.py"),
        Row("starter/services", "passkeys", "starter/pages/employer/test_second_factors.py"),
        Row("starter/services", "sign_in", "starter/api/account/test_session.py"),
        Row("starter/services", "unit_view", "starter/api/agent/test_units.py"),
        Row("cli", "environment", "test_tacite.py"),
    ),
    STATEMENTS: (
        Row("models/store", "database", "activities/test_register.py"),
        Row("models/store/agency", "*", "activities/agency/test_deposits.py"),
        Row("models/store/cases", "checklists", "starter/api/agent/test_case_review.py"),
        Row("models/store/cases", "controls", "activities/test_controls.py"),
        Row("models/store/cases", "drafts", "starter/api/employer/test_drafts.py activities/test_reminders.py"),
        Row("models/store/cases", "expected_runs", "models/store/operations/test_expected_processes.py"),
        Row("models/store/cases", "files", "starter/api/employer/test_files.py"),
        Row("models/store/cases", "first_readings", "starter/pages/employer/test_requests.py"),
        Row(
            "models/store/cases",
            "lists",
            "starter/api/agent/test_desk.py starter/api/employer/test_requests.py",
        ),
        Row("models/store/cases", "opinions", "activities/test_reminders.py"),
        Row("models/store/cases", "requests", "starter/api/employer/test_requests.py test_cases.py"),
        Row("models/store/journal", "anchors", "activities/documents/test_acts_stamps.py"),
        Row("models/store/journal", "idempotency", "starter/api/employer/test_requests.py"),
        Row("models/store/journal", "keys", "starter/api/operator/test_codec.py"),
        Row("models/store/journal", "outbox", "starter/relay/test_deliver.py"),
        Row("models/store/journal", "representation", "starter/services/test_mandates.py"),
        Row("models/store/operations", "exceptional_acts", "starter/api/operator/test_exceptional_acts.py"),
        Row("models/store/operations", "incidents", "starter/api/operator/test_incidents.py"),
        Row("models/store/operations", "jobs", "activities/documents/test_issue.py"),
        Row("models/store/operations", "measures register_metrics", "starter/test_metrics.py"),
        Row("models/store/operations", "process_subjects", "activities/test_register.py"),
        Row("models/store/operations", "retention", "activities/test_register_retention.py"),
        Row("models/store/people", "access_log", "starter/auth/test_permissions.py"),
        Row("models/store/people", "accounts tokens", "starter/api/account/test_account.py"),
        Row("models/store/people", "activations enrolments", "starter/api/public/test_enrolments.py"),
        Row("models/store/people", "agents delegations leaves", "starter/api/agent/test_units.py"),
        Row("models/store/people", "attempts", "starter/auth/test_rate_limits.py"),
        Row("models/store/people", "code_mails", "activities/mail/test_templates.py"),
        Row("models/store/people", "identities", "starter/pages/agent/test_sign_in.py"),
        Row("models/store/people", "mandates", "starter/services/test_mandates.py"),
        Row("models/store/people", "members", "starter/api/account/test_members.py"),
        Row("models/store/people", "notices", "activities/mail/test_smtp.py"),
        Row("models/store/people", "passkeys", "starter/pages/employer/test_second_factors.py"),
        Row("models/store/people", "totps", "starter/api/account/test_second_factors.py"),
    ),
    PARTS: (
        Row("law", "commitments", "law/test_request.py law/test_opinion.py"),
        Row(
            "activities",
            "errors transactions",
            "activities/test_register.py activities/documents/test_issue.py",
        ),
        Row("activities/documents", "compose descriptor", "activities/documents/test_issue.py"),
        Row("activities/documents", "contents", "activities/documents/test_render.py"),
        Row("activities/documents", "receptions", "activities/documents/kinds/test_completion_receipt.py"),
        Row("activities/signing", "acts", "activities/documents/test_issue.py"),
        Row("activities/signing", "archive", "system/test_demo.py"),
        Row("activities/signing", "problems", "activities/signing/test_verify.py"),
        Row("models/engine", "client keys", "starter/test_engine.py"),
        Row("models/engine", "codec", "starter/api/operator/test_codec.py"),
        Row("models/engine", "tracing", "workflows/test_tracing.py"),
        Row("starter", "context", "starter/test_app.py"),
        Row("starter/auth", "credentials", "starter/auth/test_caller.py"),
        Row("starter/auth", "passkeys", "starter/pages/employer/test_second_factors.py"),
        Row("starter/auth", "passwords", "models/store/people/test_credentials.py"),
        Row("starter/auth", "totp", "starter/api/account/test_second_factors.py"),
        Row("starter/http", "openapi", "architecture/test_documents.py"),
        Row("starter/http", "responses", "starter/api/public/test_enrolments.py"),
        Row("starter/pages/components", "errors rendering", "starter/pages/public/test_home.py"),
        Row("starter/pages/components", "forms visitor", "starter/pages/employer/test_account.py"),
        Row("starter/services", "establishments", "starter/services/test_mandates.py"),
        Row("starter/services", "mailed_codes", "starter/api/account/test_account.py"),
        Row("workflows/parts", "clock", "workflows/test_authorization_silence.py"),
        Row("workflows/parts", "notices", "workflows/test_authorization_decision.py"),
        Row("workflows/parts", "operator_texts", "starter/test_engine.py"),
    ),
    PROCESSES: (
        Row("workflows", "announcement nightly verification", "workflows/test_replay.py"),
        Row("workflows", "deposit", "test_worker.py workflows/test_replay.py"),
        Row("workflows", "preview", "starter/api/agent/test_decisions_preview.py workflows/test_replay.py"),
    ),
    PARTNERS: (
        Row("activities/agency", "transport", "activities/agency/test_deposits.py"),
        Row("activities", "http_session", "activities/test_companies.py activities/signing/test_sign.py"),
        Row("activities/signing", "timestamp", "activities/signing/test_sign.py"),
        Row("local", "authorities false_timestamps", "activities/signing/test_sign.py"),
        Row("local", "identities", "starter/pages/agent/test_sign_in.py"),
        Row("starter/auth", "oidc", "starter/pages/agent/test_sign_in.py"),
    ),
    WORLD: (
        Row("activities/signing", "health", "system/test_watching.py"),
        Row("cli", "accounts agents operations replay", "system/test_up.py"),
        Row("cli", "doctor", "system/test_up.py system/test_watching.py"),
        Row("local", "advance caller enrolment people", "system/test_up.py"),
        Row("local", "time_travel", "test_worker.py system/test_up.py"),
        Row("models/telemetry", "metrics", "system/test_watching.py"),
        Row("scenarios", "*", "system/test_demo.py"),
        Row("starter/relay", "reconcile", "system/test_back_ups.py"),
    ),
    ENTRY: (
        Row("local", "commands up", "system/test_up.py"),
        Row("local", "die_with_parent", "local/test_processes.py"),
        Row("starter", "__main__", "local/test_programs.py starter/pages/employer/test_second_factors.py"),
        Row("starter/relay", "__main__", "system/test_wheel.py system/test_outages.py"),
    ),
}

OF_NO_MODULE: Final = {
    "law/test_every_day.py": "Every rule of law, on every day since its first text.",
    "test_cases.py": "The builder of cases that other tests rely on.",
    "workflows/test_replay.py": "Every workflow, on the histories of every release.",
    "workflows/test_tracing.py": "One trace from a call to the engine, its acts and its spans.",
}
"""Tests of what no single module does."""
