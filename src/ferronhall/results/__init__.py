"""What is looked at: tables/, figures/ and page/, from datasets alone."""
