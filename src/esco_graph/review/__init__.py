"""Review of candidates by persons: a state machine, a log of decisions, reviewers compared, automatic acceptance."""
