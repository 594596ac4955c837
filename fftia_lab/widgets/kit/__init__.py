"""What all figures have in common: see README.md beside this folder."""
