"""Networks' weights: a card for each, where its file lies, and whether it is the file that the card speaks of."""
