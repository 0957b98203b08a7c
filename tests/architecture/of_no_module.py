"""Tests that are of no module, and what they try."""

from typing import Final

OF_NO_MODULE: Final = {
    "examining/test_under_attack.py": "Hostile files in numbers, through the real doors.",
    "examining/test_fuzz.py": "The whole program, on damaged files of every kind.",
    "law/test_every_day.py": "Every rule of law, on every day since its first text.",
    "models/store/claims/test_operations.py": "Random acts on claims, by everything that moves their hours and cents.",
    "starter/pages/test_needs.py": "What each kind of user needs is done at an address that exists, or why not.",
    "starter/pages/test_weights.py": "The lists of all pages at their longest, which no page shows alone.",
    "test_cases.py": "The builder of cases that other tests rely on.",
    "test_scheduling.py": "How the tests are spread over processes.",
    "workflows/test_replay.py": "Every workflow, on the histories of every release.",
    "workflows/test_tracing.py": "One trace from a call to the engine, its acts and its spans.",
}
"""Tests of what no single module does."""
