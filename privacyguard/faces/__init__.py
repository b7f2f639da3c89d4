"""Pixels to faces to similarity."""
