"""Judging: metrics with floors, ceilings and intervals; comparisons asked of people; reports; the next round."""
