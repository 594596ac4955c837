from .figure import AttentionFlow as AttentionFlow
