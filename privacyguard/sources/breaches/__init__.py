"""One module for each breach service."""
