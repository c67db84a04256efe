"""What a user asks for: the checked configuration, its cost, and scans of its keys."""
