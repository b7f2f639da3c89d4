"""The only durable store of personal data, and the only package that touches the password store."""
