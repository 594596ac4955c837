"""Ways to compute butterfly attention in PyTorch; each gives `attend(job)`. See README.md."""
