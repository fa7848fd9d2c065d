"""Plan → files and screens."""
