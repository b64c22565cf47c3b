-- More reconsiderations and direct suits than answers of this and last year (forms 2019 and 2021; decides what one report left open)
SELECT
  r.id AS report,
  json_object('table', 'disputes') AS place,
  reviews.total + suits.total AS [left],
  r.closed + b.closed AS [right],
  CASE
    WHEN reviews.total + suits.total IS NULL OR r.closed IS NULL THEN 'not_assessable'
    WHEN reviews.total + suits.total > r.closed + b.closed THEN 'fail'
    ELSE 'pass'
  END AS result,
  NULL AS variant,
  '>' AS relation
FROM reports AS r
LEFT JOIN disputes AS reviews ON reviews.report = r.id AND reviews.channel = 'reconsideration'
LEFT JOIN disputes AS suits ON suits.report = r.id AND suits.channel = 'litigation_direct'
LEFT JOIN previous_reports AS p ON p.report = r.id
LEFT JOIN reports AS b ON b.id = p.previous
WHERE r.form IN ('2019', '2021') AND (
  reviews.total + suits.total IS NULL
  OR (reviews.total + suits.total > 0 AND r.closed IS NULL)
  OR (reviews.total + suits.total > r.closed AND b.closed IS NOT NULL)
)
