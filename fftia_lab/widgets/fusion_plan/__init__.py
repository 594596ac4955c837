from .figure import FusionPlan as FusionPlan
