-- Published after the deadline of its level and kind (every form; a report without a date or a known deadline is not assessable)
-- Own and aggregate are published each by itself. Of several different reports the first counts: what comes after it was
-- not late, and no deadline is known of it.
SELECT
  r.id AS report,
  '{}' AS place,
  p.days_late AS [left],
  0 AS [right],
  CASE WHEN p.days_late IS NULL THEN 'not_assessable' ELSE 'fail' END AS result,
  CASE
    WHEN p.days_late > 300 THEN 'reposted' -- a site that moved may give its reports the day of the move
    WHEN p.basis = 'assumed' THEN 'assumed' -- townships: local rules that we do not know
  END AS variant,
  'days after ' || p.deadline || ', instead of' AS relation,
  p.published_on AS quote
FROM reports AS r
LEFT JOIN publications AS p ON p.report = r.id -- filled by completeness.py
WHERE p.days_late IS NULL OR p.days_late > 0
