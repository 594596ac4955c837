"""Triton kernels: butterfly attention whose stages share a launch, transforms and filters."""
