"""What PrivacyGuard is made of, and the licence of each part: composed, so that it cannot go stale."""
