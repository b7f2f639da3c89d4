"""The design system: small widgets that every page is made of."""
