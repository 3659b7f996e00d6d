"""What the user sees: records to pages, and pages to a terminal, plain lines or JSON. Prints
nothing."""
