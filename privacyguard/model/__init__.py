"""The nouns: frozen dataclasses and enums. No input, no output, no Qt."""
