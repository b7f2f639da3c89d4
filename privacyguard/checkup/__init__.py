"""One run over the chosen sources: plan in, findings out."""
