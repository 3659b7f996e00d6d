"""The page that is shown to others: one HTML file made of a tally."""
