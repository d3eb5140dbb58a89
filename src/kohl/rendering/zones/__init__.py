"""Where products go: soft masks on the UV chart, the same for every face."""
