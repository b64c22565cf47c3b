-- Suits after reconsideration are no more than the reconsiderations concluded in this and last year (forms 2019 and 2021)
WITH concluded AS (
  SELECT report, upheld + corrected + other AS value FROM disputes WHERE channel = 'reconsideration'
)
SELECT
  r.id AS report,
  json_object('table', 'disputes', 'row', 'litigation_after_reconsideration', 'column', 'total') AS place,
  suits.total AS [left],
  now.value + before.value AS [right],
  CASE WHEN suits.total > now.value + before.value THEN 'fail' ELSE 'not_assessable' END AS result,
  NULL AS variant,
  '>' AS relation
FROM reports AS r
LEFT JOIN disputes AS suits ON suits.report = r.id AND suits.channel = 'litigation_after_reconsideration'
LEFT JOIN concluded AS now ON now.report = r.id
LEFT JOIN previous_reports AS p ON p.report = r.id
LEFT JOIN concluded AS before ON before.report = p.previous
WHERE r.form IN ('2019', '2021')
  AND coalesce(suits.total > now.value, suits.total > 0, 1)
  AND coalesce(suits.total > now.value + before.value, 1)
