"""PrivacyGuard: finds out where your data and your face leaked, and what to do first."""

__version__ = "0.1.0"
