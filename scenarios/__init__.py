"""The demonstration: its cast, its scenes, its report. Never ships."""
