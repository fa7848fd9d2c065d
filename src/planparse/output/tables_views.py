"""Views over the tables for research, as SQL; files that have no views hold the same rows as a table (tables_rows.py)."""

from collections.abc import Mapping

# A source that was read under two names stands twice under one plan id: each of its facts is taken once, each body as often
# as it stands. Rows come in the order of the bodies, which is that of the text.
ASSIGNMENTS = """
SELECT f.plan, f.section, s.title AS section_title, a.name AS agency, a.canonical, a.level, a.kind, a.part AS role, f.basis,
    a.fact_kind, a.fact, coalesce(f.text, s.title) AS text, f.deadline_raw AS deadline, f.deadline_date, f.flags,
    f.duplicate_of, f.span_start, f.span_end, f.page, f.line
FROM agencies a
JOIN (
    SELECT DISTINCT ON (plan, id) plan, section, id, basis, handed_out AS text, deadline_raw, deadline_date, flags,
        duplicate_of, span_start, span_end, page, line
    FROM responsibilities
    UNION ALL
    SELECT DISTINCT ON (plan, id) plan, section, id, NULL, text, deadline_raw, deadline_date, flags,
        duplicate_of, span_start, span_end, page, line
    FROM tasks
) f ON f.plan = a.plan AND f.id = a.fact
LEFT JOIN (SELECT DISTINCT ON (plan, section) plan, section, title FROM sections) s
    ON s.plan = f.plan AND s.section = f.section
WHERE a.part IN ('lead', 'participating')
ORDER BY a.rowid
"""

VIEWS: Mapping[str, str] = {"assignments": ASSIGNMENTS}
