"""That it is here lets the tests below import the modules beside it, `drawn_cases` and others."""
