"""What all figures have in common: see README.md in the folder above."""
