"""One look, or one reference, on many photos: resumable, in several processes, and never stopped by one bad file."""
