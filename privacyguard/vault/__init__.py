"""The only durable store of personal data: one encrypted file, its key in the system's password store."""
