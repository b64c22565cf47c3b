-- Published after the deadline of its level and kind (every form; a report without a date or a known deadline is not assessable)
SELECT
  r.id AS report,
  '{}' AS place,
  e.days_late AS [left],
  0 AS [right],
  CASE WHEN e.days_late IS NULL THEN 'not_assessable' ELSE 'fail' END AS result,
  CASE
    WHEN e.days_late > 300 THEN 'reposted' -- a site that moved may give its reports the day of the move
    WHEN e.basis = 'assumed' THEN 'assumed' -- townships: local rules that we do not know
  END AS variant,
  'days after ' || e.deadline || ', instead of' AS relation,
  e.published_on AS quote
FROM expected AS e
JOIN reports AS r ON r.id = e.unit || '-' || e.year
WHERE e.state IN ('published', 'late') AND (e.days_late IS NULL OR e.state = 'late')
