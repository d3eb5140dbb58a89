"""Reading: a made-up photo → a look, and a film on the UV chart for what a list of layers cannot say."""
