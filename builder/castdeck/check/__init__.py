"""What is wrong with decks, all of it: rules over a deck, its recordings and its page as a browser shows it."""
