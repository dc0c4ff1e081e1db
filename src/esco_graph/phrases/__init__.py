"""Phrases and free text: what a skill phrase or a job title means, and which concepts a text names."""
