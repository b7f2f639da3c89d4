"""What to do, computed from findings."""
