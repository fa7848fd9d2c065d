"""The review page: a plan's source text beside what was read from it, in one HTML file that asks for nothing."""

from planparse.output.review.files import write_reviews
from planparse.output.review.page import plan_to_page

__all__ = ["plan_to_page", "write_reviews"]
