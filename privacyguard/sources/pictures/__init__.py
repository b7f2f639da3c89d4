"""One module for each source of pictures."""
