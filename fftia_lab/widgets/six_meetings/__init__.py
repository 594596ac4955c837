from .figure import SixMeetings as SixMeetings
