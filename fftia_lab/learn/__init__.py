"""Small tasks, tiny layers and recorded training: `python -m fftia_lab.learn RUN` repeats it.

Importing this room loads no PyTorch; training does.
"""
