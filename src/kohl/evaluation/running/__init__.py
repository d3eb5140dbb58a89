"""Cases × contestants → rows: in several processes, resumable, and with nothing that crashes or hangs able to stop the rest."""
