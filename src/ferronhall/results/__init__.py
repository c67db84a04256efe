"""What is looked at: tables/ and figures/, from datasets alone."""
