"""One picture, as bytes, to facts; no faces."""
