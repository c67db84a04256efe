rule first_principles:
    """Say which configurations have first-principles runs."""
    input:
        no_first_principles,
