"""Template tags of the help pages."""
