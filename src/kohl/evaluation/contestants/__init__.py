"""What is evaluated: kohl's methods, the classic baselines, and programs of others, all behind one protocol."""
