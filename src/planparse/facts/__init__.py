"""Stage 2b: tree + grammar → flat facts, each with the rule that took it and its place."""
