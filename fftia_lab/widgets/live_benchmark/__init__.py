from .figure import LiveBenchmark as LiveBenchmark
