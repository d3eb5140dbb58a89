"""The command line: one file per verb, no pixel maths. A verb imports what is heavy inside itself, so that help is quick."""
