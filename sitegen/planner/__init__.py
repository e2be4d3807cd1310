"""Planning pages: from a page's kind and argument to all that its template shows, and a fingerprint of it."""

from sitegen.planner.plan import PageJob, PagePlan, Planner, PlanSettings

__all__ = ["PageJob", "PagePlan", "PlanSettings", "Planner"]
